"""Who waits for a time, and which free time is his (SVC-14).

A freed time is not handed out by an event: it is found anew each time somebody looks, so it is
right however it came free: cancelled, moved, not come, a bay opened, longer hours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Store
from apps.service import policy
from apps.service.choices import AWAITED, WaitingStatus
from apps.service.models import Appointment, Part, Waiting
from apps.service.queries.days import book_ahead_until, days_between, minute, moment, parts_state


def waiting(user: Any) -> QuerySet[Waiting]:
    """Those who wait, in the order in which they asked."""
    rows: QuerySet[Waiting] = Waiting.objects.visible_to(user).filter(status=WaitingStatus.WAITING)
    return rows.order_by("made_at", "pk")


@dataclass(frozen=True)
class Offer:
    """Somebody who waits, and the time that is his; None: nothing fits yet."""

    row: Waiting
    starts_at: datetime | None

    @property
    def operations(self) -> list[int]:
        return [one.pk for one in self.row.operations.all()]


def offers(store: Store, now: datetime) -> list[Offer]:
    """Everybody who waits, who can be offered a time first, each in the order of asking.

    Nobody is offered a time that somebody before him is offered. Sixteen queries, however many
    wait.
    """
    today = timezone.localdate(now)
    rows = list(
        Waiting.objects.filter(store=store, status=WaitingStatus.WAITING)
        .select_related("customer", "vehicle", "by")
        .prefetch_related("operations__parts__part")
        .order_by("made_at", "pk")
    )
    if not rows:
        return []
    last = min(max(row.wanted_until for row in rows), book_ahead_until(store, today))
    days = {day.on: day for day in days_between(store, today, last)}
    ready, awaited = _ready(rows, today), _awaited(rows, today)
    found = []
    for row in rows:
        slot = None
        first, job = ready[row.pk], policy.Job(row.minutes, row.skill)
        if first is not None:
            first = max(first, row.wanted_from)
            fitting = (
                day
                for on, day in days.items()
                if first <= on <= row.wanted_until and on not in awaited[row.vehicle_id]
            )
            slot = _first_free(fitting, job, now)
        if slot:
            day = days[slot.on]
            taken = policy.Taken(slot.start, slot.start + job.minutes, slot.bay, slot.technician)
            days[slot.on] = replace(day, taken=(*day.taken, taken))
        found.append(Offer(row, moment(slot.on, slot.start) if slot else None))
    return sorted(found, key=lambda offer: offer.starts_at is None)


def first_for(store: Store, on: date, now: datetime) -> Offer | None:
    """Who is to be offered a time that came free on the day: the first who waits for one."""
    for offer in offers(store, now):
        if offer.starts_at and timezone.localdate(offer.starts_at) == on:
            return offer
    return None


def _first_free(days: Iterable[policy.Day], job: policy.Job, now: datetime) -> policy.Slot | None:
    today = timezone.localdate(now)
    for day in days:
        earliest = minute(now) + 1 if day.on == today else 0
        if slot := next(policy.free_slots(day, job, earliest), None):
            return slot
    return None


def _ready(rows: list[Waiting], today: date) -> dict[int, date | None]:
    """The day on which each has the parts of his work; None: some must be ordered first."""
    needed: dict[int, dict[int, int]] = {}
    parts: dict[int, Part] = {}
    for row in rows:
        of_row: dict[int, int] = defaultdict(int)
        for operation in row.operations.all():
            for line in operation.parts.all():
                of_row[line.part_id] += line.quantity
                parts[line.part_id] = line.part
        needed[row.pk] = of_row
    stock, moves = parts_state(parts.values(), today)
    return {
        pk: policy.parts_ready_on(pieces, stock, moves, today)[0] for pk, pieces in needed.items()
    }


def _awaited(rows: list[Waiting], today: date) -> dict[int, set[date]]:
    """The days on which a car is awaited already."""
    found: dict[int, set[date]] = defaultdict(set)
    booked = Appointment.objects.filter(
        vehicle__in=[row.vehicle_id for row in rows], on__gte=today, status__in=AWAITED
    )
    for car, on in booked.values_list("vehicle", "on"):
        found[car].add(on)
    return found
