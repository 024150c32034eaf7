"""The numbers of the showroom that a manager may change (REC, [P])."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store
from apps.core.history import tracked


def _whole(label: Any, default: int, most: int, clause: str, least: int = 1) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=clause,
    )


@tracked()
class SalesNumbers(models.Model):
    """The store's limits and clocks of selling from a day on."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    greet_within_seconds = _whole(_("greeted within, seconds"), 30, 600, "REC-01", 5)
    level_h_days = _whole(_("level H: asked again after, days"), 7, 365, "REC-03")
    level_a_days = _whole(_("level A: asked again after, days"), 15, 365, "REC-03")
    level_b_days = _whole(_("level B: asked again after, days"), 30, 365, "REC-03")
    level_c_days = _whole(_("level C: asked again after, days"), 90, 365, "REC-03")
    thanks_within_hours = _whole(_("thanks after a visit within, hours"), 24, 240, "REC-10")
    drive_call_within_hours = _whole(
        _("satisfaction call after a test drive within, hours"), 72, 240, "REC-10"
    )
    enquiry_within_hours = _whole(_("online enquiry answered within, hours"), 24, 240, "REC-10")
    consultant_discount_percent = _whole(
        _("discount a consultant may give, per cent"), 3, 100, "REC-07", 0
    )
    manager_discount_percent = _whole(
        _("discount a sales manager may give, per cent"), 10, 100, "REC-07", 0
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of the showroom")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="reception_numbers_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    level_h_days__gte=1,
                    level_h_days__lte=F("level_a_days"),
                    level_a_days__lte=F("level_b_days"),
                    level_b_days__lte=F("level_c_days"),
                ),
                name="reception_numbers_levels_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    consultant_discount_percent__lte=F("manager_discount_percent"),
                    manager_discount_percent__lte=100,
                ),
                name="reception_numbers_discounts_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"
