"""A reception that the manager watched 接待活动弱项检查 (REC-09)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.checklists.models import ChecklistRun
from apps.core.history import tracked


@tracked()
class SelfCheck(models.Model):
    """One consultant watched once: its list, and the points that could not be seen."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    consultant = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("sales consultant")
    )
    run = models.OneToOneField(
        ChecklistRun, models.PROTECT, related_name="self_check", verbose_name=_("checklist")
    )
    at = models.DateTimeField(_("watched at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("watched by"))
    unseen = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("points not seen"),
    )
    seen = models.PositiveSmallIntegerField(_("points seen"))
    weak = models.PositiveSmallIntegerField(_("weak points"))
    note = models.CharField(_("remark"), max_length=200, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("reception self-check")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen__gt=0, weak__lte=F("seen")),
                name="reception_selfcheck_weak_of_seen",
            ),
            models.CheckConstraint(
                condition=~Q(by=F("consultant")), name="reception_selfcheck_not_of_oneself"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-at"], name="reception_selfcheck_at"),
            models.Index(fields=["consultant", "-at"], name="reception_selfcheck_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.consultant} {self.at:%y%m%d}-{self.pk}"
