"""The workshop's days as the rules want them: hours, bays, technicians, what is taken (SVC-02)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.accounts.calendar import DAY
from apps.accounts.models import DutyDay, Store
from apps.accounts.queries import calendar_of
from apps.service import policy
from apps.service.choices import HOLDING, IN_HOUSE, LineState
from apps.service.models import (
    Appointment,
    Bay,
    BayClosure,
    Capacity,
    Part,
    PartSupply,
    RepairPart,
    ServiceDay,
    Technician,
)
from apps.service.models.appointment import AppointmentPart

KEPT_FOR = (LineState.PROPOSED, LineState.APPROVED)  # a line of these keeps its pieces


def minute(at: datetime | time) -> int:
    """The local time of day in minutes since midnight."""
    clock = timezone.localtime(at) if isinstance(at, datetime) else at
    return clock.hour * 60 + clock.minute


def moment(on: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min)) + timedelta(minutes=minutes)


def days_between(
    store: Store, first: date, last: date, *, without: int | None = None
) -> list[policy.Day]:
    """The open days from ``first`` to ``last``. Eight queries, however many days.

    ``without``: an appointment that is to be moved, so its own time counts as free.
    """
    facts = _Facts(store, first, last, without)
    days = (facts.day(first + DAY * n) for n in range((last - first).days + 1))
    return [day for day in days if day is not None]


class _Facts:
    """What the rows say of some days of one store."""

    def __init__(self, store: Store, first: date, last: date, without: int | None) -> None:
        asked = {"store": store, "on__range": (first, last)}
        self.store = store
        self.calendar = calendar_of(store)
        self.numbers = list(Capacity.objects.filter(store=store).order_by("-effective_from"))
        self.special = {row.on: row for row in ServiceDay.objects.filter(**asked)}
        self.shut = set(BayClosure.objects.filter(**asked).values_list("bay", "on"))
        self.bays = list(Bay.objects.filter(store=store, active=True))
        people = Technician.objects.filter(store=store, active=True, user__is_active=True)
        self.technicians = list(people)
        roster = DutyDay.objects.filter(**asked).values_list("user", "on", "on_duty")
        self.roster = {(user, on): on_duty for user, on, on_duty in roster}
        self.taken = _taken(asked, without)

    def day(self, on: date) -> policy.Day | None:
        """None when the workshop is closed."""
        special = self.special.get(on) or ServiceDay(store=self.store, on=on)
        opens_at = special.opens_at or self.calendar.opens_at(on)
        closes_at = special.closes_at or self.store.closes_at
        if special.closed or opens_at is None or opens_at >= closes_at:
            return None
        numbers = next((row for row in self.numbers if row.effective_from <= on), Capacity())
        hours = numbers.labour_hours if special.labour_hours is None else special.labour_hours
        opens, closes = minute(opens_at), minute(closes_at)
        return policy.Day(
            on=on,
            opens=opens,
            closes=closes,
            step=numbers.slot_minutes,
            labour=None if hours is None else hours * 60,
            bays=tuple(
                policy.Resource(bay.pk, frozenset(bay.skills), opens, closes)
                for bay in self.bays
                if (bay.pk, on) not in self.shut
            ),
            technicians=tuple(
                policy.Resource(
                    one.pk,
                    frozenset(one.skills),
                    max(opens, minute(one.works_from)),
                    min(closes, minute(one.works_until)),
                )
                for one in self.technicians
                if self.roster.get((one.user_id, on), self.calendar.is_working(on))
            ),
            taken=tuple(self.taken[on]),
        )


def _taken(asked: dict[str, Any], without: int | None) -> dict[date, list[policy.Taken]]:
    rows = Appointment.objects.filter(**asked, status__in=HOLDING).exclude(pk=without)
    taken: dict[date, list[policy.Taken]] = defaultdict(list)
    for on, starts_at, ends_at, bay, technician in rows.values_list(
        "on", "starts_at", "ends_at", "bay", "technician"
    ):
        length = int((ends_at - starts_at).total_seconds()) // 60
        start = minute(starts_at)
        taken[on].append(policy.Taken(start, start + length, bay, technician))
    return taken


def book_ahead_until(store: Store, today: date) -> date:
    """The last day that can be booked (SVC-02)."""
    numbers = Capacity.objects.in_force(store, today) or Capacity()
    return today + DAY * int(numbers.book_ahead_days)


def free_times(
    store: Store,
    job: policy.Job,
    now: datetime,
    *,
    days: int = 14,
    most: int = 200,
    earliest: date | None = None,
    without: int | None = None,
) -> list[policy.Slot]:
    """The next free times, nearest first: of ``days`` days from ``earliest`` (today)."""
    today = timezone.localdate(now)
    first = max(today, earliest or today)
    last = min(first + DAY * (days - 1), book_ahead_until(store, today))
    found = (
        slot
        for day in days_between(store, first, last, without=without)
        for slot in policy.free_slots(day, job, minute(now) + 1 if day.on == today else 0)
    )
    return list(islice(found, most))


def parts_state(
    parts: Iterable[Part], *, without: int | None = None
) -> tuple[dict[int, int], dict[int, list[tuple[date, int]]]]:
    """(pieces in stock, what is expected and reserved) by part, as ``policy`` takes it.

    Three queries. ``without``: an appointment whose own reservations do not count.
    """
    stock = {part.pk: part.stock for part in parts}
    moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for part, on, pieces in PartSupply.objects.filter(
        part__in=stock, arrived_on=None, cancelled=False
    ).values_list("part", "expected_on", "quantity"):
        moves[part].append((on, pieces))
    # An order that was opened from an appointment keeps the parts instead of it, until issued.
    kept = AppointmentPart.objects.filter(
        Q(part__in=stock), appointment__status__in=HOLDING, appointment__orders=None
    )
    for part, on, pieces in kept.exclude(appointment=without).values_list(
        "part", "appointment__on", "quantity"
    ):
        moves[part].append((on, -pieces))
    in_house = RepairPart.objects.filter(
        part__in=stock, state__in=KEPT_FOR, issued_at=None, order__status__in=IN_HOUSE
    )
    for part, pieces in in_house.values_list("part", "quantity"):
        moves[part].append((date.min, -pieces))  # held now, whatever the day
    return stock, moves
