"""Planning by SQL against a slow and plain reading of CARE-27, over archives drawn at random."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.accounts.queries import calendar_of
from apps.care.actions.planning import plan
from apps.care.models import Call
from apps.customers.actions import refresh_cars
from apps.customers.choices import CareKind, Fate, ReadingSource
from apps.customers.models import ElsewhereService, MileageReading, StopContact
from apps.customers.policy import CarFacts, Interval, MileageLimits, Reading, car_dues
from apps.service.actions import refresh_visits
from apps.service.models import RepairOrder
from tests import factories
from tests.factories import SHANGHAI

DAY = timedelta(days=1)
END = date(2029, 12, 31)  # after every fact
DAYS_OF_NOTE = [date(2026, 11, 23), date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)]
MAINTENANCE = ("first_service", "maintenance")
ABOUT_CARS = ("first_service", "maintenance", "at_risk", "churn")


@dataclass
class Car:
    """What is drawn of one car and its owner. Days are counted back from the day planned."""

    sold: int | None  # delivered here so many days ago
    visits: list = field(default_factory=list)  # (out ago, days inside, kind, km or None)
    inside: int | None = None  # came in so many days ago and is not out yet
    readings: list = field(default_factory=list)  # (ago, km)
    elsewhere: int | None = None
    fate: str = Fate.IN_USE
    stops: set = field(default_factory=set)
    stops_ended: bool = False
    refuses: bool = False
    company: bool = False
    local: bool = False
    has_owner: bool = True
    birthday: str = "other"  # today, leap, other
    earlier: tuple | None = None  # (status, days ago) of a churn call about the same last visit


seldom = st.sampled_from([True, *[False] * 7])
ago = st.one_of(st.integers(-20, 420), st.integers(60, 230))
km = st.integers(0, 30).map(lambda n: n * 900)
cars = st.builds(
    Car,
    sold=st.one_of(st.none(), st.integers(-5, 420), st.integers(55, 130)),
    visits=st.lists(
        st.tuples(
            ago,
            st.integers(0, 4),
            st.sampled_from([*MAINTENANCE, "maintenance", "repair", "accident"]),
            st.one_of(st.none(), km),
        ),
        max_size=3,
    ),
    inside=st.one_of(*[st.none()] * 7, st.integers(-5, 5)),
    readings=st.lists(st.tuples(ago, km), max_size=3, unique_by=lambda reading: reading[0]),
    elsewhere=st.one_of(st.none(), st.none(), ago),
    fate=st.sampled_from([*[Fate.IN_USE] * 8, Fate.SOLD_ON, Fate.SCRAPPED]),
    stops=st.one_of(*[st.just(set())] * 3, st.sets(st.sampled_from(CareKind.values), max_size=2)),
    stops_ended=st.booleans(),
    refuses=seldom,
    company=seldom,
    local=st.booleans(),
    has_owner=seldom.map(lambda missing: not missing),
    birthday=st.sampled_from(["today", "leap", "other"]),
    earlier=st.one_of(
        st.none(),
        st.tuples(st.sampled_from(["waiting", "reached", "failed"]), st.integers(80, 100)),
    ),
)
days = st.one_of(st.sampled_from(DAYS_OF_NOTE), st.dates(date(2026, 3, 1), date(2028, 6, 30)))


def months_later(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# The oracle


def facts_on(car, day):
    """Only facts dated up to the day (CARE-27)."""
    sold_on = day - car.sold * DAY if car.sold is not None and car.sold >= 0 else None
    visits = [(day - out * DAY, kind) for out, _in, kind, _km in car.visits if out >= 0]
    out_on = [on for on, _kind in visits]
    maintained = [on for on, kind in visits if kind in MAINTENANCE]
    shown = [(out, km) for out, _in, _kind, km in car.visits if km is not None] + car.readings
    return CarFacts(
        sold_here=car.sold is not None,
        delivered_on=sold_on,
        first_visit_on=min(out_on, default=None),
        last_visit_on=max(out_on, default=None),
        last_maintenance_on=max(maintained, default=None),
        elsewhere_on=day - car.elsewhere * DAY if (car.elsewhere or 0) > 0 else None,
        readings=tuple(Reading(day - out * DAY, km) for out, km in shown if out >= 0),
    )


def in_workshop(car):
    stays = [(out + stay, out) for out, stay, _kind, _km in car.visits]
    return any(came >= 0 > out for came, out in stays) or (
        car.inside is not None and car.inside >= 0
    )


def owed_for(car, day):
    """(kind, cycle, event_on, opens_on, due_on) of each call about the car."""
    facts = facts_on(car, day)
    sold_on, maintained_on = facts.delivered_on, facts.last_maintenance_on
    first_due_on = sold_on and months_later(sold_on, 3)
    if sold_on and not maintained_on:
        opens_on = months_later(sold_on, 2)
        if opens_on <= day <= first_due_on + 31 * DAY:
            yield "first_service", "first", first_due_on, opens_on, first_due_on
    dues = car_dues(facts, Interval(), MileageLimits())
    event_on = dues.maintenance_due_on
    if event_on is None:
        return
    found = (day, max(day.replace(day=monthrange(day.year, day.month)[1]), day + 6 * DAY))
    if not (sold_on and not maintained_on and day <= first_due_on):  # not sheltered
        if dues.maintenance_opens_on <= day <= event_on:
            dates = event_on, dues.maintenance_opens_on, event_on - 7 * DAY
            yield "maintenance", str(dues.base_on), *dates
        if event_on < day < event_on + 30 * DAY:
            yield "at_risk", str(dues.base_on), event_on, *found
    seen_on = facts.last_visit_on or sold_on
    if seen_on and day >= event_on + 30 * DAY and 90 <= (day - seen_on).days <= 360:
        status, ended_ago = car.earlier or ("", 0)
        if status != "waiting" and not (status == "reached" and ended_ago <= 90):
            yield "churn", f"{seen_on}/{day:%Y-%m}", seen_on, *found


def by_hand(archive, day, is_open):
    calls = []
    for number, car in enumerate(archive):
        stopped = set() if car.stops_ended else car.stops
        if not car.has_owner or car.refuses or car.fate != Fate.IN_USE:
            continue
        if not in_workshop(car):
            calls += [(number, *call) for call in owed_for(car, day) if call[0] not in stopped]
        born = birthday_of(car, day)
        kept_on = born.replace(year=day.year) if has_day(born, day.year) else day.replace(
            month=2, day=28
        )  # fmt: skip
        if kept_on == day and not car.company and is_open and "birthday" not in stopped:
            calls.append((number, "birthday", str(day.year), day, day, day))
    return sorted(calls)


def has_day(born, year):
    return (born.month, born.day) != (2, 29) or monthrange(year, 2)[1] == 29


def birthday_of(car, day):
    if car.birthday == "leap":
        return date(1992, 2, 29)
    return date(1988, day.month, day.day) if car.birthday == "today" else date(1990, 6, 17)


# The database


def settle(store, number, car, day, by):
    """Write down the rows of one drawn car; return it."""
    owner = False
    if car.has_owner:
        owner = factories.make_customer(
            store,
            birthday=birthday_of(car, day),
            kind="company" if car.company else "person",
            refuses_service=car.refuses,
            locality="local" if car.local else "non_local",
        )
    sold_on = None if car.sold is None else day - car.sold * DAY
    row = factories.make_vehicle(
        store, owner=owner, sold_here=car.sold is not None, delivered_on=sold_on, fate=car.fate
    )
    mine = {"store": store, "vehicle": row}
    for n, (out, stay, kind, _km) in enumerate(car.visits):
        out_on = day - out * DAY
        RepairOrder.objects.create(
            number=f"{number}/{n}", kind=kind, in_on=out_on - stay * DAY, out_on=out_on, **mine
        )
    if car.inside is not None:
        came_on = day - car.inside * DAY
        RepairOrder.objects.create(number=f"{number}/in", kind="repair", in_on=came_on, **mine)
    shown = {(out, km) for out, _in, _kind, km in car.visits if km is not None}
    for out, km in shown | set(car.readings):
        on = day - out * DAY
        MileageReading.objects.create(on=on, km=km, source=ReadingSource.IMPORT, **mine)
    if car.elsewhere:
        on, at = day - car.elsewhere * DAY, datetime.combine(day, time(9), SHANGHAI)
        ElsewhereService.objects.create(
            on=on, shop="路边店", recorded_at=at, recorded_by=by, **mine
        )
    if owner:
        about(row, owner, car, day, by)
    return row


def about(row, owner, car, day, by):
    """What was agreed and what was called before."""
    now = datetime.combine(day, time(9), SHANGHAI)
    for kind in car.stops:
        StopContact.objects.create(
            store=row.store, customer=owner, vehicle=None if kind == "birthday" else row,
            kind=kind, reason="—", by=by, at=now, ended_at=now if car.stops_ended else None,
        )  # fmt: skip
    facts = facts_on(car, day)
    if car.earlier and (seen_on := facts.last_visit_on or facts.delivered_on):
        status, ended_ago = car.earlier
        factories.make_call(
            row.store, customer=owner, vehicle=row, kind="churn", status=status, due_on=day,
            cycle=f"{seen_on}/{day.replace(day=1) - DAY:%Y-%m}",
            ended_at=None if status == "waiting" else now - ended_ago * DAY,
        )  # fmt: skip


def by_sql(archive, day, store, by):
    rows = [settle(store, number, car, day, by) for number, car in enumerate(archive)]
    refresh_visits([row.pk for row in rows], on=END)
    refresh_cars([row.pk for row in rows], on=END)
    before = set(Call.objects.values_list("pk", flat=True))
    plan(on=day, stores=[store], now=datetime.combine(day, time(9), SHANGHAI))
    number_of = {row.pk: number for number, row in enumerate(rows)}
    owned = {row.owner_id: number for number, row in enumerate(rows) if row.owner_id}
    return sorted(
        (
            number_of[call.vehicle_id] if call.vehicle_id else owned[call.customer_id],
            *(call.kind, call.cycle, call.event_on, call.opens_on, call.due_on),
        )
        for call in Call.objects.exclude(pk__in=before)
    )


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(archive=st.lists(cars, min_size=10, max_size=14), day=days)
def test_what_sql_plans_is_what_the_table_of_care_27_says(store, specialist, archive, day):
    is_open = calendar_of(store).is_open(day)
    with transaction.atomic():
        planned = by_sql(archive, day, store, specialist)
        transaction.set_rollback(True)

    assert planned == by_hand(archive, day, is_open)
