"""What the queue page and the call screen show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.accounts.calendar import SlotTimes
from apps.accounts.choices import Slot
from apps.accounts.models import User
from apps.care import people, policy
from apps.care.choices import REACHED, CallKind, CallStatus, RepairType, Result, works_on
from apps.care.models import Attempt, Call, Script
from apps.care.queries.slots import best_slots
from apps.core.timeline import TimelineEntry, newest
from apps.customers.models import Customer
from apps.delivery import people as delivery_people
from apps.messaging import people as messaging_people
from apps.service import people as service_people
from apps.service.choices import MAINTENANCE_KINDS
from apps.service.models import RepairOrder


def open_calls_of(customer: Customer) -> list[Call]:
    return list(
        Call.objects.filter(customer=customer)
        .open()
        .select_related("customer", "vehicle", "store", "owner", "holder", "callback_for")
        .order_by("due_on", "pk")
    )


def kinds_of(user: User) -> list[str]:
    """What this person works (CARE-09, CARE-28)."""
    return [kind for kind in CallKind.values if works_on(kind) in user.roles]


def promised(user: User) -> QuerySet[Call]:
    """The call-backs that this person may keep, the next one first (CARE-22)."""
    return (
        Call.objects.of_own_store(user)
        .filter(
            Q(callback_for=user) | Q(callback_for=None, kind__in=kinds_of(user)),
            status=CallStatus.WAITING,
            callback_at__isnull=False,
        )
        .select_related("customer", "vehicle")
        .order_by("callback_at")
    )


def birthdays_left(user: User, day: date) -> int:
    """Who has not been greeted yet today in the store (CARE-05)."""
    rows = Call.objects.of_own_store(user).filter(kind=CallKind.BIRTHDAY, due_on=day).open()
    return int(rows.count())


def done_today(user: User, now: datetime) -> dict[str, int]:
    """Diallings of this person today and what came of them: one query."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tries = Attempt.objects.of_own_store(user).filter(by=user, at__gte=midnight)
    counts: dict[str, int] = tries.exclude(result=Result.SPOKEN_TO).aggregate(
        dialled=Count("conversation", distinct=True),
        reached=Count("conversation", distinct=True, filter=Q(result__in=REACHED)),
        booked=Count("conversation", distinct=True, filter=Q(result=Result.BOOKED)),
    )
    return counts


def held_by(user: User) -> Call | None:
    """The call that this person is in the middle of."""
    held = Call.objects.of_own_store(user).filter(holder=user, status=CallStatus.CLAIMED)
    found: Call | None = held.select_related("customer").order_by("due_on", "pk").first()
    return found


def script_of(call: Call) -> Script | None:
    newest: Script | None = (
        Script.objects.filter(store=call.store_id, kind=call.kind).order_by("-version").first()
    )
    return newest


@dataclass(frozen=True)
class Cell:
    """One cell of the grid: what was tried there, else whether it may still be."""

    slot: Slot
    tries: list[Attempt]
    state: str  # tried, next, open, taken (that slot was used), over


@dataclass(frozen=True)
class Row:
    day: date
    number: int  # day 1, 2, 3; 0 for a day outside the three
    cells: list[Cell]


def grid_rows(call: Call, now: datetime, slots: SlotTimes, days: tuple[date, ...]) -> list[Row]:
    """The three-by-three grid of the call (CARE-20); ``days`` are those of a first try today."""
    tries = list(call.tries.select_related("by").order_by("at"))
    grid = policy.Grid(
        tuple(Slot(s) for s in call.slots_tried),
        tuple(d for d in (call.day1_on, call.day2_on, call.day3_on) if d),
    )
    local = timezone.localtime(now).replace(tzinfo=None)
    waits = call.ended_at is None and call.paused_on is None
    left = policy.cells_left(grid, local, slots) if waits else []
    if call.kind == CallKind.BIRTHDAY:
        days = (call.due_on,)  # owed on the day alone (CARE-05)
    shown = sorted({*(grid.days or days), *(timezone.localdate(t.at) for t in tries)})
    return [
        Row(
            day,
            (grid.days or days).index(day) + 1 if day in (grid.days or days) else 0,
            list(_cells(day, tries, grid, left, slots)),
        )
        for day in shown
    ]


def _cells(
    day: date,
    tries: list[Attempt],
    grid: policy.Grid,
    left: list[tuple[date, Slot]],
    slots: SlotTimes,
) -> Iterator[Cell]:
    for slot, _from, _until in slots.times:
        here = [t for t in tries if timezone.localdate(t.at) == day and t.slot == slot]
        if here:
            state = "tried"
        elif left and left[0] == (day, slot):
            state = "next"
        elif (day, slot) in left or not grid.days:
            state = "open"
        else:
            state = "taken" if slot in grid.tried else "over"
        yield Cell(slot, here, state)


def repair_type_of(call: Call) -> str:
    """What the visit was for that a follow-up asks about, by its order (SVC-11)."""
    if call.kind != CallKind.SERVICE_FOLLOW_UP:
        return ""
    order = RepairOrder.objects.filter(store=call.store_id, number=call.cycle).first()
    maintained = order is not None and order.kind in MAINTENANCE_KINDS
    return RepairType.MAINTENANCE if maintained else RepairType.REPAIR


MOST_HISTORY = 6


def history_of(customer: Customer) -> list[TimelineEntry]:
    """The last things between this customer and the store; the whole stands on their page."""
    floors = (people, service_people, delivery_people, messaging_people)
    sources = [source for floor in floors for source in floor.timeline(customer)]
    return newest(sources, limit=MOST_HISTORY)


def answers_in(customer: Customer) -> Slot | None:
    """The slot in which this customer answered last (CARE-20), else the one they prefer."""
    call = Call(customer=customer)
    return best_slots([call]).get(customer.pk)
