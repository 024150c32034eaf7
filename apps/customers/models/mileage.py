"""What a car's dues are reckoned from: readings, maintenance elsewhere, the cycles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import ReadingSource
from apps.customers.models.cars import Vehicle


@tracked(exclude=("accepted",))
class MileageReading(models.Model):
    """What an odometer showed on a day. ``accepted`` is derived from the whole chain (CUS-07)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="readings")
    on = models.DateField(_("day"))
    km = models.PositiveIntegerField(_("mileage"))
    source = models.CharField(_("source"), max_length=10, choices=ReadingSource)
    accepted = models.BooleanField(db_default=True)
    decided = models.BooleanField(null=True, blank=True, help_text=_("what a person said of it"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("mileage reading")
        ordering = ["on", "km"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "on", "km"], name="customers_mileagereading_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "-on"],
                name="customers_reading_odd",
                condition=Q(accepted=False, decided=None),
            ),
            models.Index(  # DATA-05: what people here said, few beside what the DMS says
                fields=["store"],
                name="customers_reading_ours",
                condition=Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.km}"


@tracked()
class ElsewhereService(models.Model):
    """Maintenance done in another shop, as the customer says (CARE-13). Never a ReturnVisit."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="elsewhere_services")
    on = models.DateField(_("day"))
    km = models.PositiveIntegerField(_("mileage"), null=True, blank=True)
    shop = models.CharField(_("name of the shop"), max_length=80)
    place = models.CharField(_("place"), max_length=80, blank=True, db_default="")
    cost_amount = models.DecimalField(
        _("cost"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("service elsewhere")
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "on"], name="customers_elsewhereservice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.shop}"


class MaintenanceCycle(models.Model):
    """One span from a maintenance to the next: REP-02 counts these rows.

    ``event_on`` follows the facts until the first day of its month and is then fixed.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="cycles")
    base_on = models.DateField()
    event_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text=_("the maintenance visit's day"))
    ended_by = models.CharField(max_length=40, blank=True, db_default="")  # its order number

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("maintenance cycle")
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "base_on"], name="customers_maintenancecycle_once"
            ),
        ]
        indexes = [models.Index(fields=["store", "event_on"], name="customers_maintcycle_month")]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.base_on}"
