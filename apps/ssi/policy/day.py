"""The specialist's day SSI回访专员每日工作流程 (SSI-06): what is owed at which hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from apps.ssi.policy.rooms import SECOND_FROM, SECOND_UNTIL


@dataclass(frozen=True)
class Hours:
    """When a piece of work has its place. ``until`` None: until the house closes."""

    start: time
    until: time | None = None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.until:%H:%M}" if self.until else f"{self.start:%H:%M}"


# In the order of the source's page of the day.
DAY: dict[str, Hours] = {
    "first_check": Hours(time(8, 30), time(9, 30)),
    "dsm": Hours(time(9, 30), time(11, 30)),
    "surveys": Hours(time(9), None),
    "quick": Hours(time(8, 30), None),
    "second_check": Hours(SECOND_FROM, SECOND_UNTIL),
    "reminders": Hours(time(13, 30), None),
    "mileage": Hours(time(13, 30), None),
    "bookings": Hours(time(16, 30), None),
}
ORDER = tuple(DAY)


@dataclass(frozen=True)
class Count:
    """How much of one piece of work is left today, and how much is done."""

    left: int = 0
    done: int = 0


def with_second(start: time, until: time) -> dict[str, Hours]:
    """The day of a store that has hours of its own for the second check."""
    return DAY | {"second_check": Hours(start, until)}


def is_late(key: str, count: Count, now: time, day: Mapping[str, Hours] = DAY) -> bool:
    """Something is left of it after its hours."""
    until = day[key].until
    return count.left > 0 and until is not None and now > until


def is_now(key: str, now: time, day: Mapping[str, Hours] = DAY) -> bool:
    hours = day[key]
    return hours.start <= now and (hours.until is None or now <= hours.until)


def what_is_left_first(
    keys: Iterable[str],
    counts: dict[str, Count],
    now: time,
    day: Mapping[str, Hours] = DAY,
) -> list[str]:
    """What is late, then what is left in the order of the day, then what is done."""
    return sorted(
        keys,
        key=lambda key: (
            not is_late(key, counts[key], now, day),
            counts[key].left == 0,
            ORDER.index(key),
        ),
    )
