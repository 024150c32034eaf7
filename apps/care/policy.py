"""The rules of working a call as plain values: no database, no clock, no request."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from math import sqrt

from apps.accounts.calendar import DAY, Calendar, SlotTimes
from apps.accounts.choices import Slot
from apps.care.choices import SURVEYS, CallKind, NotReached, Result
from apps.messaging.choices import Channel

ATTEMPTS = 3  # CARE-04: in three slots
DAYS = 3  # CARE-04: within three working days
NEAR_CALLS = 5  # CARE-23: a rate is near its line when no more than these may be missed
RETURN_WITHIN = timedelta(days=31)  # CARE-21: a car that is here so soon came back
FEWEST_FOR_A_RATE = 30  # of fewer a rate says nothing (as SSI-05)
Z_95 = 1.959964  # of the standard normal distribution
CLOSED_DAY_GREETING = time(10, 30)  # CARE-05: the SMS on a day the store is closed


@dataclass(frozen=True)
class Grid:
    """The three-by-three grid of one call: what was tried, and on which days more may be.

    ``days`` is empty until the first counted attempt. Waiting for a number or a promised
    call-back moves the days that remain (``resumed``).
    """

    tried: tuple[Slot, ...] = ()
    days: tuple[date, ...] = ()

    def is_lawful(self, day: date, slot: Slot | None) -> bool:
        """Whether an attempt on ``day`` in ``slot`` counts (attempts share a day, never a slot)."""
        if slot is None or slot in self.tried or len(self.tried) >= ATTEMPTS:
            return False
        return not self.days or day in self.days


def after_attempt(grid: Grid, day: date, slot: Slot, calendar: Calendar) -> Grid:
    """The grid after a counted attempt; the first one fixes the three days."""
    return Grid((*grid.tried, slot), grid.days or first_days(day, calendar))


def first_days(day: date, calendar: Calendar) -> tuple[date, ...]:
    """Day 1 is the day of the first attempt, days 2 and 3 are the working days after it."""
    return (day, *(calendar.working_day_after(day, n) for n in range(1, DAYS)))


def cells_left(grid: Grid, now: datetime, slots: SlotTimes) -> list[tuple[date, Slot]]:
    """The lawful cells that are not over yet, the next one first; ``now`` is local time.

    Before the first attempt there is no grid: the slots of today that are not over.
    """
    today, clock = now.date(), now.time()
    days = grid.days or (today,)
    return [
        (day, slot)
        for day in days
        for slot, _, until in slots.times
        if grid.is_lawful(day, slot) and (day > today or (day == today and clock < until))
    ]


def resumed(grid: Grid, stopped_on: date, resumed_on: date, calendar: Calendar) -> Grid:
    """The grid after the clock stood still from ``stopped_on`` to ``resumed_on`` (CARE-04).

    The days that remained when it stopped move on by the working days waited: as many of
    them follow from the day on which it goes on.
    """
    past = tuple(day for day in grid.days if day < stopped_on)
    remaining = len(grid.days) - len(past)
    if not remaining or resumed_on <= stopped_on:
        return grid
    first = calendar.working_day_after(resumed_on - DAY, 1)
    moved = (calendar.working_day_after(first, n) for n in range(remaining))
    return replace(grid, days=(*past, *moved))


def day_the_clock_goes_on(now: datetime, slots: SlotTimes) -> date:
    """Today, or tomorrow when today's last slot is over; ``now`` is local time."""
    last = max(until for _, _, until in slots.times)
    return now.date() if now.time() < last else now.date() + DAY


def birthday_deadline(day: date, calendar: Calendar, within_minutes: int) -> datetime | None:
    """When everybody has been greeted, in local time (CARE-05); None when the store is closed."""
    opens = calendar.opens_at(day)
    if opens is None:
        return None
    return datetime.combine(day, opens) + timedelta(minutes=within_minutes)


# CARE-04: what is sent by itself when nobody was reached.
FALLBACK = {
    CallKind.FIRST_SERVICE: Channel.SMS,
    CallKind.MAINTENANCE: Channel.EMAIL,  # an SMS where there is no e-mail
    CallKind.BIRTHDAY: Channel.SMS,
    CallKind.WARRANTY: Channel.EMAIL,
    CallKind.INSPECTION: Channel.EMAIL,
}


def fallback_key(call: int, event_on: date) -> str:
    """Under what the message of a call is queued, so that each of its events has one only (I5)."""
    return f"fallback:{call}:{event_on}"


