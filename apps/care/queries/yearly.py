"""Warranty, inspection and insurance: what is owed, and what became of such calls (CARE-07–09).

Inspection and insurance come back every so many years after one day of the car. Their call's
cycle is the day it is about; a correction moves that day by less than half a year, a new
year or a new policy by more.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear

from apps.care.choices import CallKind
from apps.care.models import Call, CarePolicy
from apps.care.queries.bounds import Bounds
from apps.care.queries.cars import a_date, a_day, a_text, callable_cars
from apps.core.dates import add_months, months_after
from apps.customers.policy import WARRANTY_MONTHS

YEARLY = (CallKind.INSPECTION, CallKind.INSURANCE)
HALF_A_YEAR = timedelta(days=182)
DAY = timedelta(days=1)
OLDEST = 1980  # nothing that comes back every year began before
WARRANTY_LEAD_MONTHS = 1  # CARE-27: done in time a month before the warranty ends
Rows = tuple[QuerySet[Call], dict[str, Any]]


def year_of(day: Any) -> Cast:
    return Cast(ExtractYear(day), IntegerField())


def _after(start: Any, years: Any) -> Any:
    return months_after(start, years * 12)


def in_window(start: Any, first: date, last: date) -> Any:
    """The one day of ``start`` + n years that can lie in a window of less than a year."""
    of_last_year = _after(start, Value(last.year) - year_of(start))
    if first.year == last.year:
        return of_last_year
    return Case(
        When(_compared(of_last_year, "<=", a_date(last)), then=of_last_year),
        default=_after(start, Value(first.year) - year_of(start)),
        output_field=DateField(),
    )


def _nearest(start: Any, day: Any) -> Any:
    """The day of ``start`` + n years that is nearest to ``day``."""
    years = year_of(day) - year_of(start)
    same_year = _after(start, years)
    return Case(
        When(
            _compared(same_year, ">", a_day(day + HALF_A_YEAR.days)), then=_after(start, years - 1)
        ),
        When(
            _compared(same_year, "<", a_day(day - HALF_A_YEAR.days)), then=_after(start, years + 1)
        ),
        default=same_year,
        output_field=DateField(),
    )


def _compared(left: Any, how: str, right: Any) -> Func:
    return Func(
        left,
        right,
        template="(%(expressions)s)",
        arg_joiner=f" {how} ",
        output_field=BooleanField(),
    )


def in_table(years: Any, table: Any) -> Q:
    """CARE-08: a year of the store's table, or any after its last."""
    is_in = Func(
        years,
        table,
        template="(%(expressions)s)))",
        arg_joiner=" IN (SELECT unnest(",
        output_field=BooleanField(),
    )
    after = Func(
        years,
        table,
        template="(%(expressions)s) AS y))",
        arg_joiner=" > (SELECT max(y) FROM unnest(",
        output_field=BooleanField(),
    )
    return Q(is_in) | Q(after)


def spans(field: str, first: date, last: date, years: Iterable[int]) -> Q:
    """``field`` + n years may lie in the window, as ranges that an index serves.

    A day wider at both ends, for the 29th of February.
    """
    found = Q(pk__in=[])
    for n in years:
        back = -12 * n
        found |= Q(
            **{f"{field}__range": (add_months(first, back) - DAY, add_months(last, back) + DAY)}
        )
    return found


