"""Cars, their owners, and about which of them nobody is to be called."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import CareKind, Fate
from apps.customers.models.people import Customer
from apps.customers.policy import WARRANTY_KM, WARRANTY_MONTHS

LONGEST = 36_500  # days ahead that a mileage is reckoned, so that no date is out of range


def _warranty_ends_on() -> models.Case:
    """The earlier of the end by time and the day its kilometres are reached (CARE-27).

    From the delivery, else the registration; without one nothing is known. Without a reading
    there is no kilometre leg; else it is the last reading's day + ⌈km that are left / rate⌉.
    """
    months = Func(
        Coalesce("warranty_months", WARRANTY_MONTHS),
        template="make_interval(months => %(expressions)s)",
        output_field=models.DurationField(),
    )
    by_time = Cast(Coalesce("delivered_on", "registered_on") + months, models.DateField())
    left = Cast(Coalesce("warranty_km", WARRANTY_KM), models.BigIntegerField()) - F("last_km")
    days = (left * F("rate_days") + F("rate_km") - 1) / F("rate_km")
    whole = Cast(Greatest(0, Least(days, LONGEST)), models.IntegerField())
    by_km = models.ExpressionWrapper(F("last_km_on") + whole, output_field=models.DateField())
    started = Q(delivered_on__isnull=False) | Q(registered_on__isnull=False)
    return models.Case(models.When(started, then=Least(by_time, by_km)), default=None)


@tracked(
    exclude=(
        "last_visit_on",
        "first_visit_on",
        "last_maintenance_on",
        "base_on",
        "base_km",
        "last_km",
        "last_km_on",
        "rate_km",
        "rate_days",
        "maintenance_due_on",
        "maintenance_opens_on",
        "first_service_opens_on",
        "first_service_due_on",
        "facts_until",
        "in_workshop",
    )
)
class Vehicle(models.Model):
    """One car in the archive of one store, with its present owner (CUS-02).

    The derived columns follow from its facts (delivery, visits, readings, maintenance
    elsewhere) by ``policy.car_dues``; the actions that write a fact and the import refresh
    them through ``actions.refresh_cars``.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="vehicles")
    owner = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("owner of the car"),
    )
    vin = models.CharField(_("VIN"), max_length=17)
    plate = models.CharField(_("plate"), max_length=12, blank=True, db_default="")
    brand = models.CharField(_("brand"), max_length=40, blank=True, db_default="")
    model = models.CharField(_("model"), max_length=60, blank=True, db_default="")
    variant = models.CharField(_("variant"), max_length=60, blank=True, db_default="")
    colour = models.CharField(_("colour"), max_length=20, blank=True, db_default="")
    engine_number = models.CharField(_("engine number"), max_length=40, blank=True, db_default="")
    sold_here = models.BooleanField(_("sold here"), db_default=False)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("warranty months"), null=True, blank=True)
    warranty_km = models.PositiveIntegerField(_("warranty km"), null=True, blank=True)
    insurer = models.CharField(_("insurance company"), max_length=60, blank=True, db_default="")
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    inspection_due_on = models.DateField(_("inspection due on"), null=True, blank=True)
    fate = models.CharField(_("use"), max_length=10, choices=Fate, db_default=Fate.IN_USE)
    # Derived: what the visits say.
    first_visit_on = models.DateField(null=True, blank=True)
    last_visit_on = models.DateField(_("last visit"), null=True, blank=True)
    last_maintenance_on = models.DateField(_("last maintenance"), null=True, blank=True)
    in_workshop = models.BooleanField(_("in the workshop"), db_default=False)
    last_seen_on = models.GeneratedField(  # CARE-27: the last visit, else the delivery here
        expression=Coalesce(
            "last_visit_on",
            models.Case(models.When(sold_here=True, then=F("delivered_on")), default=None),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    # Derived: policy.car_dues.
    base_on = models.DateField(null=True, blank=True)
    base_km = models.PositiveIntegerField(null=True, blank=True)
    last_km = models.PositiveIntegerField(_("mileage"), null=True, blank=True)
    last_km_on = models.DateField(null=True, blank=True)
    rate_km = models.PositiveIntegerField(db_default=40)
    rate_days = models.PositiveIntegerField(db_default=1)
    maintenance_due_on = models.DateField(_("maintenance due"), null=True, blank=True)
    maintenance_opens_on = models.DateField(null=True, blank=True)
    first_service_opens_on = models.DateField(null=True, blank=True)
    first_service_due_on = models.DateField(null=True, blank=True)
    facts_until = models.DateField(null=True, blank=True, help_text=_("the latest fact's day"))
    warranty_ends_on = models.GeneratedField(
        verbose_name=_("warranty ends"),
        expression=_warranty_ends_on(),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
        help_text=_("empty: an import"),
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("car")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "vin"], name="customers_vehicle_vin_once"),
            models.CheckConstraint(
                condition=Q(fate__in=Fate.values), name="customers_vehicle_fate_known"
            ),
            models.CheckConstraint(
                condition=Q(rate_km__gt=0, rate_days__gt=0), name="customers_vehicle_rate_positive"
            ),
        ]
        indexes = [
            GinIndex(OpClass("vin", "gin_trgm_ops"), name="customers_vehicle_vin_part"),
            GinIndex(OpClass("plate", "gin_trgm_ops"), name="customers_vehicle_plate_part"),
            models.Index(
                fields=["maintenance_due_on"],
                name="customers_vehicle_maint_due",
                condition=Q(fate=Fate.IN_USE),
            ),
            models.Index(
                fields=["last_seen_on", "maintenance_due_on"],
                name="customers_vehicle_last_seen",
                condition=Q(fate=Fate.IN_USE),
            ),
            models.Index(
                fields=["first_service_due_on"],
                name="customers_vehicle_first_due",
                condition=Q(fate=Fate.IN_USE, last_maintenance_on=None, sold_here=True),
            ),
            models.Index(fields=["facts_until"], name="customers_vehicle_facts_until"),
            # What the yearly calls are found by (CARE-27).
            models.Index(
                fields=["warranty_ends_on"],
                name="customers_vehicle_warranty",
                condition=Q(fate=Fate.IN_USE),
            ),
            models.Index(
                Coalesce("registered_on", "delivered_on"),
                name="customers_vehicle_inspected",
                condition=Q(fate=Fate.IN_USE),
            ),
            models.Index(
                fields=["insured_until"],
                name="customers_vehicle_insured",
                condition=Q(fate=Fate.IN_USE, insured_until__isnull=False),
            ),
            models.Index(fields=["store", "id"], name="customers_vehicle_of_store"),
            models.Index(
                fields=["store", "recorded_by"],
                name="customers_vehicle_recorded",
                condition=Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin


@tracked()
class Ownership(models.Model):
    """Who owned a car from when until when; the open row is the present owner (CUS-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="ownerships")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships")
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("ownership")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(until_on=None),
                name="customers_ownership_one_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.customer}"


@tracked()
class StopContact(models.Model):
    """No contact of one kind about one car; a car bought later is not meant (CUS-08)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="stops")
    vehicle = models.ForeignKey(
        Vehicle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stops",
        help_text=_("empty: a kind that is not about a car, as the birthday"),
    )
    kind = models.CharField(_("kind of care"), max_length=20, choices=CareKind)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop of contact")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "vehicle", "kind"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="customers_stopcontact_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vehicle", "kind"], name="customers_stop_of_car", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_kind_display()}"