LOST = (CallKind.AT_RISK, CallKind.CHURN)  # CARE-11: a measure may be taken
NEEDS_REASON = (Result.NOT_YET, Result.NOT_NEEDED)


def results_for(kind: str, *, has_car: bool = True) -> tuple[Result, ...]:
    """What a conversation about this kind of call can come to (CARE-13), not reached included."""
    reached: tuple[Result, ...]
    if own := _OWN_RESULTS.get(kind):
        reached = (*own, Result.CALL_LATER, Result.REFUSES)
    else:
        reached = tuple(r for r in Result if r in _SERVICE_RESULTS)
        reached = tuple(r for r in reached if r not in _NOT_FOR.get(kind, (Result.RENEWED,)))
        if not has_car:
            reached = tuple(r for r in reached if r not in _OF_A_CAR)
    return (*reached, *_NOT_REACHED)


# Kinds that ask for something else than a visit.
_OWN_RESULTS: dict[str, tuple[Result, ...]] = {
    CallKind.BIRTHDAY: (Result.GREETED,),
    CallKind.SERVICE_FOLLOW_UP: (Result.ANSWERED,),
    **{kind: (Result.ANSWERED,) for kind in SURVEYS},
    CallKind.INSURANCE_CHECK: (Result.VERIFIED,),
    CallKind.INSURANCE: (Result.RENEWED, Result.WILL_COME, Result.NOT_NEEDED, Result.SOLD),
    CallKind.RECALL: (Result.SIGNED_UP, Result.NOT_NEEDED),
}
# A visit, but none that is maintenance: there is nothing to be due later.
_NOT_FOR: dict[str, tuple[Result, ...]] = {
    CallKind.NO_SHOW: (Result.NOT_YET, Result.RENEWED),
    CallKind.WARRANTY: (Result.NOT_YET, Result.ELSEWHERE, Result.RENEWED),
    CallKind.INSPECTION: (Result.NOT_YET, Result.ELSEWHERE),
}
_OF_A_CAR = (Result.BOOKED, Result.SOLD, Result.ELSEWHERE)
_SERVICE_RESULTS = (
    *(Result.BOOKED, Result.WILL_COME, Result.NOT_YET, Result.ELSEWHERE, Result.NOT_NEEDED),
    *(Result.SOLD, Result.REFUSES, Result.CALL_LATER, Result.RENEWED),
)
_NOT_REACHED = (
    *(Result.NO_ANSWER, Result.BUSY, Result.SWITCHED_OFF, Result.HUNG_UP),
    *(Result.EMPTY_NUMBER, Result.WRONG_NUMBER),
)


def not_reached(result: str) -> NotReached:
    """Why a follow-up that has ended was not answered (SVC-11)."""
    if result in (Result.EMPTY_NUMBER, Result.WRONG_NUMBER):
        return NotReached.WRONG_NUMBER
    if result in (Result.REFUSES, Result.HUNG_UP):
        return NotReached.REFUSED
    return NotReached.OTHER


def urgency(
    kind: str, due_on: date, day3_on: date | None, callback_at: datetime | None, today: date
) -> tuple[int, float]:
    """The order of the queue (CARE-14), lowest first; the claim statement asks in this order.

    Promised call-backs, birthdays, third day today, due today or earlier (the newest due
    first), then by due day.
    """
    if callback_at is not None:
        return 0, callback_at.timestamp()
    if kind == CallKind.BIRTHDAY:
        return 1, 0
    if day3_on == today:
        return 2, due_on.toordinal()
    if due_on <= today:
        return 3, -due_on.toordinal()
    return 4, due_on.toordinal()


def wilson(n: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95 %, when ``n`` of ``of`` were counted.

    The score interval of E. B. Wilson, Probable inference, the law of succession, and
    statistical inference, Journal of the American Statistical Association 22 (1927) 209-212,
    without correction for continuity: it stays between 0 and 1 and is honest near both ends.
    ``of`` must be above 0.
    """
    share, z = n / of, Z_95
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def drawn(seed: int, ids: Iterable[int], percent: int) -> list[int]:
    """Which of ``ids`` are drawn: at least ``percent`` of them, in their order (CARE-09).

    Each id gets the SHA-256 of the text "seed:id"; of n ids the ⌈percent · n / 100⌉ with the
    lowest are drawn. So the draw follows from seed and ids alone, in any language and for
    ever, whatever order they come in, and no id's luck depends on its neighbours.
    """
    known = sorted(set(ids))
    size = -(-len(known) * percent // 100)
    return sorted(sorted(known, key=lambda pk: sha256(f"{seed}:{pk}".encode()).digest())[:size])
