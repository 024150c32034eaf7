"""The store's numbers for maintenance and mileage, from a day on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store
from apps.core.history import tracked


@tracked()
class MaintenanceSchedule(models.Model):
    """When the cars of a model are due, from a day on (CARE-02, CARE-03).

    The row with an empty ``model`` holds for every model without one of its own.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="schedules")
    model = models.CharField(_("model"), max_length=60, blank=True, db_default="")
    effective_from = models.DateField(_("in force from"))
    first_opens_months = models.PositiveSmallIntegerField(
        _("first service: call from, months"), default=2, help_text="CARE-02"
    )
    first_months = models.PositiveSmallIntegerField(
        _("first service: due, months"), default=3, help_text="CARE-02"
    )
    first_km = models.PositiveIntegerField(
        _("first service: km"), default=5000, help_text="CARE-02"
    )
    interval_months = models.PositiveSmallIntegerField(
        _("maintenance: months"), default=6, help_text="CARE-03"
    )
    interval_km = models.PositiveIntegerField(
        _("maintenance: km"), default=7500, help_text="CARE-03"
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("maintenance schedule")
        ordering = ["model", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "model", "effective_from"],
                name="customers_maintenanceschedule_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    first_opens_months__lt=F("first_months"),
                    interval_months__range=(1, 60),
                    interval_km__range=(500, 100_000),
                ),
                name="customers_maintenanceschedule_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model or _('all models')} {self.effective_from}"


@tracked()
class CustomerPolicy(models.Model):
    """The store's numbers for mileage, from a day on (CUS-07, CARE-10, CARE-27)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="customer_policies")
    effective_from = models.DateField(_("in force from"))
    km_per_day = models.PositiveIntegerField(_("most km a day"), default=300, help_text="CUS-07")
    slack_km = models.PositiveIntegerField(_("km allowed on top"), default=500, help_text="CUS-07")
    usual_km_per_day = models.PositiveIntegerField(
        _("km a day when unknown"), default=40, help_text="CARE-27"
    )
    near_days = models.PositiveSmallIntegerField(
        _("proactive: days before due"), default=30, help_text="CARE-10"
    )
    near_km = models.PositiveIntegerField(
        _("proactive: km before due"), default=1000, help_text="CARE-10"
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("mileage policy")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="customers_customerpolicy_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(usual_km_per_day__gte=1, near_days__lte=90),
                name="customers_customerpolicy_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"