def warranty(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    """In force on the day: it ends later. A delivery after the day is no fact on it."""
    last = day + timedelta(days=wide.warranty_opens_days)
    return (
        callable_cars(cars, CallKind.WARRANTY, day, stores)
        .filter(warranty_ends_on__gt=day, warranty_ends_on__lte=last, delivered_on__lte=day)
        .alias(
            call_cycle=a_text(warranty_until()),
            call_event=F("warranty_ends_on"),
            call_opens=a_day(F("warranty_ends_on") - F("warranty_opens_days")),
            call_due=months_after("warranty_ends_on", -WARRANTY_LEAD_MONTHS),
        )
        .filter(call_opens__lte=day, call_due__gte=a_day(a_date(day) - F("lapse_days")))
    )


def warranty_until(prefix: str = "") -> Any:
    """The end by time alone: which warranty it is, whatever the car drives."""
    return months_after(
        f"{prefix}delivered_on", Coalesce(f"{prefix}warranty_months", WARRANTY_MONTHS)
    )


def inspection(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    first = day - timedelta(days=wide.lapse_days - wide.inspection_lead_days)
    last = day + timedelta(days=31 * wide.inspection_opens_months)
    years = {*wide.inspection_years, *range(wide.inspection_after, last.year - OLDEST + 1)}
    return _yearly(
        callable_cars(cars, CallKind.INSPECTION, day, stores)
        .alias(first_on=Coalesce("registered_on", "delivered_on"))
        .filter(spans("first_on", first, last, sorted(years)) | Q(first_on__gt=day)),
        "inspection",
        day,
        in_window(inspected_from(day), first, last),
    ).filter(
        in_table(year_of(F("call_event")) - year_of(inspected_from(day)), F("inspection_years"))
    )


def inspected_from(day: date, prefix: str = "") -> Case:
    """Registered, else delivered: what had happened on the day (CARE-27)."""
    return Case(
        When(**{f"{prefix}registered_on__lte": day}, then=F(f"{prefix}registered_on")),
        default=F(f"{prefix}delivered_on"),
    )


def insurance(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    """Another year each year until somebody says otherwise."""
    first = day - timedelta(days=wide.lapse_days - wide.insurance_lead_days)
    last = day + timedelta(days=31 * wide.insurance_opens_months)
    return _yearly(
        callable_cars(cars, CallKind.INSURANCE, day, stores).filter(
            spans("insured_until", first, last, range(last.year - OLDEST + 1))
        ),
        "insurance",
        day,
        in_window(F("insured_until"), first, last),
    ).filter(call_event__gte=F("insured_until"))


def _yearly(cars: Any, name: str, day: date, event: Any) -> Any:
    """Open on the day, by the store's months and days of this kind."""
    dates = _dates(event, F(f"{name}_opens_months"), F(f"{name}_lead_days"))
    return cars.alias(
        call_cycle=a_text(event),
        call_event=dates["event_on"],
        call_opens=dates["opens_on"],
        call_due=dates["due_on"],
    ).filter(call_opens__lte=day, call_due__gte=a_day(a_date(day) - F("lapse_days")))


def _dates(event: Any, months: Any, days: Any) -> dict[str, Any]:
    return {
        "event_on": event,
        "opens_on": months_after(event, months * -1),
        "due_on": a_day(event - days),
    }


# What became of such calls. ``number(name)`` is a number of the policy in force in the store.


def number(name: str, on: date, output: Any = None) -> Subquery:
    """A number of the care policy in force in the call's store."""
    rows = CarePolicy.objects.filter(store=OuterRef("store"), effective_from__lte=on)
    newest = rows.order_by("-effective_from").values(name)[:1]
    return Subquery(newest, output_field=output or IntegerField())


def _starts(on: date) -> dict[CallKind, Any]:
    return {
        CallKind.INSPECTION: inspected_from(on, "vehicle__"),
        CallKind.INSURANCE: F("vehicle__insured_until"),
    }


def event_now(on: date) -> dict[CallKind, Any]:
    """What a call of each kind is about by the facts as they are now."""
    return {CallKind.WARRANTY: F("vehicle__warranty_ends_on")} | {
        kind: _nearest(start, F("event_on")) for kind, start in _starts(on).items()
    }


def corrected(latest: Any, on: date) -> Iterator[tuple[Any, Any]]:
    """Calls whose cycle is another by the facts now, and that cycle (CARE-27)."""
    until = warranty_until("vehicle__")
    yield latest.filter(kind=CallKind.WARRANTY, vehicle__delivered_on__isnull=False), a_text(until)
    for kind, event in event_now(on).items():
        if kind in YEARLY:
            rows = latest.filter(kind=kind).exclude(_not_in_table(on)).exclude(insured_anew())
            yield rows.alias(about=event).filter(about__isnull=False), a_text(event)


def dates_now(fresh: Any, on: date) -> Iterator[Rows]:
    """Untouched calls, and what their dates are by the facts."""
    ends = F("vehicle__warranty_ends_on")
    yield (
        fresh.filter(kind=CallKind.WARRANTY, vehicle__warranty_ends_on__gt=on),
        {
            "event_on": ends,
            "opens_on": a_day(ends - number("warranty_opens_days", on)),
            "due_on": months_after("vehicle__warranty_ends_on", -WARRANTY_LEAD_MONTHS),
        },
    )
    for kind in YEARLY:
        event = event_now(on)[kind]
        months, days = (number(f"{kind}_{name}", on) for name in ("opens_months", "lead_days"))
        yield fresh.filter(kind=kind, cycle=a_text(event)), _dates(event, months, days)


def gone_from_facts(on: date) -> Q:
    """What the call was about is no fact any more."""
    no_start = Q(vehicle__delivered_on=None) & (
        Q(vehicle__registered_on=None) | Q(vehicle__registered_on__gt=on)
    )
    return (
        Q(kind=CallKind.WARRANTY, vehicle__delivered_on=None)
        | Q(kind=CallKind.INSPECTION) & no_start
        | Q(kind=CallKind.INSURANCE, vehicle__insured_until=None)
    )


def insured_anew() -> Q:
    """The insurance runs beyond the end that the call is about, by more than a correction."""
    later = a_day(F("event_on") + HALF_A_YEAR.days)
    return Q(kind=CallKind.INSURANCE, vehicle__insured_until__gt=later)


def no_more(on: date) -> Q:
    """The fact stands, but of an untouched call nothing is owed: the car has run out of its
    warranty before the day on which it was to end, or the year is not in the table any more."""
    run_out = Q(kind=CallKind.WARRANTY, event_on__gt=on, vehicle__warranty_ends_on__lte=on)
    start = _starts(on)[CallKind.INSPECTION]
    years = year_of(F("event_on")) - year_of(start)
    as_it_was = _compared(_after(start, years), "=", F("event_on"))  # else it moves first
    return run_out | Q(as_it_was, ~in_table(years, _table(on)), kind=CallKind.INSPECTION)


def _not_in_table(on: date) -> Q:
    start = _starts(on)[CallKind.INSPECTION]
    years = year_of(_nearest(start, F("event_on"))) - year_of(start)
    return Q(~in_table(years, _table(on)), kind=CallKind.INSPECTION)


def _table(on: date) -> Subquery:
    return number("inspection_years", on, CarePolicy._meta.get_field("inspection_years"))
