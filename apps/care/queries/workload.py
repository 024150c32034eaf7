"""The days to come: calls by kind and day against the people on duty (CARE-26). SELECTs only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count
from django.db.models.functions import Cast, Concat, TruncDate

from apps.accounts.calendar import Calendar
from apps.accounts.choices import Role
from apps.accounts.models import DutyDay, Store, User
from apps.care.choices import CallKind, Result
from apps.care.models import Attempt, Call
from apps.care.queries.birthdays import birthdays_by_day, birthdays_on
from apps.care.queries.forecast import DECIDED_BY, FORESEEN, Trial, coming
from apps.care.queries.lists import start_of

AHEAD = 90
KINDS = (*FORESEEN, CallKind.BIRTHDAY)
DAY = timedelta(days=1)
PACE_OVER = timedelta(days=28)
WORKS = (Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST)


def days_ahead(today: date) -> list[date]:
    return [today + DAY * n for n in range(1, AHEAD + 1)]


@dataclass(frozen=True)
class Foreseen:
    """Day → kind → how many calls open then (or are due then)."""

    days: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def of_kind(self, kind: str) -> int:
        return sum(counted[kind] for counted in self.days.values())

    @property
    def total(self) -> int:
        return sum(counted.total() for counted in self.days.values())


def foreseen(
    trial: Trial, calendar: Calendar, by: str = "opens", *, now: Foreseen | None = None
) -> Foreseen:
    """One query a kind, however many cars and days. ``by``: "opens" or "due".

    ``now``: what is foreseen under the numbers in force; a kind that the changed ones do not
    decide is taken from there.
    """
    found = Foreseen()
    if now is not None:
        kinds = [kind for kind in FORESEEN if trial.changed & DECIDED_BY[kind]]
        for day, counted in now.days.items():
            found.days[day].update({k: n for k, n in counted.items() if k not in kinds})
    else:
        kinds = list(FORESEEN)
    for kind in kinds:
        rows: Any = coming(kind, trial).order_by().values_list(by).annotate(n=Count("pk"))
        for day, n in rows:
            found.days[day][kind.value] += n
    if now is not None:
        return found
    days = [day for day in _days(trial) if calendar.is_open(day)]
    for day, n in birthdays_by_day(trial.store, days).items():
        found.days[day][CallKind.BIRTHDAY.value] += n
    return found


def _days(trial: Trial) -> list[date]:
    return [trial.first + DAY * n for n in range((trial.last - trial.first).days + 1)]


def rows(trial: Trial, kind: str, day: date, by: str = "opens") -> Any:
    """The cars (birthday: customers) behind one number."""
    if kind == CallKind.BIRTHDAY:
        return birthdays_on(day).filter(store=trial.store).order_by("pk")
    found = coming(CallKind(kind), trial).filter(**{by: day})
    return found.select_related("owner").order_by("pk")


def people_on_duty(store: Store, calendar: Calendar, days: list[date]) -> dict[date, int]:
    """How many of those who call are on duty on each day (ORG-04). Two queries."""
    people = User.objects.filter(store=store, is_active=True, roles__overlap=list(WORKS))
    ids = list(people.values_list("pk", flat=True))
    said = DutyDay.objects.filter(user__in=ids, on__range=(days[0], days[-1]))
    roster = {(user, on): there for user, on, there in said.values_list("user", "on", "on_duty")}
    return {day: sum(roster.get((pk, day), calendar.is_working(day)) for pk in ids) for day in days}


def pace(store: Store, today: date) -> float | None:
    """Diallings of one person on one day, as they were in the last four weeks. One query."""
    since = start_of(today - PACE_OVER)
    made = Attempt.objects.filter(store=store, at__gte=since, at__lt=start_of(today))
    person_days = Concat(Cast("by", CharField()), Cast(TruncDate("at"), CharField()))
    counted = made.exclude(result=Result.SPOKEN_TO).aggregate(
        calls=Count("conversation", distinct=True), days=Count(person_days, distinct=True)
    )
    return counted["calls"] / counted["days"] if counted["days"] else None


def open_now(store: Store) -> dict[str, int]:
    """Kind → how many calls are open already. One query."""
    calls = Call.objects.filter(store=store).open().order_by()
    return dict(calls.values_list("kind").annotate(n=Count("pk")))


def would_lapse(trial: Trial) -> int:
    """How many of the calls open now lapse in these days if nobody makes them. One query."""
    lapse = timedelta(days=trial.numbers.lapse_days)
    kinds = (CallKind.FIRST_SERVICE, CallKind.WARRANTY, CallKind.INSPECTION, CallKind.INSURANCE)
    calls = Call.objects.filter(store=trial.store, kind__in=kinds).open()
    return calls.filter(due_on__lt=trial.last - lapse).count()
