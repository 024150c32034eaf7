"""The next 90 days and what other numbers would bring; nothing is written (CARE-26)."""

from collections import Counter
from copy import copy
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.models import DutyDay
from apps.accounts.queries import calendar_of
from apps.care.actions.planning import plan
from apps.care.choices import CallKind, Result
from apps.care.models import Attempt, Call, CarePolicy
from apps.care.queries import workload
from apps.care.queries.forecast import Trial
from apps.core.dates import add_months
from apps.customers.actions import refresh_cars
from apps.customers.models import MaintenanceSchedule, MileageReading
from apps.customers.policy import Interval
from apps.service.actions import refresh_visits
from apps.service.models import RepairOrder
from tests.factories import SHANGHAI, TODAY, make_call, make_customer, make_vehicle

DAY = timedelta(days=1)
URL = reverse("care:forecast")
LAST = TODAY + 90 * DAY
SOON = TODAY + 30 * DAY  # planning 30 days one by one takes long enough


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def archive(store, count, seed=6):
    """Cars of every age with truthful facts: deliveries, visits, readings, insurance, birthdays."""
    rnd, cars = Random(seed), []
    for n in range(count):
        born = date(1960, 1, 1) + DAY * rnd.randrange(14_000)
        owner = make_customer(store, birthday=born if n % 2 else None)
        ages = (rnd.randrange(1, 130), rnd.randrange(130, 1400), rnd.randrange(660, 700))
        delivered = TODAY - DAY * rnd.choice(ages)
        here = rnd.random() < 0.8
        car = make_vehicle(
            store,
            owner=owner,
            sold_here=here,
            delivered_on=delivered,
            registered_on=delivered + DAY * rnd.randrange(20) if rnd.random() < 0.7 else None,
            insured_until=TODAY + DAY * rnd.randrange(-380, 250) if rnd.random() < 0.8 else None,
            warranty_months=rnd.choice((None, 24, 36)),
        )
        day, km = delivered, 0
        while rnd.random() < 0.75 and (day := day + DAY * rnd.randrange(60, 260)) <= TODAY:
            km += rnd.randrange(1000, 9000)
            kind = rnd.choice(("maintenance", "maintenance", "repair"))
            number = f"{car.pk}-{km}"
            RepairOrder.objects.create(
                store=store, vehicle=car, number=number, kind=kind, out_on=day, km=km
            )
            MileageReading.objects.create(store=store, vehicle=car, on=day, km=km, source="service")
        cars.append(car.pk)
    refresh_visits(cars, on=TODAY)
    refresh_cars(cars, on=TODAY)


def at(day):
    return datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)


def planned(first, store):
    """(kind, car or customer) → the day on which planning finds it, day by day."""
    before = set(Call.objects.values_list("pk", flat=True))
    # of a car one churn call is foreseen, as if it were reached: not the next month's again
    lost = set(Call.objects.filter(kind=CallKind.CHURN).values_list("vehicle", flat=True))
    for n in range((SOON - first).days + 1):
        plan(on=first + DAY * n, stores=[store], now=at(first + DAY * n))
    found = {}
    for call in Call.objects.exclude(pk__in=before).order_by("created_on", "pk"):
        if call.kind == CallKind.CHURN and call.vehicle_id in lost:
            continue
        found.setdefault((call.kind, call.vehicle_id or call.customer_id), call.created_on)
    return found


def forecast(trial, store):
    calendar = calendar_of(store)
    found = {}
    for kind in workload.FORESEEN:
        for car in workload.coming(kind, trial):
            found[kind.value, car.pk] = car.opens
    for day in workload.days_ahead(TODAY):
        if day <= trial.last and calendar.is_open(day):
            for person in workload.rows(trial, CallKind.BIRTHDAY, day):
                found[CallKind.BIRTHDAY.value, person.pk] = day
    return found


def test_the_forecast_is_what_planning_finds_day_by_day_if_no_car_comes(store, specialist):
    archive(store, 90, seed=8)
    plan(on=TODAY, stores=[store], now=at(TODAY))
    numbers = CarePolicy.objects.in_force(store, TODAY)
    trial = Trial(store, TODAY + DAY, SOON, numbers)
    foreseen = forecast(trial, store)
    counted = workload.foreseen(trial, calendar_of(store))
    assert foreseen == planned(TODAY + DAY, store)
    kinds = Counter(kind for kind, _pk in foreseen)
    assert {kind.value for kind in workload.KINDS} == set(kinds)  # none stands empty
    assert {kind: counted.of_kind(kind) for kind in kinds} == dict(kinds)


