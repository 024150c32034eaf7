"""A time-line: rows of many tables in one order, the newest first, read piece by piece (CUS-06).

Each app's ``people.py`` names its tables as ``Source``s; ``newest`` reads from each of them no
more rows than a piece has, wherever on the line the piece begins.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """Where an entry stands: no two entries of a line share one; the newest has the greatest."""

    moment: datetime
    source: str
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // MICROSECOND}.{self.source}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What ``str`` gave; None for anything else."""
        found = re.fullmatch(r"(-?\d{1,16})\.(\w{1,20})\.(\d{1,18})", text, re.ASCII)
        if found is None:
            return None
        return cls(EPOCH + int(found[1]) * MICROSECOND, found[2], int(found[3]))


class Told(NamedTuple):
    """What an entry says. ``link``: ("call", pk), ("car", pk) or ("customer", pk)."""

    title: str
    detail: str = ""
    link: tuple[str, int] | None = None


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened, and where on the line it stands."""

    at: datetime | date
    kind: str
    title: str
    detail: str
    link: tuple[str, int] | None
    place: Place


@dataclass(frozen=True)
class Source:
    """One table on a line. ``field`` (a column or an annotation) says when; ``by_day`` when it
    holds a day without an hour, which counts as its end. Rows without it are not on the line."""

    name: str
    kind: str  # "message", "call", "visit" …: the filter and the icon
    rows: QuerySet[Any]
    field: str
    tell: Callable[[Any], Told]
    by_day: bool = False

    def newest(self, before: Place | None, limit: int) -> list[TimelineEntry]:
        """One query, at most ``limit`` rows."""
        rows = self.rows.filter(**{f"{self.field}__isnull": False})
        if before is not None:
            rows = rows.filter(self._before(before))
        return [self._entry(row) for row in rows.order_by(f"-{self.field}", "-pk")[:limit]]

    def _before(self, place: Place) -> Q:
        value: Any = place.moment
        earlier = f"{self.field}__lt"
        if self.by_day:
            value = timezone.localdate(place.moment)
            if place.moment < end_of(value):
                return Q(**{earlier: value})
        if self.name == place.source:
            same = Q(**{self.field: value}, pk__lt=place.pk)
            return Q(**{f"{self.field}__lte": value}) & (Q(**{earlier: value}) | same)
        return Q(**{f"{self.field}__lte" if self.name < place.source else earlier: value})

    def _entry(self, row: Any) -> TimelineEntry:
        at = getattr(row, self.field)
        place = Place(end_of(at) if self.by_day else at, self.name, row.pk)
        return TimelineEntry(at, self.kind, *self.tell(row), place)


def newest(
    sources: Iterable[Source], *, before: Place | None = None, limit: int
) -> list[TimelineEntry]:
    """The ``limit`` newest entries before a place, or of all. One query for each source."""
    found = [source.newest(before, limit) for source in sources]
    line = merge(*found, key=lambda entry: entry.place, reverse=True)
    return list(islice(line, limit))


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
