"""The workshop's rules as pure functions: free slots, and when parts are there (SVC-02, 06, 14).

A time of day is minutes since midnight; a range is [start, end).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.service.choices import Cover, Lack, RepairKind, Skill

ANY_WORK, ANY_KIND = Skill.GENERAL, RepairKind.REPAIR  # of a visit without a chosen operation


class Resource(NamedTuple):
    """A bay or a technician on one day: what for, and from when until when."""

    pk: int
    skills: frozenset[str]
    start: int
    end: int


class Taken(NamedTuple):
    """What an appointment holds on its day."""

    start: int
    end: int
    bay: int
    technician: int


@dataclass(frozen=True)
class Job:
    """What is to be booked: how long, and the skill that bay and technician need."""

    minutes: int
    skill: str


@dataclass(frozen=True)
class Day:
    """A workshop's day: its hours, who and what is there, what is booked.

    ``labour``: minutes of work that may be booked on the day altogether; None: as many as
    bays and technicians hold.
    """

    on: date
    opens: int
    closes: int
    step: int
    labour: int | None
    bays: tuple[Resource, ...]
    technicians: tuple[Resource, ...]
    taken: tuple[Taken, ...]


@dataclass(frozen=True)
class Slot:
    """A free time with the bay and the technician that would have it."""

    on: date
    start: int
    bay: int
    technician: int


def labour_left(day: Day) -> int | None:
    """Minutes that may still be booked on the day; None: no limit (SVC-02)."""
    if day.labour is None:
        return None
    return max(0, day.labour - sum(one.end - one.start for one in day.taken))


def free_slots(day: Day, job: Job, earliest: int = 0) -> Iterator[Slot]:
    """The starts of the day at which a bay and a technician are free together (SVC-14).

    From ``earliest`` on, in steps of the day's slot length counted from opening.
    """
    able = _able(day, job)
    for start in range(day.opens, day.closes - job.minutes + 1, day.step):
        if start >= earliest and (slot := _place(day, job, start, *able)):
            yield slot


def place_at(
    day: Day, job: Job, start: int, bay: int | None = None, technician: int | None = None
) -> Slot | None:
    """Who and what would take the job at ``start``; None when something is not free.

    ``bay``, ``technician``: the one that is wanted; None: any, of those that can do it the one
    with the fewest other uses, then the least busy one. Never more than the labour hours of the
    day (SVC-02).
    """
    bays, technicians = _able(day, job)
    return _place(
        day,
        job,
        start,
        [one for one in bays if bay in (None, one[0].pk)],
        [one for one in technicians if technician in (None, one[0].pk)],
    )


Busy = list[tuple[int, int]]
Able = list[tuple[Resource, Busy]]


def _able(day: Day, job: Job) -> tuple[Able, Able]:
    left = labour_left(day)
    if left is not None and left < job.minutes:
        return [], []
    return (
        _by_preference(day.bays, job, ((one.bay, one) for one in day.taken)),
        _by_preference(day.technicians, job, ((one.technician, one) for one in day.taken)),
    )


def _by_preference(
    resources: Iterable[Resource], job: Job, taken: Iterable[tuple[int, Taken]]
) -> Able:
    """Those that can do the job with what they are busy with, the ones to take first first."""
    able = {one.pk: one for one in resources if job.skill in one.skills}
    busy: dict[int, Busy] = {pk: [] for pk in able}
    for pk, one in taken:
        if pk in busy:
            busy[pk].append((one.start, one.end))

    def load(pk: int) -> tuple[int, int, int]:
        return len(able[pk].skills), sum(end - start for start, end in busy[pk]), pk

    return [(able[pk], busy[pk]) for pk in sorted(able, key=load)]


def _place(day: Day, job: Job, start: int, bays: Able, technicians: Able) -> Slot | None:
    bay = _first_free(bays, start, start + job.minutes)
    technician = _first_free(technicians, start, start + job.minutes)
    if bay is None or technician is None:
        return None
    return Slot(day.on, start, bay, technician)


def _first_free(able: Able, start: int, end: int) -> int | None:
    for one, busy in able:
        inside = one.start <= start and end <= one.end
        if inside and all(end <= begins or ends <= start for begins, ends in busy):
            return one.pk
    return None


def lack(day: Day | None, taken: Taken, skill: str) -> Lack | None:
    """What an appointment needs and the day does not have at its time; None: it can be kept."""
    if day is None or taken.start < day.opens or taken.end > day.closes:
        return Lack.DAY
    for what, resources, pk in (
        (Lack.BAY, day.bays, taken.bay),
        (Lack.TECHNICIAN, day.technicians, taken.technician),
    ):
        one = next((one for one in resources if one.pk == pk), None)
        if one is None or skill not in one.skills or taken.start < one.start or taken.end > one.end:
            return what
    return None


def room(day: Day, skill: str | None = None) -> int:
    """The most minutes of work (of ``skill``) that the day can take: bays, technicians and
    labour hours each limit it (SVC-02)."""
    able = [
        sum(one.end - one.start for one in resources if skill is None or skill in one.skills)
        for resources in (day.bays, day.technicians)
    ]
    return max(0, min(able if day.labour is None else [*able, day.labour]))


def promised_part(stock: int, moves: Sequence[tuple[date, int]], today: date, on: date) -> int:
    """How many pieces can be promised for day ``on`` (available to promise, SVC-06).

    ``moves``: (day, pieces) of supplies that are expected (+) and of reservations (-). A supply
    that is late is not counted on, a reservation of a day gone by still holds its pieces.
    Never more than any later reservation leaves.
    """
    changes: dict[date, int] = {}
    for day, pieces in moves:
        if pieces > 0 and day < today:
            continue
        changes[max(day, today)] = changes.get(max(day, today), 0) + pieces
    level = stock + sum(pieces for day, pieces in changes.items() if day <= on)
    lowest = level
    for day in sorted(day for day in changes if day > on):
        level += changes[day]
        lowest = min(lowest, level)
    return max(0, lowest)


def parts_ready_on(
    needed: Mapping[int, int],
    stock: Mapping[int, int],
    moves: Mapping[int, Sequence[tuple[date, int]]],
    today: date,
) -> tuple[date | None, list[int]]:
    """The first day on which all needed pieces can be promised, and the parts that are short.

    Short is what cannot be promised for today. (None, short): a part must be ordered first.
    """
    ready, short, missing = today, [], False
    for part, pieces in needed.items():
        own = moves.get(part, ())
        days = sorted({today, *(max(day, today) for day, _pieces in own)})
        first = next(
            (day for day in days if promised_part(stock[part], own, today, day) >= pieces), None
        )
        if first != today:
            short.append(part)
        if first is None:
            missing = True
        else:
            ready = max(ready, first)
    return (None if missing else ready), short


@dataclass(frozen=True)
class Need:
    """Pieces of one part that somebody needs on a day."""

    who: int
    on: date
    pieces: int


@dataclass(frozen=True)
class Covered:
    """How a need is met; ``on``: the day of the last supply that it waits for."""

    how: Cover
    short: int = 0  # pieces that nobody has ordered
    on: date | None = None


def cover(
    stock: int, supplies: Sequence[tuple[date, int]], needs: Sequence[Need], today: date
) -> list[tuple[Need, Covered]]:
    """Who gets which pieces of a part: the nearest visit first, from the stock, then from what
    is expected in the order of its days (SVC-06). A supply that should have come is late.
    """
    days, left_of = [day for day, _n in sorted(supplies)], [n for _day, n in sorted(supplies)]
    found = []
    for need in sorted(needs, key=lambda need: need.on):
        left = need.pieces - (own := min(stock, need.pieces))
        stock -= own
        used: list[date] = []
        for n, day in enumerate(days):
            if taken := min(left, left_of[n]):
                left_of[n] -= taken
                left -= taken
                used.append(day)
        if left:
            how = Cover.MISSING
        elif not used:
            how = Cover.STOCK
        else:
            how = Cover.LATE if used[0] < today or used[-1] > need.on else Cover.COMING
        found.append((need, Covered(how, left, used[-1] if used else None)))
    return found


_USUAL = re.compile(r"(.+?)(?:\s*[*×]\s*(\d{1,3})|\s+[xX]\s*(\d{1,3}))?")


def usual_parts(text: str) -> dict[str, int]:
    """Part numbers with their pieces, written as "A-1, B-2 × 4": one a line, or with commas
    or semicolons between. Raises ValueError with a sentence."""
    found: dict[str, int] = {}
    for piece in re.split(r"[\n;；,，、]", text):
        if not (piece := piece.strip()):
            continue
        match = _USUAL.fullmatch(piece)
        pieces = int((match and (match[2] or match[3])) or 1)
        if match is None or pieces == 0 or len(match[1]) > 40:
            raise ValueError(
                _("“%(text)s” is not a part number with its pieces; write it as A-100 × 2")
                % {"text": piece[:60]}
            )
        found[match[1]] = found.get(match[1], 0) + pieces
    return found
