"""Calls owed, attempts made, and what is said in them."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Slot
from apps.accounts.models import Store, StoreQuerySet
from apps.care.choices import (
    CALL_MOVES,
    SURVEYS,
    CallKind,
    CallStatus,
    ChurnGroup,
    EndReason,
    Measure,
    NotReturning,
    Result,
)
from apps.care.models.numbers import CarePolicy
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.service.models import Appointment


@tracked()
class Script(models.Model):
    """One version of what the specialist says for a kind of call 话术 (CARE-01). Never changed.

    ``text`` has {placeholders}; ``points`` are what must be said and is ticked (CARE-21).
    The newest version of a kind is in use.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="scripts")
    kind = models.CharField(_("kind"), max_length=20, choices=CallKind)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    points = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("must be said")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("script")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "version"], name="care_script_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"


class PlannedDay(models.Model):
    """A day for which a store's calls have been planned, and what planning took from that day.

    The last row of a store is where planning goes on after an outage (CARE-16, I4).
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="planned_days")
    on = models.DateField()
    policy = models.ForeignKey(CarePolicy, models.PROTECT, related_name="+")
    is_open = models.BooleanField()
    made_up_before = models.DateField(
        help_text=_("a call due earlier than this is made up (CARE-28)")
    )
    # Who owns new calls, in turn, and how many turns have been given (CARE-28).
    on_duty = ArrayField(models.BigIntegerField(), default=list)
    turn = models.PositiveIntegerField(default=0)
    insurance_on_duty = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    insurance_turn = models.PositiveIntegerField(default=0, db_default=0)
    planned_at = models.DateTimeField()
    is_new: bool = False  # this run is the first to plan the day
    is_passing: bool = False  # planned out of order: the row is not kept

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned day")
        constraints = [
            models.UniqueConstraint(fields=["store", "on"], name="care_plannedday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.on}"


_IN_THE_QUEUE = Q(status=CallStatus.WAITING, paused_on=None, callback_at=None)


class CallQuerySet(StoreQuerySet):
    def open(self) -> "CallQuerySet":
        return self.filter(status__in=[CallStatus.WAITING, CallStatus.CLAIMED])


@tracked()
class Call(models.Model):
    """One contact that we owe a customer, for one reason, in one cycle (CARE-27)."""

    MOVES = CALL_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="calls")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="calls")
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="calls"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CallKind)
    cycle = models.CharField(max_length=40)
    event_on = models.DateField(_("about"))
    opens_on = models.DateField(_("opens"))
    due_on = models.DateField(_("due"))
    created_on = models.DateField()
    proactive = models.BooleanField(db_default=False, help_text="CARE-10")
    made_up = models.BooleanField(_("made up"), db_default=False, help_text="CARE-28")
    churn_group = models.CharField(max_length=20, choices=ChurnGroup, blank=True, db_default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_calls",
        verbose_name=_("responsible"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CallStatus, db_default=CallStatus.WAITING
    )
    # Who holds it now (CARE-14).
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="held_calls",
        verbose_name=_("held by"),
    )
    held_at = models.DateTimeField(null=True, blank=True)  # the last activity of the holder
    claim = models.UUIDField(null=True, blank=True, help_text=_("changes with every claim"))
    # The three-by-three grid (CARE-04, CARE-20): set by the first counted attempt.
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    slots_tried = ArrayField(
        models.CharField(max_length=10, choices=Slot), db_default=[], default=list
    )
    day1_on = models.DateField(null=True, blank=True)
    day2_on = models.DateField(null=True, blank=True)
    day3_on = models.DateField(null=True, blank=True)
    paused_on = models.DateField(
        null=True, blank=True, help_text=_("waits for a good number since (CUS-03)")
    )
    # A promised call-back (CARE-22).
    callback_at = models.DateTimeField(_("call again at"), null=True, blank=True)
    callback_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("empty: anyone"),
    )
    # How it ended.
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True, db_default="")
    not_returning = models.CharField(
        _("reason of not returning"), max_length=20, choices=NotReturning, blank=True, db_default=""
    )
    measure = models.CharField(
        _("measure taken"),
        max_length=20,
        choices=Measure,
        blank=True,
        db_default="",
        help_text="CARE-11",
    )
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True, db_default="")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    proof = models.JSONField(
        default=dict, blank=True, help_text=_("what the withdrawal rests on (CARE-18)")
    )
    short_of_standard = models.BooleanField(db_default=False, help_text="CARE-05, PEN-03")
    moved_event_on = models.DateField(
        null=True,
        blank=True,
        help_text=_("a touched call keeps its dates: what event_on would be now (CARE-27)"),
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        ordering = ["due_on", "pk"]
        constraints = [
            # CARE-16, CARE-27: nothing is generated twice (I2).
            models.UniqueConstraint(
                fields=["store", "kind", "vehicle", "cycle"],
                condition=Q(vehicle__isnull=False),
                name="care_call_once_per_car_and_cycle",
            ),
            models.UniqueConstraint(
                fields=["store", "kind", "customer", "cycle"],
                condition=Q(vehicle=None),
                name="care_call_once_per_customer_and_cycle",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CallStatus.values), name="care_call_status_known"
            ),
            # Held exactly while claimed (I3).
            models.CheckConstraint(
                condition=Q(
                    status=CallStatus.CLAIMED,
                    holder__isnull=False,
                    held_at__isnull=False,
                    claim__isnull=False,
                )
                | (~Q(status=CallStatus.CLAIMED) & Q(holder=None, held_at=None, claim=None)),
                name="care_call_held_while_claimed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "claimed"], ended_at=None)
                | (~Q(status__in=["waiting", "claimed"]) & Q(ended_at__isnull=False)),
                name="care_call_ended_when_not_open",
            ),
            # No customer is held by two people (I3): the wall behind the claim's locks.
            ExclusionConstraint(
                name="care_call_one_holder_a_customer",
                expressions=[("customer", "="), ("holder", "<>")],
                condition=Q(status=CallStatus.CLAIMED),
            ),
        ]
        indexes = [
            # What the claim statement reads (CARE-14), one for each way through the queue.
            models.Index(
                fields=["store", "owner", "due_on", "id"],
                name="care_call_waiting_of_owner",
                condition=_IN_THE_QUEUE,
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                name="care_call_waiting",
                condition=_IN_THE_QUEUE,
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                name="care_call_birthdays",
                condition=_IN_THE_QUEUE & Q(kind=CallKind.BIRTHDAY),
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                name="care_call_waiting_insurance",
                condition=_IN_THE_QUEUE & Q(kind=CallKind.INSURANCE),
            ),
            models.Index(
                fields=["store", "day3_on", "due_on", "id"],
                name="care_call_begun",
                condition=Q(status=CallStatus.WAITING, day3_on__isnull=False),
            ),
            models.Index(
                fields=["store", "paused_on"],
                name="care_call_paused",
                condition=Q(status=CallStatus.WAITING, paused_on__isnull=False),
            ),
            models.Index(fields=["store", "status", "due_on", "id"], name="care_call_list"),
            models.Index(
                fields=["store", "due_on", "id"],
                name="care_call_open",
                condition=Q(status__in=["waiting", "claimed"]),
            ),
            models.Index(
                fields=["store", "callback_at"],
                name="care_call_promised",
                condition=Q(status=CallStatus.WAITING, callback_at__isnull=False),
            ),
            models.Index(
                fields=["held_at"], name="care_call_held", condition=Q(status=CallStatus.CLAIMED)
            ),
            models.Index(fields=["customer", "status"], name="care_call_of_customer"),
            models.Index(fields=["vehicle", "kind"], name="care_call_of_car"),
            models.Index(fields=["store", "ended_at"], name="care_call_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} – {self.get_kind_display()}"

    @property
    def is_survey(self) -> bool:
        """It asks the questions of a survey (SSI-03)."""
        return self.kind in SURVEYS


@tracked()
class Attempt(models.Model):
    """One dialling made for a call, with its slot and result 拨打记录 (CARE-04, CARE-15)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.PROTECT, related_name="tries")
    conversation = models.UUIDField(default=uuid4)  # one dialling for several calls shares it
    at = models.DateTimeField(_("at"))
    slot = models.CharField(_("slot"), max_length=10, choices=Slot, blank=True)
    counted = models.BooleanField(help_text=_("one of the three of CARE-04"))
    result = models.CharField(_("result"), max_length=20, choices=Result)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, blank=True)
    script = models.ForeignKey(Script, models.PROTECT, null=True, blank=True, related_name="+")
    ticks = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    km = models.PositiveIntegerField(_("mileage"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed day"), null=True, blank=True)
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # most attempts have none
        related_name="attempts",
        verbose_name=_("appointment"),
        help_text="CARE-10, CARE-24",
    )
    note = models.CharField(_("remark"), max_length=500, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        ordering = ["at", "pk"]
        constraints = [
            # CARE-04: attempts may share a day, never a slot.
            models.UniqueConstraint(
                fields=["call", "slot"], condition=Q(counted=True), name="care_attempt_slot_once"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "by", "at"], name="care_attempt_of_person"),
            models.Index(fields=["call", "at"], name="care_attempt_of_call"),
            models.Index(
                fields=["appointment"],
                name="care_attempt_that_booked",
                condition=Q(appointment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %H:%M} {self.get_result_display()}"
