"""Appointments as the pages show them, and the times that can be offered (SVC-01…04)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Store
from apps.customers.models import Vehicle
from apps.service import policy
from apps.service.choices import (
    AWAITED,
    HOLDING,
    AppointmentSource,
    AppointmentStatus,
    CancelReason,
)
from apps.service.models import (
    Appointment,
    AppointmentPart,
    AppointmentWork,
    Operation,
    OperationPart,
    Part,
    RepairOrder,
)
from apps.service.queries.days import free_times, moment, parts_state

SHOWN = ("customer", "vehicle", "bay", "technician__user", "advisor", "store")
DAYS_OFFERED = 7


def appointments_on(user: Any, day: date, asked: dict[str, Any]) -> QuerySet[Appointment]:
    """The appointments of a day in the order of their time (SVC-03)."""
    rows: QuerySet[Appointment] = Appointment.objects.visible_to(user).filter(on=day)
    if asked.get("status") == "not_ready":
        rows = rows.filter(status=AppointmentStatus.CANCELLED, cancel_reason=CancelReason.STORE)
    elif asked.get("status") == "holding":
        rows = rows.filter(status__in=HOLDING)
    elif asked.get("status"):
        rows = rows.filter(status=asked["status"])
    if asked.get("bay"):
        rows = rows.filter(bay=asked["bay"])
    if asked.get("skill"):
        rows = rows.filter(skill=asked["skill"])
    return rows.select_related(*SHOWN).order_by("starts_at", "bay__place", "pk")


def not_handed_over(user: Any) -> QuerySet[Appointment]:
    """What care calls booked and nobody of the reception took over yet, the oldest first
    (SVC-04)."""
    rows: QuerySet[Appointment] = Appointment.objects.visible_to(user).filter(
        source=AppointmentSource.CARE, accepted_at=None, status__in=AWAITED
    )
    return rows.select_related(*SHOWN, "by").order_by("made_at", "pk")


def awaited_of(vehicle: Vehicle, now: datetime) -> QuerySet[Appointment]:
    """When the car is expected, the next time first."""
    rows = Appointment.objects.filter(vehicle=vehicle, status__in=AWAITED, starts_at__gt=now)
    return rows.order_by("starts_at")


def needed_parts(operations: Iterable[Operation]) -> dict[Part, int]:
    """The pieces that these operations usually take together. One query."""
    needed: dict[Part, int] = {}
    usual = OperationPart.objects.filter(operation__in=list(operations)).select_related("part")
    for line in usual:
        needed[line.part] = needed.get(line.part, 0) + line.quantity
    return needed


@dataclass(frozen=True)
class Offered:
    """Times that can be promised: (day, its times), the nearest first; and what is waited for."""

    days: list[tuple[date, list[datetime]]]
    short: list[Part]  # cannot be promised for today
    parts_on: date | None  # the first day with all parts; None: some must be ordered first


def offered(
    store: Store,
    job: policy.Job,
    parts: dict[Part, int],
    now: datetime,
    *,
    earliest: date | None = None,
    without: int | None = None,
) -> Offered:
    """Free times of a week from ``earliest``, not before the parts are there (SVC-02, SVC-06)."""
    today = timezone.localdate(now)
    stock, moves = parts_state(parts, today, without=without)
    pieces = {part.pk: quantity for part, quantity in parts.items()}
    ready, short = policy.parts_ready_on(pieces, stock, moves, today)
    missing = [part for part in parts if part.pk in short]
    if ready is None:
        return Offered([], missing, None)
    first = max(ready, earliest or today)
    slots = free_times(store, job, now, days=DAYS_OFFERED, earliest=first, without=without)
    days = [
        (day, [moment(slot.on, slot.start) for slot in found])
        for day, found in groupby(slots, key=lambda slot: slot.on)
    ]
    return Offered(days, missing, ready)


@dataclass(frozen=True)
class Estimate:
    """The lines of an appointment and what they come to (SVC-01)."""

    work: Sequence[AppointmentWork]
    parts: Sequence[AppointmentPart]

    @property
    def amount(self) -> Any:
        labour = sum(line.price_amount for line in self.work)
        return labour + sum(line.price_amount * line.quantity for line in self.parts)


def estimate_of(appointment: Appointment) -> Estimate:
    """Two queries."""
    parts = appointment.parts.select_related("part")
    return Estimate(list(appointment.work.all()), list(parts))


def last_visits(vehicle: Vehicle, most: int = 5) -> list[RepairOrder]:
    """What was done to the car, the newest first."""
    return list(RepairOrder.objects.filter(vehicle=vehicle).order_by("-out_on", "-pk")[:most])
