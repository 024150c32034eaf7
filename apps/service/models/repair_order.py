"""A car in the workshop. So far only settled orders, as imported history."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.models import Vehicle
from apps.service.choices import RepairKind


@tracked()
class RepairOrder(models.Model):
    """A car in the workshop, from coming in to its settlement, the visit's day (SVC-12)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    number = models.CharField(_("order number"), max_length=40)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="repair_orders")
    kind = models.CharField(_("kind"), max_length=20, choices=RepairKind)
    in_on = models.DateField(_("came in"), null=True, blank=True)
    out_on = models.DateField(
        _("settled"), null=True, blank=True, help_text=_("empty: the car is in the workshop")
    )
    km = models.PositiveIntegerField(_("mileage"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    advisor = models.CharField(_("service advisor"), max_length=40, blank=True, db_default="")
    source = models.CharField(_("source"), max_length=20, db_default="import")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair order")
        ordering = ["-out_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="service_repairorder_once"),
            models.CheckConstraint(
                condition=Q(kind__in=RepairKind.values), name="service_repairorder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(in_on=None) | Q(out_on=None) | Q(in_on__lte=F("out_on")),
                name="service_repairorder_in_before_out",
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-out_on"], name="service_repairorder_of_car"),
            models.Index(fields=["store", "-out_on"], name="service_repairorder_day"),
        ]

    def __str__(self) -> str:
        return self.number