def test_under_other_numbers_it_is_what_planning_would_find_under_them(store, specialist):
    archive(store, 90, seed=7)
    plan(on=TODAY, stores=[store], now=at(TODAY))
    other = copy(CarePolicy.objects.in_force(store, TODAY))
    changed = {
        "at_risk_days": 20,
        "churn_from_days": 70,
        "churn_until_days": 300,
        "warranty_opens_days": 70,
        "inspection_opens_months": 2,
        "insurance_opens_months": 3,
    }
    for name, value in changed.items():
        setattr(other, name, value)
    interval = Interval(5, 6000)
    foreseen = forecast(Trial(store, TODAY + DAY, SOON, other, interval, late=True), store)
    now = forecast(Trial(store, TODAY + DAY, SOON, CarePolicy.objects.first()), store)
    other.pk, other.effective_from = None, TODAY + DAY
    other.save()
    MaintenanceSchedule.objects.create(
        store=store, effective_from=TODAY + DAY, interval_months=5, interval_km=6000
    )
    assert foreseen == planned(TODAY + DAY, store)
    assert foreseen != now


def test_who_was_reached_rests_and_whose_call_is_open_is_not_foreseen_again(store):
    facts = {"maintenance_due_on": TODAY - 100 * DAY, "last_visit_on": TODAY - 200 * DAY,
             "base_on": TODAY - 280 * DAY}  # fmt: skip
    open_one, rests, long_ago = (make_vehicle(store, **facts) for _n in range(3))
    make_call(store, vehicle=open_one, kind="churn", cycle="a")
    for car, days in ((rests, 50), (long_ago, 91)):
        ended = at(TODAY - DAY * days)
        make_call(store, vehicle=car, kind="churn", cycle="a", status="reached", ended_at=ended)
    trial = Trial(store, TODAY + DAY, LAST, CarePolicy())
    found = {car: car.opens for car in workload.coming(CallKind.CHURN, trial)}
    assert found == {rests: TODAY + 41 * DAY}


def test_people_on_duty_are_counted_by_the_roster(store, specialist, other_specialist, stranger):
    sunday = date(2026, 11, 29)
    DutyDay.objects.create(store=store, user=specialist, on=TODAY + DAY, on_duty=False)
    DutyDay.objects.create(store=store, user=specialist, on=sunday, on_duty=True)
    days = workload.days_ahead(TODAY)
    duty = workload.people_on_duty(store, calendar_of(store), days)
    assert (duty[TODAY + DAY], duty[TODAY + 2 * DAY], duty[sunday]) == (1, 2, 1)
    assert duty[date(2027, 1, 1)] == 0


def test_the_usual_pace_is_diallings_a_person_and_day(store, specialist, other_specialist):
    assert workload.pace(store, TODAY) is None
    for person, days in ((specialist, (1, 1, 1, 2)), (other_specialist, (1,)), (specialist, (29,))):
        for ago in days:
            Attempt.objects.create(
                store=store,
                call=make_call(store),
                at=at(TODAY - DAY * ago),
                counted=False,
                result=Result.BUSY,
                by=person,
            )
    assert workload.pace(store, TODAY) == pytest.approx(5 / 3)


@pytest.fixture
def reader(client, manager):
    client.force_login(manager)
    return client


def test_the_page_writes_nothing_and_takes_no_lock(reader, store, specialist):
    archive(store, 12)
    rows = Call.objects.count(), CarePolicy.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = reader.get(f"{URL}?at_risk_days=10&interval_months=4&by=due")
    assert page.status_code == 200
    assert page.context["tried"]
    statements = [query["sql"] for query in asked]
    writes = [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in writes if "django_session" not in sql]
    assert not [sql for sql in statements if "advisory" in sql or "FOR UPDATE" in sql]
    assert (Call.objects.count(), CarePolicy.objects.count()) == rows


