"""The store's numbers of hand-overs, and where cars are handed over (DEL, [P])."""

from datetime import time
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet
from apps.core.history import tracked
from apps.delivery.choices.hand_over import Step


def _minutes(label: Any, default: int) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("DEL-08; minutes of this step"),
    )


@tracked()
class DeliveryNumbers(models.Model):
    """The numbers of hand-overs from a day on."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    welcome_minutes = _minutes(_("welcome and needs"), 5)
    papers_minutes = _minutes(_("documents and keys"), 15)
    functions_minutes = _minutes(_("functions explained and operated"), 20)
    service_minutes = _minutes(_("maintenance and first service explained"), 10)
    introduce_minutes = _minutes(_("advisor and care specialist introduced"), 5)
    ceremony_minutes = _minutes(_("ceremony and photo"), 5)
    prepared_by = models.TimeField(
        _("all ready the day before by"), default=time(16, 0), help_text="DEL-08"
    )
    dsm_by = models.TimeField(
        _("DSM record complete the next day by"), default=time(9, 30), help_text="DEL-06"
    )
    warranty_months = models.PositiveSmallIntegerField(
        _("warranty months"), default=36, validators=[MaxValueValidator(240)], help_text="DEL-07"
    )
    warranty_km = models.PositiveIntegerField(
        _("warranty km"), default=100_000, validators=[MaxValueValidator(1_000_000)]
    )
    inspection_months = models.PositiveSmallIntegerField(
        _("first inspection after months"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="DEL-07",
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of hand-overs")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="delivery_numbers_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    welcome_minutes__gt=0,
                    papers_minutes__gt=0,
                    functions_minutes__gt=0,
                    service_minutes__gt=0,
                    introduce_minutes__gt=0,
                    ceremony_minutes__gt=0,
                    inspection_months__gt=0,
                ),
                name="delivery_numbers_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"

    @property
    def planned(self) -> dict[str, int]:
        """Step → its planned minutes."""
        return {step: getattr(self, f"{step}_minutes") for step in Step.values}

    @property
    def minutes(self) -> int:
        """How long a hand-over takes (DEL-01)."""
        return sum(self.planned.values())


@tracked()
class DeliveryArea(models.Model):
    """A place where one car at a time is handed over 交车区 (DEL-01)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    name = models.CharField(_("name"), max_length=20)
    place = models.PositiveSmallIntegerField(_("place in the row"), default=1)
    active = models.BooleanField(_("in use"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery area")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="delivery_area_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
