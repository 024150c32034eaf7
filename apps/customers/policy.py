"""The rules of the archive as plain values: no database, no clock, no request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from apps.core.dates import add_months

RATE_WINDOW = timedelta(days=365)  # CARE-27: the readings that make the rate
RATE_DAYS = 30  # CARE-27: the fewest days between the two readings of a rate
WARRANTY_MONTHS, WARRANTY_KM = 36, 100_000  # where the car's own are not known
UNDO_FOR = timedelta(days=30)  # CUS-04: how long a merge can be undone
# CUS-10: a gap's place on the work list is tier × GAP_TIER + days from GAP_DAY_ZERO until due.
GAP_TIER = 100_000
GAP_NOT_DUE = GAP_TIER - 1
GAP_DAY_ZERO = date(2000, 1, 1)
GAP_DUE_AHEAD, GAP_DUE_BEHIND = 30, 90  # days in which a car counts as due


class Reading(NamedTuple):
    """An odometer reading as the chain sees it; ``decided`` is what a person said of it."""

    on: date
    km: int
    decided: bool | None = None  # True: accepted by a person, False: rejected, None: undecided


@dataclass(frozen=True)
class MileageLimits:
    """CUS-07 and CARE-27 numbers of the store's ``CustomerPolicy`` in force."""

    km_per_day: int = 300
    slack_km: int = 500
    usual_km_per_day: int = 40


def accepted(
    readings: Iterable[Reading],
    limits: MileageLimits,
    *,
    delivered_on: date | None = None,
    first_visit_on: date | None = None,
) -> list[Reading]:
    """The longest chain of readings that one car can have driven (CUS-07).

    In the order of their dates (same day: the lower first) each is not below the one before
    and not above it by more than ``km_per_day`` a day + ``slack_km``. Of equally long chains
    the one that ends latest wins, and then at each step back the latest before it. Delivery
    is a reading of 0 km from which the chain starts, unless a visit or reading is older (a
    used car). What a person decided stays: an accepted reading is in every chain, a rejected
    one in none.
    """
    once = {(r.on, r.km): r for r in sorted(readings, key=_undecided_first)}
    points = sorted((r for r in once.values() if r.decided is not False), key=_on_and_km)
    oldest = min((d for d in (first_visit_on, points[0].on if points else None) if d), default=None)
    if delivered_on and not (oldest and oldest < delivered_on):
        points = [p for p in points if (p.on, p.km) != (delivered_on, 0)]
        points.insert(0, Reading(delivered_on, 0, decided=True))
    return _longest_chain(points, limits)


_on_and_km = itemgetter(0, 1)


def _undecided_first(reading: Reading) -> bool:
    return reading.decided is not None


def _longest_chain(points: list[Reading], limits: MileageLimits) -> list[Reading]:
    """Dynamic programming from the left: ``best[i]`` is the longest chain that ends at i."""
    if all(_may_follow(a, b, limits) for a, b in pairwise(points)):
        return points  # nothing to leave out: nearly every car
    best: list[int] = []
    before: list[int | None] = []
    for i, point in enumerate(points):
        length, previous = 1, None
        for j in range(i - 1, -1, -1):
            if best[j] and best[j] + 1 > length and _may_follow(points[j], point, limits):
                length, previous = best[j] + 1, j
            if points[j].decided:  # no chain passes over a reading that a person accepted
                if previous is None:
                    length = 0
                break
        best.append(length)
        before.append(previous)
    last_forced = max((i for i, p in enumerate(points) if p.decided), default=0)
    ends = [i for i in range(last_forced, len(points)) if best[i]]
    if not ends:
        return []
    at: int | None = max(ends, key=lambda i: (best[i], i))
    chain = []
    while at is not None:
        chain.append(points[at])
        at = before[at]
    return chain[::-1]


def _may_follow(a: Reading, b: Reading, limits: MileageLimits) -> bool:
    if a.decided and b.decided:
        return True
    return 0 <= b.km - a.km <= limits.km_per_day * (b.on - a.on).days + limits.slack_km


