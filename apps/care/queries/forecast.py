"""What will open in the days to come, asked of the archive without writing a row (CARE-26).

Each kind is one queryset of cars with ``opens`` and ``due``, as planning will find them one day
after the other, if facts and numbers stay as they are. At-risk and churn calls are what comes
if the car stays away; of a car one churn call is foreseen, as if it were reached. The numbers
are given: those in force, or others to see what they would bring.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, TruncDate, TruncMonth

from apps.care.choices import CallKind, CallStatus
from apps.care.models import Call, CarePolicy
from apps.care.queries.cars import a_date, a_day, a_text
from apps.care.queries.yearly import (
    OLDEST,
    WARRANTY_LEAD_MONTHS,
    in_table,
    in_window,
    spans,
    warranty_until,
    year_of,
)
from apps.core.dates import add_months, months_after
from apps.customers.choices import Fate
from apps.customers.models import StopContact, Vehicle
from apps.customers.policy import Interval

DAY = timedelta(days=1)
EARLY = timedelta(days=90)  # a maintenance call opens no earlier before its due day
FIRST_YEARS = timedelta(days=731)  # a first-service call opens no earlier before its due day
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Trial:
    """Which days of a store are asked about, under which numbers.

    ``interval``: of every model, in place of the schedules and of the stored due days. With
    ``late`` a call that these numbers would have opened before opens on the first day.
    """

    store: Any
    first: date
    last: date
    numbers: CarePolicy
    interval: Interval | None = None
    late: bool = False
    changed: frozenset[str] = frozenset()  # the numbers that are others than those in force


def cars_of(store: Any, kind: CallKind) -> QuerySet[Vehicle]:
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


def coming(kind: CallKind, trial: Trial) -> Any:
    """The cars whose call of ``kind`` opens on the days of ``trial``; not those that have it."""
    rows, cycle = FORESEEN[kind](trial)
    if trial.late:
        rows = rows.annotate(opens=Greatest(F("opening"), a_date(trial.first)))
    else:
        rows = rows.annotate(opens=F("opening"))
    there = Call.objects.filter(kind=kind, vehicle=OuterRef("pk"))
    if cycle is not None:
        there = there.filter(cycle=cycle)
        rows = rows.filter(~Exists(there))
    rows = rows.filter(opens__range=(trial.first, trial.last))
    return _IN_TIME[kind](rows, trial)


def _first_service(trial: Trial) -> Any:
    rows = cars_of(trial.store, CallKind.FIRST_SERVICE).filter(
        sold_here=True,
        last_maintenance_on=None,
        first_service_due_on__range=(
            trial.first - timedelta(days=trial.numbers.lapse_days),
            trial.last + FIRST_YEARS,
        ),
    )
    return rows.annotate(opening=F("first_service_opens_on"), due=F("first_service_due_on")), Value(
        "first"
    )


def _unsheltered() -> Case:
    """The first day on which a new car's first-service time is over, else long ago (CARE-27)."""
    new = Q(sold_here=True, last_maintenance_on=None, first_service_due_on__isnull=False)
    return Case(
        When(new, then=a_day(F("first_service_due_on") + 1)),
        default=Value(LONG_AGO),
        output_field=DateField(),
    )


def _reckoned(cars: Any, interval: Interval | None) -> Any:
    """With ``event`` and ``early``: stored, or reckoned by another interval as car_dues does."""
    if interval is None:
        return cars.alias(event=F("maintenance_due_on"), early=F("maintenance_opens_on"))
    by_km = _reaches(interval.km)
    near = _reaches(interval.km - interval.near_km)
    return (
        cars.filter(base_on__isnull=False)
        .alias(event=Least(months_after("base_on", interval.months), by_km))
        .alias(
            early=Least(
                a_day(F("event") - interval.early_days),
                Greatest(a_day(F("event") - interval.near_days), near),
            )
        )
    )


