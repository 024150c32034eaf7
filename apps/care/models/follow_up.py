"""What a customer says of his visit to the workshop (SVC-11)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.care.choices import NOT_CONTENT, Cause, RepairType, Satisfaction
from apps.care.models.calls import Call
from apps.complaints.models import QuickResponse
from apps.core.history import tracked


@tracked()
class FollowUp(models.Model):
    """The answer to a service follow-up call 跟踪回访 (SVC-11)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    call = models.OneToOneField(Call, models.PROTECT, related_name="follow_up")
    repair_type = models.CharField(_("repair type"), max_length=20, choices=RepairType)
    satisfaction = models.CharField(_("satisfaction"), max_length=20, choices=Satisfaction)
    causes = ArrayField(
        models.CharField(max_length=20, choices=Cause),
        default=list,
        blank=True,
        verbose_name=_("causes of dissatisfaction"),
    )
    text = models.CharField(_("what was said"), max_length=500, blank=True, db_default="")
    in_person = models.BooleanField(_("visited in person"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    at = models.DateTimeField(_("asked at"))
    quick_response = models.OneToOneField(
        QuickResponse,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("quick response"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a follow-up")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    repair_type__in=RepairType.values,
                    satisfaction__in=Satisfaction.values,
                    causes__contained_by=Cause.values,
                ),
                name="care_followup_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(satisfaction__in=NOT_CONTENT) | Q(causes__len__gt=0),
                name="care_followup_says_why_not_content",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-at"], name="care_followup_of_store"),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.get_satisfaction_display()}"

    @property
    def needs_quick_response(self) -> bool:
        """Not content: the closed loop of SSI-04 is owed to him."""
        return self.satisfaction in NOT_CONTENT

    @property
    def cause_names(self) -> list[str]:
        return [str(Cause(one).label) for one in self.causes]
