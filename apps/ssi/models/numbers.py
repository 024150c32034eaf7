"""The numbers of the index that a manager may change, and the official score beside it."""

from datetime import time
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked


def _number(label: Any, default: int, clause: str) -> Any:
    return models.PositiveSmallIntegerField(label, default=default, help_text=clause)


@tracked()
class SsiPolicy(models.Model):
    """The store's numbers for surveys, from a day on (DOMAIN section 7, every [P])."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    low_factor = _number(_("quick response: factor score below"), 600, "SSI-04")
    low_question = _number(_("quick response: answer of at most"), 4, "SSI-04")
    link_days = _number(_("customer's link holds for days"), 7, "SSI-03")
    signs_a_second = _number(
        _("honesty: characters that can be read aloud in a second"), 6, "SSI-10"
    )
    far_above = _number(_("honesty: an interviewer is far above from points on"), 80, "SSI-10")
    recall_percent = _number(_("honesty: share of answers called again, in per cent"), 5, "SSI-10")
    second_from = models.TimeField(
        _("5S: second check from"), default=time(13), help_text="SSI-06, PEN-05"
    )
    second_until = models.TimeField(
        _("5S: second check until"), default=time(14), help_text="SSI-06, PEN-05"
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of the surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="ssi_ssipolicy_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    low_factor__range=(100, 1000),
                    low_question__range=(1, 10),
                    link_days__gte=1,
                    signs_a_second__gte=1,
                    recall_percent__range=(0, 100),
                    second_until__gt=F("second_from"),
                ),
                name="ssi_ssipolicy_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class OfficialScore(models.Model):
    """The yearly score of the official study, beside the internal one and never mixed (SSI-07)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    year = models.PositiveSmallIntegerField(_("year"))
    score = models.DecimalField(_("official score"), max_digits=6, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("entered at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("official score")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["store", "year"], name="ssi_officialscore_one_a_year"),
            models.CheckConstraint(
                condition=Q(score__range=(0, 1000)), name="ssi_officialscore_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.score}"
