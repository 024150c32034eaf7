"""A car that is to come at a time (SVC-01…06, SVC-14)."""

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.service.choices import (
    APPOINTMENT_MOVES,
    AWAITED,
    HOLDING,
    AppointmentSource,
    AppointmentStatus,
    CancelReason,
    LeaveReason,
    RepairKind,
    Skill,
    WaitingStatus,
)
from apps.service.models.capacity import Bay, Technician
from apps.service.models.catalogue import Operation, Part

DURING = Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())

DAY_OF_START = Func(
    F("starts_at"),
    template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date",
    output_field=models.DateField(),
)


def never_two(resource: str, name: str) -> ExclusionConstraint:
    """No two appointments hold one bay (or technician) at one time: the last wall (I1)."""
    return ExclusionConstraint(
        name=name,
        expressions=[(resource, RangeOperators.EQUAL), (DURING, RangeOperators.OVERLAPS)],
        condition=Q(status__in=HOLDING),
    )


# What the customer was told in writing is not what is true (any more): SVC-05.
UNTOLD = Q(status__in=AWAITED) & ~Q(told_for=F("starts_at")) | Q(
    status=AppointmentStatus.CANCELLED, told_for__isnull=False
)
UNREMINDED = Q(status__in=AWAITED) & ~Q(reminded_for=F("starts_at"))


@tracked(exclude=("told_for", "told_at", "reminded_for", "link_key"))
class Appointment(models.Model):
    """A time in the workshop promised to a customer 预约 (SVC-01): bay, technician and parts."""

    MOVES = APPOINTMENT_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="appointments", verbose_name=_("customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, related_name="appointments", verbose_name=_("car")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RepairKind)
    source = models.CharField(_("source"), max_length=20, choices=AppointmentSource)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=AppointmentStatus,
        default=AppointmentStatus.PENDING,
    )
    on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    skill = models.CharField(_("skill"), max_length=20, choices=Skill)
    bay = models.ForeignKey(Bay, models.PROTECT, related_name="+", verbose_name=_("bay"))
    technician = models.ForeignKey(
        Technician, models.PROTECT, related_name="+", verbose_name=_("technician")
    )
    advisor = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service advisor"),
    )
    km = models.PositiveIntegerField(_("mileage told"), null=True, blank=True)
    symptoms = models.TextField(_("symptoms or work wanted"), blank=True, db_default="")
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("booked by"),
    )
    made_at = models.DateTimeField(_("booked at"))
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("counts changes: two tabs do not overwrite")
    )
    accepted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over by"),
    )
    accepted_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    cancel_reason = models.CharField(
        _("reason"), max_length=20, choices=CancelReason, blank=True, db_default=""
    )
    # What the sweeps have told the customer so far (SVC-05); ``actions.messages`` writes it.
    told_for = models.DateTimeField(_("time told to the customer"), null=True, blank=True)
    told_at = models.DateTimeField(_("told to the customer at"), null=True, blank=True)
    reminded_for = models.DateTimeField(_("time reminded of"), null=True, blank=True)
    link_key = models.UUIDField(
        default=uuid4,
        db_default=Func(function="gen_random_uuid"),
        help_text=_("part of the signature of the customer's link: another one ends the old link"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["starts_at", "pk"]
        constraints = [
            never_two("bay", "service_appointment_bay_never_two"),
            never_two("technician", "service_appointment_technician_never_two"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="service_appointment_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(on=DAY_OF_START),
                name="service_appointment_day_of_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AppointmentStatus.values)
                & Q(source__in=AppointmentSource.values)
                & Q(kind__in=RepairKind.values)
                & Q(skill__in=Skill.values),
                name="service_appointment_words_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=AppointmentStatus.CANCELLED, cancel_reason__in=CancelReason.values
                )
                | ~Q(status=AppointmentStatus.CANCELLED) & Q(cancel_reason=""),
                name="service_appointment_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="service_appointment_taken_over_by_one",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "on"], name="service_appointment_day"),
            models.Index(fields=["vehicle", "-starts_at"], name="service_appointment_of_car"),
            models.Index(
                fields=["store", "made_at"],
                condition=Q(source=AppointmentSource.CARE, accepted_at=None, status__in=AWAITED),
                name="service_appointment_hand_over",
            ),
            models.Index(
                fields=["store", "made_at"],
                condition=Q(source=AppointmentSource.CARE),
                name="service_appointment_by_care",
            ),
            models.Index(fields=["starts_at"], condition=UNTOLD, name="service_appointment_untold"),
            models.Index(
                fields=["on"], condition=Q(status__in=AWAITED), name="service_appointment_awaited"
            ),
            models.Index(
                fields=["store", "on"],
                condition=Q(status=AppointmentStatus.NO_SHOW),
                name="service_appointment_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%y%m%d}-{self.pk}"


class AppointmentWork(models.Model):
    """A line of the estimate: an operation as it was priced when it was booked (SVC-01)."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="work")
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    price_amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("work of an appointment")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "operation"], name="service_appointmentwork_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AppointmentPart(models.Model):
    """Pieces of a part that are kept for an appointment, as priced when booked (SVC-06)."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Part, models.PROTECT, related_name="reservations")
    quantity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    price_amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("part of an appointment")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "part"], name="service_appointmentpart_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="service_appointmentpart_some"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} × {self.quantity}"


@tracked()
class Waiting(models.Model):
    """A customer who would come earlier or at a time that is full (SVC-14).

    A freed slot that fits is offered in the order in which they asked.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="+", verbose_name=_("car"))
    status = models.CharField(
        _("status"), max_length=20, choices=WaitingStatus, default=WaitingStatus.WAITING
    )
    wanted_from = models.DateField(_("earliest day"))
    wanted_until = models.DateField(_("latest day"))
    skill = models.CharField(_("skill"), max_length=20, choices=Skill)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    operations = models.ManyToManyField(Operation, related_name="+", verbose_name=_("work"))
    appointment = models.OneToOneField(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waited",
        verbose_name=_("appointment"),
    )
    left_reason = models.CharField(
        _("reason"), max_length=20, choices=LeaveReason, blank=True, db_default=""
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("asked at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting for a time")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_from__lte=F("wanted_until")),
                name="service_waiting_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WaitingStatus.values, skill__in=Skill.values),
                name="service_waiting_words_known",
            ),
            models.CheckConstraint(
                condition=Q(status=WaitingStatus.BOOKED)
                | Q(status=WaitingStatus.WAITING, appointment=None, left_reason="")
                | Q(status=WaitingStatus.CANCELLED, appointment=None),
                name="service_waiting_ends_once",
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(status=WaitingStatus.WAITING),
                name="service_waiting_one_of_car",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.wanted_from}"