class Rate(NamedTuple):
    """Kilometres in days, kept as two whole numbers: the rate is never rounded (CARE-27)."""

    km: int
    days: int

    def days_for(self, km: int) -> int:
        """The whole days after which ``km`` more are on the clock; never negative."""
        return max(0, -(-km * self.days // self.km))


def rate(chain: list[Reading], limits: MileageLimits) -> Rate:
    """How fast this car drives, from the accepted readings of the last 365 days (CARE-27)."""
    if chain:
        last = chain[-1]
        first = next(r for r in chain if r.on >= last.on - RATE_WINDOW)
        days = (last.on - first.on).days
        if days >= RATE_DAYS:
            return Rate(max(last.km - first.km, days), days)  # never under 1 km a day
    return Rate(limits.usual_km_per_day, 1)


class CarFacts(NamedTuple):
    """What is known of one car on a day: only facts dated on or before it."""

    sold_here: bool = False
    delivered_on: date | None = None
    last_visit_on: date | None = None
    last_maintenance_on: date | None = None
    elsewhere_on: date | None = None  # the last maintenance done elsewhere (CARE-13)
    first_visit_on: date | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Interval:
    """The numbers of the ``MaintenanceSchedule`` in force for the car's model."""

    months: int = 6
    km: int = 7500
    early_days: int = 21  # CARE-27: opens so many days before
    near_days: int = 30  # CARE-10: near by time *and*
    near_km: int = 1000  # by kilometres


class CarDues(NamedTuple):
    """What follows from the facts of one car: the derived columns of ``Vehicle``."""

    base_on: date | None = None
    base_km: int | None = None
    last_km: int | None = None
    last_km_on: date | None = None
    rate_km: int = 40
    rate_days: int = 1
    maintenance_due_on: date | None = None
    maintenance_opens_on: date | None = None


def chain_of(facts: CarFacts, limits: MileageLimits) -> list[Reading]:
    """The accepted readings of one car (CUS-07)."""
    return accepted(
        facts.readings,
        limits,
        delivered_on=facts.delivered_on if facts.sold_here else None,
        first_visit_on=facts.first_visit_on,
    )


def car_dues(
    facts: CarFacts,
    interval: Interval,
    limits: MileageLimits,
    chain: list[Reading] | None = None,
) -> CarDues:
    """The next maintenance and what it was reckoned from (CARE-27).

    ``maintenance_due_on`` is CARE-27's event_on; None when the car has no base_on. ``chain``
    spares working out ``chain_of`` a second time.
    """
    delivered_on = facts.delivered_on if facts.sold_here else None
    if chain is None:
        chain = chain_of(facts, limits)
    speed = rate(chain, limits)
    last = chain[-1] if chain else None
    bases = [d for d in (facts.last_maintenance_on, delivered_on, facts.elsewhere_on) if d]
    last_km, last_on = (last.km, last.on) if last else (None, None)
    if not bases:
        return CarDues(None, None, last_km, last_on, speed.km, speed.days)
    on = max(bases)
    km = next((r.km for r in reversed(chain) if r.on == on), None)
    due_on, opens_on = _next_maintenance(on, km, last, speed, interval)
    return CarDues(on, km, last_km, last_on, speed.km, speed.days, due_on, opens_on)


def _next_maintenance(
    base_on: date, base_km: int | None, last: Reading | None, speed: Rate, interval: Interval
) -> tuple[date, date]:
    """When it is due and from when it is called about: by time or by kilometres (CARE-10, 27)."""

    def reaches(km_after_base: int) -> date:
        if base_km is None or last is None:
            return base_on + timedelta(days=speed.days_for(km_after_base))
        return last.on + timedelta(days=speed.days_for(base_km + km_after_base - last.km))

    due_on = min(add_months(base_on, interval.months), reaches(interval.km))
    early = due_on - timedelta(days=interval.early_days)
    near = max(due_on - timedelta(days=interval.near_days), reaches(interval.km - interval.near_km))
    return due_on, min(early, near)
