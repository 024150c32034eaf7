"""What a person was warned of on a day (CARE-23)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.care.choices import Warned
from apps.core.history import tracked


@tracked()
class Notice(models.Model):
    """One warning: how many calls of a person reach their limit today, which rate is near its
    line. The numbers are those of the moment; the pages behind them are live."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("for")
    )
    on = models.DateField(_("day"))
    turn = models.CharField(_("which of the day"), max_length=10, choices=Warned)
    made_at = models.DateTimeField(_("made at"))
    limits = models.JSONField(
        _("limits of the day"), default=dict, help_text=_("limit of today → how many calls")
    )
    rates = models.JSONField(
        _("rates near their line"), default=dict, help_text=_("kind → reminded, open, due")
    )
    seen_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("warning")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "user", "on", "turn"], name="care_notice_once_a_turn"
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "on"],
                name="care_notice_not_seen",
                condition=models.Q(seen_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.on} {self.turn}"