def _reaches(km: int) -> Case:
    """The day on which the car has driven so far after its base, by its own rate (CARE-27)."""
    left = Cast(F("base_km") + km - F("last_km"), BigIntegerField())
    unread = Q(base_km=None) | Q(last_km=None) | Q(last_km_on=None)
    return Case(
        When(unread, then=a_day(F("base_on") + _days_for(Value(km, BigIntegerField())))),
        default=a_day(F("last_km_on") + _days_for(left)),
        output_field=DateField(),
    )


def _days_for(km: Any) -> Any:
    rate = Cast(F("rate_km"), BigIntegerField())
    return Cast(Greatest(0, (km * F("rate_days") + rate - 1) / rate), IntegerField())


def _maintenance(trial: Trial) -> Any:
    cars = _reckoned(cars_of(trial.store, CallKind.MAINTENANCE), trial.interval)
    return cars.filter(event__range=(trial.first, trial.last + EARLY)).annotate(
        opening=Greatest("early", _unsheltered()),
        due=a_day(F("event") - trial.numbers.maintenance_lead_days),
    ), a_text(OuterRef("base_on"))


def _found_due() -> Any:
    """The month's end, but six days after it was found at least (CARE-27)."""
    month = TruncMonth("opening", output_field=DateField())
    return Greatest(a_day(months_after(month, 1) - 1), a_day(F("opening") + 6))


def _at_risk(trial: Trial) -> Any:
    """The day after maintenance was due, or after the first-service time of a new car."""
    risk = timedelta(days=trial.numbers.at_risk_days)
    cars = _reckoned(cars_of(trial.store, CallKind.AT_RISK), trial.interval)
    rows = cars.filter(event__range=(trial.first - risk, trial.last))
    opening = Greatest(a_day(F("event") + 1), _unsheltered())
    return rows.annotate(opening=opening).annotate(due=_found_due()), a_text(OuterRef("base_on"))


def _churn(trial: Trial) -> Any:
    """The day on which both legs hold, and the rest after a reached call is over."""
    numbers = trial.numbers
    since, until = numbers.churn_from_days, numbers.churn_until_days
    calls = Call.objects.filter(kind=CallKind.CHURN, vehicle=OuterRef("pk"))
    reached = calls.filter(status=CallStatus.REACHED).order_by().values("vehicle")
    last = Subquery(reached.annotate(at=Max(TruncDate("ended_at"))).values("at"))
    cars = _reckoned(cars_of(trial.store, CallKind.CHURN), trial.interval)
    rows = cars.filter(
        ~Exists(calls.open()),
        last_seen_on__range=(
            trial.first - timedelta(days=until),
            trial.last - timedelta(days=since),
        ),
        event__lte=trial.last - timedelta(days=numbers.at_risk_days),
    )
    opening = Greatest(
        a_day(F("event") + numbers.at_risk_days),
        a_day(F("last_seen_on") + since),
        Coalesce(a_day(last + numbers.churn_rest_days + 1), Value(LONG_AGO)),
        output_field=DateField(),
    )
    return rows.annotate(opening=opening).annotate(due=_found_due()), None


def _warranty(trial: Trial) -> Any:
    opens = timedelta(days=trial.numbers.warranty_opens_days)
    rows = cars_of(trial.store, CallKind.WARRANTY).filter(
        delivered_on__isnull=False,
        warranty_ends_on__range=(trial.first + DAY, trial.last + opens),
    )
    ends = F("warranty_ends_on")
    return rows.alias(until=warranty_until()).annotate(
        opening=Greatest(a_day(ends - trial.numbers.warranty_opens_days), F("delivered_on")),
        due=months_after("warranty_ends_on", -WARRANTY_LEAD_MONTHS),
    ), a_text(OuterRef("until"))


