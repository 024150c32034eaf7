"""A month's list, known at its start: what will open, asked of the archive, without rows (CARE-03).

The part of the month that has begun is in the calls already made; what opens after today is
asked of the columns of cars and customers. At-risk and churn calls are what comes if the car
stays away.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, QuerySet, Value

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of
from apps.care.choices import CallKind
from apps.care.models import Call, CarePolicy
from apps.care.queries import forecast
from apps.care.queries.birthdays import birthdays_on
from apps.care.queries.lists import shown
from apps.core.dates import month_end

DAY = timedelta(days=1)


def _birthdays(store: Store, first: date, last: date) -> Any:
    """Every birthday on an open day, as one UNION of the days that planning will ask one by one."""
    calendar = calendar_of(store)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    parts = [
        birthdays_on(day)
        .filter(store=store)
        .order_by()
        .annotate(opens=Value(day, output_field=DateField()))
        .values("pk", "name", "opens")
        for day in days
        if calendar.is_open(day)
    ]
    if not parts:
        return None
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def coming(store: Store, kind: CallKind, first: date, last: date, *, today: date) -> Any:
    """Cars (birthday: customers) whose call opens in ``first … last``, but after today.

    Each has ``opens`` and, for cars, ``due``; customers are dicts. None when no day is left.
    """
    first = max(first, today + DAY)
    if first > last:
        return None
    if kind == CallKind.BIRTHDAY:
        return _birthdays(store, first, last)
    if kind not in forecast.FORESEEN:  # nobody knows who will bring a car, or not come
        return None
    policy = CarePolicy.objects.in_force(store, first) or CarePolicy()
    return forecast.coming(kind, forecast.Trial(store, first, last, policy))


def counts(store: Store, first: date, last: date, *, today: date) -> dict[CallKind, list[int]]:
    """Kind → how many calls are made and how many are coming. As many queries for any kinds."""
    found = {kind: [0, 0] for kind in CallKind}
    there = made(store, first, last).order_by().values_list("kind").annotate(Count("pk"))
    for kind, count in there:
        found[CallKind(kind)][0] = count
    begins = max(first, today + DAY)
    if begins > last:
        return found
    policy = CarePolicy.objects.in_force(store, begins) or CarePolicy()
    trial = forecast.Trial(store, begins, last, policy)
    parts = [
        forecast.coming(kind, trial)
        .order_by()
        .values(of=Value(kind.value))
        .annotate(n=Count("pk"))
        .values_list("of", "n")
        for kind in forecast.FORESEEN
    ]
    for kind, count in parts[0].union(*parts[1:], all=True):
        found[CallKind(kind)][1] = count
    if (birthdays := _birthdays(store, begins, last)) is not None:
        found[CallKind.BIRTHDAY][1] = birthdays.count()
    return found


def made(store: Store, first: date, last: date) -> QuerySet[Call]:
    """The calls that opened in the month and exist already."""
    return Call.objects.filter(store=store, opens_on__range=(first, last))


def rows(store: Store, kind: CallKind, part: str, first: date, *, today: date) -> Any:
    """The rows behind one number of the month: calls that are *made*, or what is *coming*."""
    last = month_end(first)
    if part == "made":
        return shown(made(store, first, last).filter(kind=kind)).order_by("opens_on", "pk")
    found = coming(store, kind, first, last, today=today)
    if found is None:
        return []
    if kind != CallKind.BIRTHDAY:
        found = found.select_related("owner")
    return found.order_by("opens", "pk")
