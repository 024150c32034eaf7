"""A month's list, known at its start: what will open, asked of the archive, without rows (CARE-03).

The part of the month that has begun is in the calls already made; what opens after today is
asked of the columns of cars and customers. At-risk and churn calls are what comes if the car
stays away.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of
from apps.care.choices import CallKind
from apps.care.models import Call, CarePolicy
from apps.care.queries.birthdays import birthdays_on
from apps.care.queries.lists import shown
from apps.core.dates import month_end
from apps.customers.choices import Fate
from apps.customers.models import StopContact, Vehicle

DAY = timedelta(days=1)
EARLY = timedelta(days=90)  # a maintenance call opens no earlier before its due day
FIRST_YEARS = timedelta(days=731)  # a first-service call opens no earlier before its due day


def _days(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=DateField())


def _cars(store: Store, kind: CallKind) -> QuerySet[Vehicle]:
    """Cars that may be called about, as planning asks it (CARE-18, CARE-29, CUS-08)."""
    stopped = StopContact.objects.filter(
        ended_at=None, kind=kind, vehicle=OuterRef("pk"), customer=OuterRef("owner")
    )
    return Vehicle.objects.filter(
        ~Exists(stopped),
        store=store,
        fate=Fate.IN_USE,
        owner__isnull=False,
        owner__refuses_service=False,
    )


def _first_service(store: Store, first: date, last: date, policy: CarePolicy) -> Any:
    return (
        _cars(store, CallKind.FIRST_SERVICE)
        .filter(sold_here=True, last_maintenance_on=None)
        .filter(first_service_due_on__range=(first, last + FIRST_YEARS))
        .annotate(opens=F("first_service_opens_on"), due=F("first_service_due_on"))
    )


def _unsheltered() -> Case:
    """The first day on which a new car's first-service time is over, else long ago (CARE-27)."""
    new = Q(sold_here=True, last_maintenance_on=None, first_service_due_on__isnull=False)
    return Case(
        When(new, then=_days(F("first_service_due_on") + 1)),
        default=Value(date(1900, 1, 1)),
        output_field=DateField(),
    )


def _maintenance(store: Store, first: date, last: date, policy: CarePolicy) -> Any:
    return (
        _cars(store, CallKind.MAINTENANCE)
        .filter(maintenance_due_on__range=(first, last + EARLY))
        .annotate(
            opens=Greatest("maintenance_opens_on", _unsheltered()),
            due=_days(F("maintenance_due_on") - policy.maintenance_lead_days),
        )
        .filter(opens__lte=F("maintenance_due_on"))
    )


def _at_risk(store: Store, first: date, last: date, policy: CarePolicy) -> Any:
    """The day after maintenance was due, or after the first-service time of a new car."""
    risk = policy.at_risk_days
    return (
        _cars(store, CallKind.AT_RISK)
        .filter(maintenance_due_on__range=(first - timedelta(days=risk), last))
        .annotate(opens=Greatest(_days(F("maintenance_due_on") + 1), _unsheltered()))
        .filter(opens__lt=_days(F("maintenance_due_on") + risk))
        .annotate(due=Value(month_end(last)))
    )


def _churn(store: Store, first: date, last: date, policy: CarePolicy) -> Any:
    """The day on which both legs hold. Who was reached within the days of rest is left out."""
    rested = Call.objects.filter(kind=CallKind.CHURN, vehicle=OuterRef("pk")).filter(
        Q(status__in=["waiting", "claimed"])
        | Q(status="reached", ended_at__date__gte=first - timedelta(days=policy.churn_rest_days))
    )
    since, until = policy.churn_from_days, policy.churn_until_days
    return (
        _cars(store, CallKind.CHURN)
        .filter(~Exists(rested))
        .filter(
            last_seen_on__range=(first - timedelta(days=until), last - timedelta(days=since)),
            maintenance_due_on__lte=last - timedelta(days=policy.at_risk_days),
        )
        .annotate(
            opens=Greatest(
                _days(F("maintenance_due_on") + policy.at_risk_days),
                _days(F("last_seen_on") + since),
            ),
            due=Value(month_end(last)),
        )
        .filter(opens__lte=_days(F("last_seen_on") + until))
    )


_CARS: dict[CallKind, Callable[[Store, date, date, CarePolicy], Any]] = {
    CallKind.FIRST_SERVICE: _first_service,
    CallKind.MAINTENANCE: _maintenance,
    CallKind.AT_RISK: _at_risk,
    CallKind.CHURN: _churn,
}


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
    if kind not in _CARS:  # nobody knows which cars will be handed back, or who will not come
        return None
    policy = CarePolicy.objects.in_force(store, first) or CarePolicy()
    return _CARS[kind](store, first, last, policy).filter(opens__range=(first, last))


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