def test_both_numbers_stand_side_by_side(reader, store):
    due = TODAY + 100 * DAY
    make_vehicle(store, maintenance_due_on=due, maintenance_opens_on=due - 21 * DAY,
                 base_on=due - 180 * DAY, last_maintenance_on=due - 180 * DAY)  # fmt: skip
    page = reader.get(URL)
    assert page.context["total"] == (1,)
    assert not page.context["tried"]
    page = reader.get(f"{URL}?interval_months=4")  # at risk and lost in time, besides
    kinds = {line["kind"].value: (line["now"], line["then"]) for line in page.context["kinds"]}
    assert kinds["maintenance"] == (1, 1)
    assert kinds["at_risk"] == (0, 1)
    assert page.context["total"] == (1, 2 + kinds["churn"][1], 1 + kinds["churn"][1])


def test_numbers_that_cannot_be_are_marked_and_not_tried(reader, store):
    for asked in ("at_risk_days=0", "churn_from_days=400", "lapse_days=x", "interval_km=1"):
        page = reader.get(f"{URL}?{asked}")
        assert not page.context["tried"]
        assertContains(page, "is-invalid")


def test_a_number_of_a_day_opens_its_cars(reader, store, other_store):
    due = TODAY + 40 * DAY
    facts = {"maintenance_due_on": due, "maintenance_opens_on": due - 21 * DAY,
             "base_on": due - 180 * DAY, "last_maintenance_on": due - 180 * DAY}  # fmt: skip
    make_vehicle(store, owner=make_customer(store, "张三丰"), **facts)
    make_vehicle(other_store, owner=make_customer(other_store, "他店客户"), **facts)
    page = reader.get(f"{URL}?kind=maintenance&on={due - 21 * DAY}")
    assertContains(page, "张三丰")
    assertNotContains(page, "他店客户")
    assert len(reader.get(f"{URL}?kind=maintenance&on={due}").context["rows"]) == 0
    by_due = reader.get(f"{URL}?by=due&kind=maintenance&on={due - 7 * DAY}")
    assert len(by_due.context["rows"]) == 1
    assert reader.get(f"{URL}?store={other_store.pk}").status_code == 404


def test_a_birthday_opens_its_person(reader, store):
    make_vehicle(store, owner=make_customer(store, "寿星", birthday=date(1990, 12, 25)))
    page = reader.get(f"{URL}?kind=birthday&on=2026-12-25")
    assertContains(page, "寿星")
    assert add_months(TODAY, 1) < date(2026, 12, 25)


@pytest.mark.parametrize("rows", [1, 3])
def test_cars_cost_no_queries_of_their_own(reader, store, rows, django_assert_num_queries):
    due = TODAY + 40 * DAY
    for _n in range(rows):
        make_vehicle(store, maintenance_due_on=due, maintenance_opens_on=due - 21 * DAY,
                     base_on=due - 180 * DAY, last_maintenance_on=due - 180 * DAY)  # fmt: skip
    url = f"{URL}?kind=maintenance&on={due - 21 * DAY}"
    reader.get(url)
    with django_assert_num_queries(22):
        assert len(reader.get(url).context["rows"]) == rows


def test_a_kind_that_the_changed_numbers_do_not_decide_is_not_asked_for_again(store, specialist):
    archive(store, 40, seed=9)
    plan(on=TODAY, stores=[store], now=at(TODAY))
    calendar, numbers = calendar_of(store), CarePolicy.objects.in_force(store, TODAY)
    now = workload.foreseen(Trial(store, TODAY + DAY, LAST, numbers), calendar)
    other = copy(numbers)
    other.at_risk_days, other.warranty_opens_days = 12, 80
    changed = frozenset({"at_risk_days", "warranty_opens_days"})
    trial = Trial(store, TODAY + DAY, LAST, other, late=True, changed=changed)
    whole = workload.foreseen(trial, calendar)
    with CaptureQueriesContext(connection) as asked:
        then = workload.foreseen(trial, calendar, now=now)
    assert len(asked) == 3  # at risk, lost, warranty
    kinds = [kind.value for kind in workload.KINDS]
    assert [then.of_kind(kind) for kind in kinds] == [whole.of_kind(kind) for kind in kinds]
    assert dict(then.days) != dict(now.days)
