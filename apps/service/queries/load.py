"""How full the workshop is, and whom it can no longer keep its word to (SVC-02, SVC-14)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Max, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format

from apps.accounts.calendar import DAY
from apps.accounts.models import Store
from apps.service import policy
from apps.service.choices import HOLDING, Lack, Skill
from apps.service.models import Appointment, BayClosure, ServiceDay
from apps.service.queries.days import book_ahead_until, days_between, minute

WEEK = 7


@dataclass(frozen=True)
class Fill:
    """Minutes that are booked and minutes that can be booked."""

    booked: int
    room: int

    @property
    def percent(self) -> int:
        """May be over 100: bays were closed, labour hours set lower."""
        return round(100 * self.booked / self.room) if self.room else 100 if self.booked else 0

    @property
    def tone(self) -> str:
        return "red" if self.percent > 100 else "orange" if self.percent >= 85 else "green"


@dataclass(frozen=True)
class Load:
    """One day: None when the workshop is closed, and whatever is booked all the same."""

    on: date
    open: bool
    whole: Fill
    skills: list[tuple[str, Fill]]


def load_of_week(store: Store, monday: date) -> list[Load]:
    """How full the seven days are, altogether and for each skill. Nine queries."""
    sunday = monday + DAY * (WEEK - 1)
    days = {day.on: day for day in days_between(store, monday, sunday)}
    booked: dict[tuple[date, str], int] = defaultdict(int)
    rows = Appointment.objects.filter(
        store=store, on__range=(monday, sunday), status__in=HOLDING
    ).order_by()
    for on, skill, length in rows.values_list("on", "skill").annotate(
        length=Sum(F("ends_at") - F("starts_at"))
    ):
        booked[on, skill] = int(length.total_seconds()) // 60
    return [_load(monday + DAY * n, days, booked) for n in range(WEEK)]


def _load(on: date, days: dict[date, policy.Day], booked: dict[tuple[date, str], int]) -> Load:
    day = days.get(on)
    skills = [
        (skill.value, Fill(booked[on, skill.value], policy.room(day, skill) if day else 0))
        for skill in Skill
    ]
    whole = Fill(sum(fill.booked for _skill, fill in skills), policy.room(day) if day else 0)
    return Load(on, day is not None, whole, skills)


@dataclass(frozen=True)
class Stranded:
    """An appointment that cannot be kept as it stands, and why."""

    appointment: Appointment
    lack: Lack

    def __str__(self) -> str:
        row = self.appointment
        when = date_format(timezone.localtime(row.starts_at), "Y-m-d H:i")
        return f"{when} · {row.vehicle} · {row.customer} · {row.bay} · {row.technician}"


def stranded(store: Store, now: datetime, first: date, last: date) -> list[Stranded]:
    """Who is still to come on these days and has no open day, bay or technician then.

    Nine queries, however many days: closures, hours, skills, working times and the roster count.
    """
    rows = (
        Appointment.objects.filter(
            store=store, on__range=(first, last), status__in=HOLDING, ends_at__gt=now
        )
        .select_related("customer", "vehicle", "bay", "technician__user")
        .order_by("starts_at", "pk")
    )
    days = {day.on: day for day in days_between(store, first, last)}
    found = ((row, policy.lack(days.get(row.on), _taken(row), row.skill)) for row in rows)
    return [Stranded(row, lack) for row, lack in found if lack]


def _taken(row: Appointment) -> policy.Taken:
    start = minute(row.starts_at)
    end = start + int((row.ends_at - row.starts_at) / timedelta(minutes=1))
    return policy.Taken(start, end, row.bay_id, row.technician_id)


def last_day(store: Store, today: date) -> date:
    """The last day that can be booked, or that is."""
    booked = Appointment.objects.filter(store=store, on__gte=today, status__in=HOLDING)
    last = booked.aggregate(last=Max("on"))["last"] or today
    return max(last, book_ahead_until(store, today))


def special_days(store: Store, today: date) -> Iterable[ServiceDay]:
    """The coming days that are otherwise than usual. A row that says nothing is only a lock."""
    told = (
        Q(closed=True)
        | Q(opens_at__isnull=False)
        | Q(closes_at__isnull=False)
        | Q(labour_hours__isnull=False)
    )
    return ServiceDay.objects.filter(told, store=store, on__gte=today).order_by("on")


def closures(store: Store, today: date) -> Iterable[BayClosure]:
    rows = BayClosure.objects.filter(store=store, on__gte=today)
    return rows.select_related("bay").order_by("on", "bay__place", "pk")
