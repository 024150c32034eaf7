"""The calendar of the demonstrator cars, and the drives of a purchase (REC-05)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.calendar import DAY, Calendar
from apps.accounts.queries import calendar_of
from apps.reception.choices.drive import HOLDING, DriveStatus
from apps.reception.choices.opportunity import WORKED
from apps.reception.models import DemoCar, Opportunity, TestDrive
from apps.reception.policy.drive import Cell, Span, day_cells, free_starts
from apps.reception.queries.opportunities import ALL, seen_by

SHOWN = ("demo_car__car_model", "route", "consultant", "opportunity__customer", "store")
NEAREST = 4  # free times that are offered
GONE = (DriveStatus.CANCELLED,)


def drives(user: Any) -> QuerySet[TestDrive]:
    """The drives that this person sees whole: a consultant those of his purchases."""
    rows: QuerySet[TestDrive] = seen_by(
        user, TestDrive.objects.select_related(*SHOWN), "opportunity__consultant"
    )
    return rows


def is_seen(user: Any, row: TestDrive) -> bool:
    """Whether ``drives`` holds a row of one of his stores, without asking again."""
    return bool(user.has_perm(ALL)) or row.opportunity.consultant_id == user.pk


def span_of(on: date, view: str) -> tuple[date, date]:
    """The first and the last day of what is shown: a day, its week or its month."""
    if view == "week":
        monday = on - DAY * on.weekday()
        return monday, monday + DAY * 6
    if view == "month":
        first = on.replace(day=1)
        return first, (first + DAY * 31).replace(day=1) - DAY
    return on, on


def between(rows: QuerySet[TestDrive], first: date, last: date) -> QuerySet[TestDrive]:
    """Those that begin on these days, in the order of time; not the cancelled ones."""
    return (
        rows.filter(starts_at__gte=midnight(first), starts_at__lt=midnight(last + DAY))
        .exclude(status__in=GONE)
        .order_by("starts_at", "pk")
    )


def midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def hours(calendar: Calendar, on: date) -> tuple[datetime, datetime] | None:
    """From when to when cars may be driven on a day; None when the store is closed."""
    opens = calendar.opens_at(on)
    if opens is None:
        return None
    opening, closing = (
        timezone.make_aware(datetime.combine(on, clock)) for clock in (opens, calendar.closes)
    )
    return opening.replace(minute=opening.minute // 30 * 30), closing


def taken(
    demo_car: int | None,
    consultant: int | None,
    start: datetime,
    end: datetime,
    *,
    without: int | None = None,
) -> list[TestDrive]:
    """The drives that hold the car, or the consultant, in [start, end)."""
    rows = TestDrive.objects.filter(
        Q(demo_car=demo_car) | Q(consultant=consultant),
        status__in=HOLDING,
        starts_at__lt=end,
        ends_at__gt=start,
    ).exclude(pk=without)
    return list(rows.select_related("demo_car__car_model", "consultant").order_by("starts_at"))


def free_times(
    demo_car: DemoCar,
    consultant: int,
    near: datetime,
    minutes: int,
    *,
    after: datetime,
    without: int | None = None,
) -> list[datetime]:
    """The four starts of the day of ``near``, nearest to it, at which both are free. Two queries.

    None before ``after`` (now).
    """
    open_ = hours(calendar_of(demo_car.store), timezone.localdate(near))
    if open_ is None:
        return []
    rows = taken(demo_car.pk, consultant, *open_, without=without)
    spans = [Span(row.starts_at, row.ends_at) for row in rows]
    length = timedelta(minutes=minutes)
    found = free_starts(spans, length, after=after, opens=open_[0], closes=open_[1])
    return sorted(sorted(found, key=lambda start: abs(start - near))[:NEAREST])


@dataclass(frozen=True)
class Day:
    """One car's day: ``cells`` when the hours are drawn, else only its drives."""

    on: date
    open: bool
    cells: list[Cell]
    drives: list[TestDrive]


@dataclass(frozen=True)
class Line:
    """One car of the calendar with the days that are shown."""

    car: DemoCar
    days: list[Day]


def calendar_lines(
    cars: Collection[DemoCar], rows: Collection[TestDrive], days: list[date], calendar: Calendar
) -> list[Line]:
    """The calendar of ``days`` for each car; the hours of a single day are drawn. No query."""
    found: dict[tuple[int, date], list[TestDrive]] = {}
    for row in rows:
        found.setdefault((row.demo_car_id, timezone.localdate(row.starts_at)), []).append(row)
    single = len(days) == 1

    def day(car: DemoCar, on: date) -> Day:
        own = found.get((car.pk, on), [])
        open_ = hours(calendar, on)
        cells = []
        if single and open_ is not None:
            cells = day_cells(*open_, [Span(row.starts_at, row.ends_at, row) for row in own])
        return Day(on, open_ is not None, cells, own)

    return [Line(car, [day(car, on) for on in days]) for car in cars]


def cars_of(user: Any) -> QuerySet[DemoCar]:
    """The cars of the stores that he sees: those that may be booked first."""
    rows: QuerySet[DemoCar] = DemoCar.objects.visible_to(user)
    return rows.select_related("car_model", "trim", "store").order_by(
        "-is_used", "car_model__name", "plate"
    )


def bookable(user: Any) -> QuerySet[Opportunity]:
    """His purchases for which a drive can be booked, the last spoken to first."""
    rows: QuerySet[Opportunity] = seen_by(user).filter(store=user.store_id, status__in=WORKED)
    shown = rows.select_related("customer", "consultant", "car_model", "trim")
    return shown.order_by("-opened_at", "-pk")


def today_of(user: Any, now: datetime) -> QuerySet[TestDrive]:
    """A consultant's drives of today that are not over yet, and those still on the road."""
    today = timezone.localdate(now)
    rows = drives(user).filter(
        Q(status=DriveStatus.OUT)
        | Q(
            status=DriveStatus.BOOKED,
            starts_at__gte=midnight(today),
            starts_at__lt=midnight(today + DAY),
        )
    )
    return rows.filter(consultant=user.pk).order_by("starts_at", "pk")


def pictures_kept(among: Collection[str] | None = None) -> QuerySet[Any, Any]:
    """(name,) of each signature that a drive speaks of, ``among`` these (I8)."""
    signed = TestDrive.objects.filter(signature__isnull=False).order_by()
    if among is not None:
        signed = signed.filter(signature__in=among)
    return signed.values_list("signature")