def _inspection(trial: Trial) -> Any:
    numbers = trial.numbers
    start = Coalesce("registered_on", "delivered_on")
    first = trial.first - timedelta(days=max(0, numbers.lapse_days - numbers.inspection_lead_days))
    last = add_months(trial.last, numbers.inspection_opens_months) + 3 * DAY
    every = range(max(numbers.inspection_years) + 1, last.year - OLDEST + 1)
    years = sorted({*numbers.inspection_years, *every})
    rows = (
        cars_of(trial.store, CallKind.INSPECTION)
        .alias(start=start)
        .filter(spans("start", first, last, years))
        .alias(event=in_window(F("start"), first, last))
        .alias(years=year_of(F("event")) - year_of(F("start")))
        .filter(in_table(F("years"), Value(list(numbers.inspection_years))))
    )
    return rows.annotate(
        opening=months_after("event", -numbers.inspection_opens_months),
        due=a_day(F("event") - numbers.inspection_lead_days),
    ), a_text(OuterRef("event"))


def _insurance(trial: Trial) -> Any:
    numbers = trial.numbers
    first = trial.first - timedelta(days=max(0, numbers.lapse_days - numbers.insurance_lead_days))
    last = add_months(trial.last, numbers.insurance_opens_months) + 3 * DAY
    rows = (
        cars_of(trial.store, CallKind.INSURANCE)
        .filter(spans("insured_until", first, last, range(last.year - OLDEST + 1)))
        .alias(event=in_window(F("insured_until"), first, last))
        .filter(event__gte=F("insured_until"))
    )
    return rows.annotate(
        opening=months_after("event", -numbers.insurance_opens_months),
        due=a_day(F("event") - numbers.insurance_lead_days),
    ), a_text(OuterRef("event"))


FORESEEN: dict[CallKind, Callable[[Trial], Any]] = {
    CallKind.FIRST_SERVICE: _first_service,
    CallKind.MAINTENANCE: _maintenance,
    CallKind.AT_RISK: _at_risk,
    CallKind.CHURN: _churn,
    CallKind.WARRANTY: _warranty,
    CallKind.INSPECTION: _inspection,
    CallKind.INSURANCE: _insurance,
}


# The numbers that decide what is foreseen of a kind: with others changed it is the same.
DECIDED_BY: dict[CallKind, set[str]] = {
    CallKind.FIRST_SERVICE: {"lapse_days"},
    CallKind.MAINTENANCE: {"maintenance_lead_days", "interval"},
    CallKind.AT_RISK: {"at_risk_days", "interval"},
    CallKind.CHURN: {
        *("at_risk_days", "interval"),
        *("churn_from_days", "churn_until_days", "churn_rest_days"),
    },
    CallKind.WARRANTY: {"warranty_opens_days", "lapse_days"},
    CallKind.INSPECTION: {"inspection_opens_months", "inspection_lead_days", "lapse_days"},
    CallKind.INSURANCE: {"insurance_opens_months", "insurance_lead_days", "lapse_days"},
}


def _until_lapsed(rows: Any, trial: Trial) -> Any:
    return rows.filter(opens__lte=a_day(F("due") + trial.numbers.lapse_days))


# Until when a call of the kind can still open (the table of CARE-27).
_IN_TIME: dict[CallKind, Callable[[Any, Trial], Any]] = {
    CallKind.FIRST_SERVICE: _until_lapsed,
    CallKind.MAINTENANCE: lambda rows, trial: rows.filter(opens__lte=F("event")),
    CallKind.AT_RISK: lambda rows, trial: rows.filter(
        opens__lt=a_day(F("event") + trial.numbers.at_risk_days)
    ),
    CallKind.CHURN: lambda rows, trial: rows.filter(
        opens__lte=a_day(F("last_seen_on") + trial.numbers.churn_until_days)
    ),
    CallKind.WARRANTY: lambda rows, trial: _until_lapsed(rows, trial).filter(
        opens__lt=F("warranty_ends_on")
    ),
    CallKind.INSPECTION: _until_lapsed,
    CallKind.INSURANCE: _until_lapsed,
}
