"""Demonstrator cars, routes, and who drove them when (REC-05)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.reception.choices.drive import (
    DRIVE_MOVES,
    HOLDING,
    DriveStatus,
    Impression,
    LicenceClass,
)
from apps.reception.models.opportunity import Opportunity
from apps.reception.models.sheet import CarModel, Trim

DURING = Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())


@tracked()
class DemoCar(models.Model):
    """A car of the store that customers may drive 试驾车."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    plate = models.CharField(_("plate"), max_length=12)
    car_model = models.ForeignKey(
        CarModel, models.PROTECT, related_name="demo_cars", verbose_name=_("model")
    )
    trim = models.ForeignKey(
        Trim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("configuration"),
    )
    vin = models.CharField(_("VIN"), max_length=17, blank=True, db_default="")
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    is_automatic = models.BooleanField(_("automatic gearbox"), default=True)
    km = models.PositiveIntegerField(_("mileage"), default=0)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    is_used = models.BooleanField(_("may be booked"), default=True)
    remark = models.CharField(_("remark"), max_length=100, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("demonstrator car")
        ordering = ["car_model", "plate"]
        constraints = [
            models.UniqueConstraint(fields=["store", "plate"], name="reception_democar_once"),
        ]

    def __str__(self) -> str:
        return f"{self.car_model.name} {self.plate}"


@tracked()
class DriveRoute(models.Model):
    """A way on which the store lets customers drive 试驾路线."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    name = models.CharField(_("route"), max_length=40)
    way = models.CharField(_("way"), max_length=200, blank=True, db_default="")
    km = models.PositiveSmallIntegerField(_("kilometres"), validators=[MinValueValidator(1)])
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    is_used = models.BooleanField(_("may be chosen"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("test drive route")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="reception_driveroute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.km} km"


def never_two(resource: str, name: str) -> ExclusionConstraint:
    """No two drives hold one car (or consultant) at one time: the last wall."""
    return ExclusionConstraint(
        name=name,
        expressions=[(resource, RangeOperators.EQUAL), (DURING, RangeOperators.OVERLAPS)],
        condition=Q(status__in=HOLDING),
    )


@tracked(exclude=("licence_sealed",))
class TestDrive(models.Model):
    """One drive of one customer in one car: booked, licence, agreement, out, in, feedback."""

    MOVES = DRIVE_MOVES
    __test__ = False  # its name is no test's

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="drives", verbose_name=_("opportunity")
    )
    consultant = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("goes along")
    )
    demo_car = models.ForeignKey(
        DemoCar, models.PROTECT, related_name="drives", verbose_name=_("demonstrator car")
    )
    route = models.ForeignKey(
        DriveRoute,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("route"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    status = models.CharField(
        _("status"), max_length=20, choices=DriveStatus, default=DriveStatus.BOOKED
    )
    made_at = models.DateTimeField(_("booked at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("booked by"))
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    # The licence, seen before the car goes out.
    driver = models.CharField(_("driver"), max_length=80, blank=True, db_default="")
    licence_class = models.CharField(
        _("class of licence"), max_length=10, choices=LicenceClass, blank=True, db_default=""
    )
    licence_until = models.DateField(
        _("licence valid until"), null=True, blank=True, help_text=_("empty: for good")
    )
    licence_sealed = models.TextField(blank=True, db_default="")  # its number: sealing.py
    licence_at = models.DateTimeField(_("licence checked at"), null=True, blank=True)
    licence_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("licence checked by"),
    )
    # The agreement as it was signed.
    terms = models.TextField(_("agreement"), blank=True, db_default="")
    signature = models.UUIDField(_("signature"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    # On the road.
    out_at = models.DateTimeField(_("out at"), null=True, blank=True)
    out_km = models.PositiveIntegerField(_("mileage out"), null=True, blank=True)
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    back_km = models.PositiveIntegerField(_("mileage in"), null=True, blank=True)
    impression = models.CharField(
        _("impression"), max_length=20, choices=Impression, blank=True, db_default=""
    )
    liked = models.CharField(_("what was liked"), max_length=200, blank=True, db_default="")
    disliked = models.CharField(_("what was not liked"), max_length=200, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("test drive")
        ordering = ["starts_at", "pk"]
        constraints = [
            never_two("demo_car", "reception_drive_car_never_two"),
            never_two("consultant", "reception_drive_consultant_never_two"),
            models.UniqueConstraint(
                fields=["demo_car"],
                condition=Q(status=DriveStatus.OUT),
                name="reception_drive_car_out_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="reception_drive_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=DriveStatus.values,
                    licence_class__in=["", *LicenceClass.values],
                    impression__in=["", *Impression.values],
                ),
                name="reception_drive_words_known",
            ),
            models.CheckConstraint(
                condition=Q(licence_at=None, licence_by=None, licence_class="", licence_sealed="")
                | Q(licence_at__isnull=False, licence_by__isnull=False)
                & ~Q(licence_class="")
                & ~Q(licence_sealed="")
                & ~Q(driver=""),
                name="reception_drive_licence_whole",
            ),
            models.CheckConstraint(
                condition=Q(signature=None, signed_at=None, terms="")
                | Q(signature__isnull=False, signed_at__isnull=False, licence_at__isnull=False)
                & ~Q(terms=""),
                name="reception_drive_signed_after_licence",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DriveStatus.OUT, DriveStatus.BACK])
                | Q(signed_at__isnull=False, out_at__isnull=False, out_km__isnull=False),
                name="reception_drive_out_when_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status=DriveStatus.BACK)
                | Q(back_at__gte=F("out_at"), back_km__gte=F("out_km")),
                name="reception_drive_back_after_out",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "starts_at"], name="reception_drive_of_day"),
            models.Index(fields=["opportunity", "-starts_at"], name="reception_drive_of_purchase"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%y%m%d}-{self.pk}"
