"""The archive 客户档案/车辆档案: customers, their numbers, their cars and mileage."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Extract, Reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import DepartmentKind, Slot
from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import (
    CORRECTION_MOVES,
    CareKind,
    ConsentState,
    CorrectionStatus,
    CustomerKind,
    Fate,
    Gender,
    Locality,
    NumberKind,
    NumberStatus,
    Purpose,
    ReadingSource,
)


@tracked(exclude=("initials", "reachable"))
class Customer(models.Model):
    """One customer of one store: a person or a company (CUS-01)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="customers")
    kind = models.CharField(
        _("kind"), max_length=10, choices=CustomerKind, db_default=CustomerKind.PERSON
    )
    name = models.CharField(_("name"), max_length=80)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, db_default=Gender.UNKNOWN)
    main_phone = models.CharField(
        _("main phone"),
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("11 digits; the number that is rung first"),
    )
    email = models.EmailField(_("e-mail address"), blank=True, db_default="")
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True, db_default="")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    lunar_birth_mmdd = models.PositiveSmallIntegerField(
        _("lunar birthday"),
        null=True,
        blank=True,
        help_text=_("month × 100 + day of the lunar calendar; then this is greeted"),
    )
    birth_mmdd = models.GeneratedField(
        expression=Extract("birthday", "month") * 100 + Extract("birthday", "day"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    id_number_sealed = models.TextField(blank=True, db_default="")  # AES-GCM, see sealing.py
    id_number_hash = models.CharField(max_length=64, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="")
    locality = models.CharField(
        _("locality"), max_length=10, choices=Locality, db_default=Locality.UNKNOWN
    )
    locality_by_hand = models.BooleanField(db_default=False)
    preferred_channel = models.CharField(
        _("preferred channel"),
        max_length=10,
        blank=True,
        db_default="",
        choices=[("phone", _("phone")), ("sms", _("SMS")), ("email", _("e-mail"))],
    )
    preferred_slot = models.CharField(
        _("preferred time slot"), max_length=10, choices=Slot, blank=True, db_default=""
    )
    refuses_service = models.BooleanField(
        _("refuses service contact"), db_default=False, help_text="CARE-29"
    )
    accepts_marketing = models.BooleanField(_("agrees to marketing"), db_default=False)
    # Derived: kept by the actions and the import.
    initials = models.CharField(max_length=40, blank=True, db_default="")
    name_pieces = models.GeneratedField(
        # all one- and two-character pieces, by our SQL function: what the search needs (CUS-05)
        expression=Func("name", function="name_pieces"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    reachable = models.BooleanField(
        db_default=False, help_text=_("has a number that is in use (CUS-03)")
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customers_customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(lunar_birth_mmdd=None) | Q(lunar_birth_mmdd__range=(101, 1230)),
                name="customers_customer_lunar_day_possible",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "birth_mmdd"],
                name="customers_customer_birthday",
                condition=Q(kind=CustomerKind.PERSON, birthday__isnull=False),
            ),
            models.Index(
                fields=["store", "lunar_birth_mmdd"],
                name="customers_customer_lunar_day",
                condition=Q(lunar_birth_mmdd__isnull=False),
            ),
            models.Index(
                F("store"),
                OpClass("initials", "text_pattern_ops"),
                name="customers_customer_initials",
            ),
            models.Index(fields=["store", "main_phone"], name="customers_customer_phone"),
            models.Index(
                fields=["store", "id_number_hash"],
                name="customers_customer_id_hash",
                condition=~Q(id_number_hash=""),
            ),
            GinIndex(fields=["name_pieces"], name="customers_customer_name"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ContactNumber(models.Model):
    """One telephone number of a customer (CUS-01, CUS-03)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="numbers")
    number = models.CharField(_("number"), max_length=20)  # mobile 11 digits; landline 0215551234
    kind = models.CharField(max_length=10, choices=NumberKind)
    status = models.CharField(max_length=10, choices=NumberStatus, db_default=NumberStatus.GOOD)
    region = models.CharField(_("home region"), max_length=40, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact number")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"], name="customers_contactnumber_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=NumberStatus.values),
                name="customers_contactnumber_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "number"], name="customers_contactnumber_whole"),
            models.Index(
                F("store"),
                OpClass(Reverse("number"), "text_pattern_ops"),
                name="customers_contactnumber_end",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class NumberCorrection(models.Model):
    """A request to find a good number in place of an empty or wrong one (CUS-03)."""

    MOVES = CORRECTION_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="corrections")
    number = models.ForeignKey(ContactNumber, models.PROTECT, related_name="corrections")
    department = models.CharField(
        max_length=20,
        choices=[(d.value, d.label) for d in (DepartmentKind.SALES, DepartmentKind.SERVICE)],
    )
    status = models.CharField(
        max_length=10, choices=CorrectionStatus, db_default=CorrectionStatus.OPEN
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("number correction")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="customers_numbercorrection_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "department", "asked_at"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="customers_correction_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_department_display()}"


@tracked()
class Consent(models.Model):
    """What a customer said of being contacted for a purpose: the newest row decides (CARE-29)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    at = models.DateTimeField()
    source = models.CharField(_("source"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.get_state_display()}"


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
            models.Index(fields=["store", "id"], name="customers_vehicle_of_store"),
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
