"""Rules of a hand-over as plain values: light, time box, length. No database, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.delivery.choices.hand_over import Light, ReadyPoint, Step

HALF_HOUR = 30


def light(done: Collection[str], on: date, prepared_by: time, now: datetime) -> Light:
    """Red from ``prepared_by`` of the day before on while a point is missing (DEL-08).

    ``now`` is local. ``done``: values of ``ReadyPoint``.
    """
    if set(done) >= set(ReadyPoint.values):
        return Light.GREEN
    late = datetime.combine(on - timedelta(days=1), prepared_by, tzinfo=now.tzinfo)
    return Light.RED if now >= late else Light.AMBER


@dataclass(frozen=True)
class Span:
    """When a step of the hand-over began and ended."""

    step: str
    started_at: datetime
    ended_at: datetime

    @property
    def minutes(self) -> int:
        return round((self.ended_at - self.started_at).total_seconds() / 60)


def spans(ended: Mapping[str, datetime], started_at: datetime, now: datetime) -> list[Span]:
    """The steps one after another from the moments at which each ended.

    A step nobody marked ended with the next one that was; what a device's wrong clock says is
    kept between ``started_at`` and ``now``.
    """
    found: list[Span] = []
    moments: dict[str, datetime] = {}
    bound = now
    for step in reversed(Step.values):
        bound = moments[step] = min(ended.get(step) or bound, bound)
    begin = started_at
    for step in Step.values:
        end = max(begin, moments[step])
        found.append(Span(step, begin, end))
        begin = end
    return found


def odd_length(minutes: int, planned: int) -> str:
    """ "short" or "long" when a hand-over took less than half, or over one and a half, of what
    was planned (DEL-03); "" else."""
    if minutes * 2 < planned:
        return "short"
    return "long" if minutes * 2 > planned * 3 else ""


@dataclass(frozen=True)
class Busy:
    """A time that something or somebody is taken, in minutes since midnight."""

    area: int
    consultant: int
    start: int
    end: int


def place_at(
    areas: Sequence[int],
    taken: Collection[Busy],
    consultant: int,
    start: int,
    minutes: int,
    wanted: int | None = None,
) -> int | None:
    """The area for a hand-over at ``start``: ``wanted``, or the first that is free (DEL-01).

    None: no area, or the consultant is with another customer then.
    """
    meanwhile = [one for one in taken if one.start < start + minutes and start < one.end]
    if any(one.consultant == consultant for one in meanwhile):
        return None
    full = {one.area for one in meanwhile}
    free = [area for area in areas if area not in full and wanted in (None, area)]
    return free[0] if free else None


def free_starts(
    areas: Sequence[int],
    taken: Collection[Busy],
    consultant: int,
    hours: tuple[int, int],
    minutes: int,
) -> list[int]:
    """The starts of a day, each half hour inside ``hours``, that are free."""
    opens, closes = hours
    first = -(-opens // HALF_HOUR) * HALF_HOUR
    return [
        start
        for start in range(first, closes - minutes + 1, HALF_HOUR)
        if place_at(areas, taken, consultant, start, minutes) is not None
    ]
