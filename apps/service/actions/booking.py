"""Time in the workshop promised to a customer, and promised otherwise (SVC-01, 02, 06, 14).

Everything that takes time of a day holds the row of that day first (``held_frame``), then the
appointment, then the parts, each in the order of their keys: so nobody waits in a ring, and
nobody counts an hour that somebody else is just taking.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Store, User
from apps.audit.meanwhile import ChangedMeanwhile
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import LOCK_TIMEOUT, giving_way
from apps.customers.models import Vehicle
from apps.service import policy
from apps.service.actions.appointments import SAID, held, save
from apps.service.actions.messages import withdraw_messages
from apps.service.choices import HOLDING, AppointmentStatus
from apps.service.models import (
    Appointment,
    AppointmentPart,
    AppointmentWork,
    Operation,
    Part,
)
from apps.service.models.capacity import STEP
from apps.service.queries.appointments import needed_parts
from apps.service.queries.days import Frame, minute, moment, parts_state

JUST_LOOKING = 60  # minutes of a visit without a chosen operation


MANY = gettext_lazy("Many are booking this day just now. Try again in a moment.")
HOLD = """
    SELECT set_config('lock_timeout', %(patience)s, true);
    INSERT INTO service_serviceday (store_id, "on", closed)
        SELECT %(store)s, unnest(%(days)s::date[]), false ORDER BY 2
        ON CONFLICT (store_id, "on") DO NOTHING;
    SELECT FROM service_serviceday WHERE store_id = %(store)s AND "on" = ANY(%(days)s::date[])
        ORDER BY "on" FOR UPDATE;"""


class NotFree(Refused):
    """The time is not free. The page offers the nearest times that are (SVC-02)."""


@dataclass(frozen=True)
class Wish:
    """What is to be done on a visit, and what was said about it."""

    operations: Sequence[Operation] = ()
    parts: Mapping[Part, int] = field(default_factory=dict)  # beside those of the operations
    kind: str = ""  # empty: that of the longest operation
    minutes: int | None = None  # None: the standard times together
    skill: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)  # of ``appointments.SAID``

    @property
    def job(self) -> policy.Job:
        """How long and for whom: the longest operation says which bay and technician."""
        minutes = self.minutes or sum(one.minutes for one in self.operations) or JUST_LOOKING
        skill = self.skill or (self._longest.skill if self._longest else policy.ANY_WORK)
        return policy.Job(-(-minutes // STEP) * STEP, skill)

    @property
    def _longest(self) -> Operation | None:
        return max(self.operations, key=lambda one: (one.minutes, -one.pk), default=None)

    def what(self) -> str:
        """The kind of visit."""
        return self.kind or (self._longest.kind if self._longest else policy.ANY_KIND)

    def needed(self) -> dict[Part, int]:
        """Pieces of every part that the visit takes."""
        needed = needed_parts(self.operations) if self.operations else {}
        for part, quantity in self.parts.items():
            needed[part] = needed.get(part, 0) + quantity
        return needed


@action
def book(
    vehicle: Vehicle,
    wish: Wish,
    *,
    starts_at: datetime,
    source: str,
    now: datetime,
    by: User | None,
    bay: int | None = None,
    technician: int | None = None,
    confirmed: bool = False,
) -> Appointment:
    """Promise a customer a time: bay, technician and parts together (SVC-01, SVC-14).

    Without ``bay`` or ``technician`` the first that is free is taken. Refused: a time that is
    past, outside opening or not free (NotFree), parts that are not there by then, a car without
    an owner, a car that is awaited that day already. Two for the last slot at one moment:
    exactly one gets it, the other is refused.
    """
    owner = vehicle.owner
    if owner is None:
        raise Refused(_("The car has no owner. Enter the owner first."))
    on = timezone.localdate(starts_at)
    _check_when(starts_at, now)
    frame = held_frame(vehicle.store, [on], on)
    _check_once(frame, vehicle.pk, on)
    slot = _free(frame, starts_at, job := wish.job, now, bay, technician)
    _hold_parts(needed := wish.needed(), on, now)
    said = {name: value for name, value in wish.said.items() if name in SAID}
    appointment = Appointment(vehicle=vehicle, customer=owner, source=source, made_at=now, **said)
    appointment.store, appointment.by = vehicle.store, by
    appointment.kind, appointment.skill = wish.what(), job.skill
    if confirmed:
        appointment.status = AppointmentStatus.CONFIRMED
    _place(appointment, slot, starts_at, job)
    appointment.save()
    if wish.operations or needed:
        _write_lines(appointment, wish.operations, needed)
    return appointment


def _place(row: Appointment, slot: policy.Slot, starts_at: datetime, job: policy.Job) -> None:
    row.on, row.starts_at = slot.on, starts_at
    row.ends_at = starts_at + timedelta(minutes=job.minutes)
    row.bay_id, row.technician_id = slot.bay, slot.technician


def _write_lines(
    appointment: Appointment, operations: Sequence[Operation], needed: Mapping[Part, int]
) -> None:
    """What is to be done and which parts it takes, priced as of now."""
    AppointmentWork.objects.bulk_create(
        AppointmentWork(
            appointment=appointment,
            operation=operation,
            name=operation.name,
            minutes=operation.minutes,
            price_amount=operation.price_amount,
        )
        for operation in operations
    )
    AppointmentPart.objects.bulk_create(
        AppointmentPart(
            appointment=appointment,
            part=part,
            quantity=quantity,
            price_amount=part.price_amount,
        )
        for part, quantity in needed.items()
    )


@action
def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    version: int,
    now: datetime,
    minutes: int | None = None,
    bay: int | None = None,
    technician: int | None = None,
) -> Appointment:
    """Another time, length, bay or technician (SVC-03). Nothing is given up before it is found.

    Refused as ``book``, and when the appointment is over or was changed since ``version``.
    Bay and technician that are not named may change.
    """
    on = timezone.localdate(starts_at)
    days = [appointment.on, on]
    frame = held_frame(appointment.store, days, on, without=appointment.pk)
    row = held(appointment, version)
    if row.on != appointment.on:  # its day is not the one that is held
        raise ChangedMeanwhile(row, appointment.version)
    if row.status not in HOLDING:
        raise Refused(_("The appointment is over: it cannot be moved."))
    _check_when(starts_at, now)
    if on != row.on:
        _check_once(frame, row.vehicle_id, on)
    length = minutes or int((row.ends_at - row.starts_at).total_seconds()) // 60
    job = policy.Job(-(-length // STEP) * STEP, row.skill)
    slot = _free(frame, starts_at, job, now, bay, technician)
    lines = row.parts.select_related("part")
    _hold_parts({line.part: line.quantity for line in lines}, on, now, without=row.pk)
    if starts_at != row.starts_at:
        withdraw_messages(row)
    _place(row, slot, starts_at, job)
    save(row, "on", "starts_at", "ends_at", "bay", "technician")
    return row


def hold_days(store: Store, days: Iterable[date]) -> None:
    """Hold these days of the workshop until the transaction ends, the earliest first.

    Refused when somebody else holds one of them for longer than 3 seconds.
    """
    with giving_way(MANY), connection.cursor() as cursor:
        cursor.execute(HOLD, _held(days) | {"store": store.pk})


def held_frame(
    store: Store, days: Iterable[date], on: date, *, without: int | None = None
) -> Frame:
    """``hold_days``, and what the rows say of day ``on`` then: one way to the database."""
    with giving_way(MANY):
        return Frame(store, on, on, without=without, hold=(HOLD, _held(days)))


def _held(days: Iterable[date]) -> dict[str, Any]:
    return {"patience": LOCK_TIMEOUT, "days": sorted(set(days))}


def _check_when(starts_at: datetime, now: datetime) -> None:
    if starts_at < now:
        raise NotFree(_("That time is past. Choose a coming one."))
    if minute(starts_at) % STEP or starts_at.second or starts_at.microsecond:
        raise NotFree(_("Choose a time in steps of 5 minutes."))


def _check_once(frame: Frame, vehicle: int, on: date) -> None:
    there = frame.awaited.get((vehicle, on))
    if there is not None:
        raise Refused(
            _("This car is awaited that day at %(time)s already. Move that appointment.")
            % {"time": date_format(moment(on, there), "H:i")}
        )


def _free(
    frame: Frame,
    starts_at: datetime,
    job: policy.Job,
    now: datetime,
    bay: int | None,
    technician: int | None,
) -> policy.Slot:
    """Bay and technician for the time, or NotFree. The frame must have been held."""
    on = timezone.localdate(starts_at)
    if on > frame.bookable_until(timezone.localdate(now)):
        raise NotFree(_("That day is too far ahead to be booked."))
    day = frame.day(on)
    if day is None:
        raise NotFree(_("The workshop is closed that day."))
    start = minute(starts_at)
    if start < day.opens or start + job.minutes > day.closes:
        raise NotFree(_("The time is outside the opening hours."))
    slot = policy.place_at(day, job, start, bay, technician)
    if slot is None:
        raise NotFree(_("That time is not free. Choose one of the next free times."))
    return slot


def _hold_parts(
    needed: Mapping[Part, int], on: date, now: datetime, without: int | None = None
) -> None:
    """Keep the parts of one visit for it, or say which are not there by then (SVC-06)."""
    if not needed:
        return
    pks = [part.pk for part in needed]
    parts = list(Part.objects.filter(pk__in=pks).order_by("pk").select_for_update())
    today = timezone.localdate(now)
    stock, moves = parts_state(parts, today, without=without)
    pieces = {part.pk: quantity for part, quantity in needed.items()}
    ready, short = policy.parts_ready_on(pieces, stock, moves, today)
    names = "、".join(str(part) for part in parts if part.pk in short)
    if ready is None:
        raise Refused(
            _("Parts are short: %(parts)s. Order them with an expected day first.")
            % {"parts": names}
        )
    if ready > on:
        raise NotFree(
            _("Parts come later: %(parts)s. The earliest day is %(day)s.")
            % {"parts": names, "day": date_format(ready, "Y-m-d")}
        )
