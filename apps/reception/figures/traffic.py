"""What came through the showroom's door, and what became of it (REC-02).

Every number counts rows of ``parties``: the register shows the same rows for the same address.
A purchase is counted once, at the party with which it came in first: rates of hours, sources and
consultants add up, and a buyer who came three times is one of three parties, not three of three.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate
from django.utils import timezone

from apps.reception.choices.order import OrderStatus
from apps.reception.choices.visit import Stage
from apps.reception.models import Quotation, SalesOrder, ShowroomVisit, TestDrive

USUAL_DAYS = 30
NOBODY = "none"  # taken by no consultant
SIGNED = (OrderStatus.SIGNED, OrderStatus.DEPOSITED, OrderStatus.DELIVERED)
SHOWN = ("customer", "consultant", "greeted_by", "turn_of", "opportunity", "store")
IN_TIME = Q(greeted_at__lte=F("greet_until"))
LATE = Q(greeted_at__gt=F("greet_until")) | Q(greeted_at=None, left_at__isnull=False)


def _of_purchase(rows: QuerySet[Any]) -> Q:
    return Q(left_card=True) & Q(Exists(rows.filter(opportunity=OuterRef("opportunity"))))


STAGES: dict[Stage, Q] = {
    Stage.CARD: Q(left_card=True),
    Stage.DRIVE: _of_purchase(TestDrive.objects.filter(out_at__isnull=False)),
    Stage.QUOTATION: _of_purchase(Quotation.objects.all()),
    Stage.ORDER: _of_purchase(SalesOrder.objects.filter(status__in=SIGNED)),
    Stage.DELIVERY: _of_purchase(SalesOrder.objects.filter(status=OrderStatus.DELIVERED)),
}


def parties(store_ids: Iterable[int], asked: Mapping[str, Any]) -> QuerySet[ShowroomVisit]:
    """The parties that are asked for, the newest first.

    ``asked``, all of it optional: days ``since`` and ``until`` (both counted), ``hour``,
    ``weekday`` (1 Monday), ``source``, ``purpose``, ``result``, ``consultant`` (pk, or
    ``NOBODY``), ``first`` (bool), ``late``, ``stage``.
    """
    rows: QuerySet[ShowroomVisit] = ShowroomVisit.objects.filter(store__in=store_ids)
    if since := asked.get("since"):
        rows = rows.filter(arrived_at__gte=_midnight(since))
    if until := asked.get("until"):
        rows = rows.filter(arrived_at__lt=_midnight(until + timedelta(days=1)))
    if (hour := asked.get("hour")) is not None:
        rows = rows.filter(arrived_at__hour=hour)
    if weekday := asked.get("weekday"):
        rows = rows.filter(arrived_at__iso_week_day=weekday)
    for name in ("source", "purpose", "result"):
        if value := asked.get(name):
            rows = rows.filter(**{name: value})
    if consultant := asked.get("consultant"):
        rows = rows.filter(consultant=None if consultant == NOBODY else consultant)
    if (first := asked.get("first")) is not None:
        rows = rows.filter(first_time=first)
    if asked.get("late"):
        rows = rows.filter(LATE)
    if stage := asked.get("stage"):
        rows = rows.filter(STAGES[stage])
    return rows.order_by("-arrived_at", "-pk")


def period(asked: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What is asked for; the last 30 days where no day is."""
    until = asked.get("until") or today
    since = asked.get("since") or until - timedelta(days=USUAL_DAYS - 1)
    return {**asked, "since": min(since, until), "until": until}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass
class Count:
    """So many parties, and how many of them did what."""

    parties: int = 0
    people: int = 0
    in_time: int = 0
    late: int = 0
    stages: dict[Stage, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))

    def __add__(self, other: "Count") -> "Count":
        stages = {stage: n + other.stages[stage] for stage, n in self.stages.items()}
        return Count(
            self.parties + other.parties,
            self.people + other.people,
            self.in_time + other.in_time,
            self.late + other.late,
            stages,
        )

    def of_parties(self, number: int) -> float | None:
        """Per cent of the parties, to one place; None of none."""
        return round(100 * number / self.parties, 1) if self.parties else None

    @property
    def in_time_rate(self) -> float | None:
        return self.of_parties(self.in_time)


@dataclass(frozen=True)
class Traffic:
    """The counts of a time. ``hours``: by (weekday, hour); ``consultants``: None for nobody."""

    whole: Count
    days: dict[date, Count]
    hours: dict[tuple[int, int], Count]
    sources: dict[str, Count]
    consultants: dict[int | None, Count]

    def by_hour(self) -> dict[int, Count]:
        return _summed((hour, count) for (_day, hour), count in self.hours.items())

    def by_weekday(self) -> dict[int, Count]:
        return _summed((day, count) for (day, _hour), count in self.hours.items())

    def by_month(self) -> dict[date, Count]:
        return _summed((day.replace(day=1), count) for day, count in self.days.items())


def _summed(pairs: Iterable[tuple[Any, Count]]) -> dict[Any, Count]:
    found: dict[Any, Count] = {}
    for key, count in pairs:
        found[key] = found.get(key, Count()) + count
    return dict(sorted(found.items()))


_SETS = ("day", "weekday, hour", "source", "consultant")


def traffic(store_ids: Iterable[int], asked: Mapping[str, Any]) -> Traffic:
    """The parties that are asked for, counted from every side. One query that reads them once."""
    rows = parties(store_ids, asked).order_by()
    flags = {f"at_{stage}": condition for stage, condition in STAGES.items()}
    asks: tuple[Any, ...] = (
        TruncDate("arrived_at"),
        ExtractIsoWeekDay("arrived_at"),
        ExtractHour("arrived_at"),
        "source",
        "consultant",
        "party_size",
        IN_TIME,
        LATE,
        *flags.values(),
    )
    said = ("in_time", "late", *flags)
    select, params = rows.values_list(*asks).query.sql_with_params()
    names = ", ".join(("day", "weekday", "hour", "source", "consultant", "people", *said))
    counts = ", ".join(f"count(*) FILTER (WHERE {name})" for name in said)
    sets = ", ".join(f"({one})" for one in ("", *_SETS))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT grouping(day, weekday, source, consultant), day, weekday, hour, source, "
            f"consultant, count(*), coalesce(sum(people), 0), {counts} "
            f"FROM ({select}) AS party ({names}) GROUP BY GROUPING SETS ({sets})",
            params,
        )
        return _read(cursor.fetchall())


def _read(rows: Iterable[tuple[Any, ...]]) -> Traffic:
    """``grouping`` has a bit for each column that the row is not grouped by."""
    whole, days, hours, sources, consultants = Count(), {}, {}, {}, {}
    for sets, day, weekday, hour, source, consultant, n, people, in_time, late, *at in rows:
        count = Count(n, people, in_time, late, dict(zip(STAGES, at, strict=True)))
        if sets == 0b0111:
            days[day] = count
        elif sets == 0b1011:
            hours[weekday, hour] = count
        elif sets == 0b1101:
            sources[source] = count
        elif sets == 0b1110:
            consultants[consultant] = count
        else:
            whole = count
    return Traffic(whole, days, hours, sources, consultants)
