"""The fact that a car was handed over here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle


@tracked()
class Delivery(models.Model):
    """A car that this store sold and handed over (DEL-07 follows from it)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    vehicle = models.OneToOneField(Vehicle, models.PROTECT, related_name="delivery")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    delivered_on = models.DateField(_("delivered on"))
    consultant = models.CharField(_("sales consultant"), max_length=40, blank=True, db_default="")
    source = models.CharField(_("source"), max_length=20, db_default="import")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        ordering = ["-delivered_on"]
        indexes = [models.Index(fields=["store", "delivered_on"], name="delivery_delivery_day")]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.delivered_on}"
