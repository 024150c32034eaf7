"""What is owed on which day: both sides of every bound of CARE-27's table."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from apps.accounts.choices import DayKind, Role
from apps.accounts.models import CalendarDay, DutyDay
from apps.care.actions.planning import plan
from apps.care.choices import CallKind, CallStatus, ChurnGroup
from apps.care.models import Call, CarePolicy, PlannedDay
from apps.customers.choices import CareKind, CustomerKind, Fate, Locality
from apps.customers.models import StopContact, Vehicle
from tests import factories
from tests.factories import NOW, SHANGHAI, TODAY

DAY = timedelta(days=1)
DUE = date(2026, 11, 23)  # of maintenance, in the tests about it


@pytest.fixture(autouse=True)
def on_duty(specialist):
    return specialist


def at(day):
    return datetime.combine(day, time(10), SHANGHAI)


def planned(day, kind=None):
    """The calls of a day that is planned first of all."""
    plan(on=day, now=at(day))
    calls = Call.objects.all() if kind is None else Call.objects.filter(kind=kind)
    return list(calls)


def delivered_car(store, **fields):
    return factories.make_vehicle(
        store,
        sold_here=True,
        delivered_on=date(2026, 8, 31),
        first_service_opens_on=date(2026, 10, 31),
        first_service_due_on=date(2026, 11, 30),
        **fields,
    )


def maintained_car(store, due_on=DUE, **fields):
    fields.setdefault("maintenance_opens_on", due_on - 21 * DAY)
    return factories.make_vehicle(
        store,
        **{
            "last_visit_on": date(2026, 5, 23),
            "last_maintenance_on": date(2026, 5, 23),
            "base_on": date(2026, 5, 23),
            "maintenance_due_on": due_on,
            **fields,
        },
    )


@pytest.mark.parametrize(
    ("day", "owed"),
    [
        (date(2026, 10, 30), False),
        (date(2026, 10, 31), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 31), True),  # due_on + 31
        (date(2027, 1, 1), False),
    ],
)
def test_first_service_is_owed_from_two_months_to_31_days_after_three(store, day, owed):
    delivered_car(store)

    assert len(planned(day)) == owed


def test_a_first_service_call_says_its_dates(store):
    car = delivered_car(store)

    (call,) = planned(TODAY)

    assert (call.kind, call.cycle, call.vehicle, call.customer) == (
        CallKind.FIRST_SERVICE,
        "first",
        car,
        car.owner,
    )
    assert (call.opens_on, call.event_on, call.due_on) == (
        date(2026, 10, 31),
        date(2026, 11, 30),
        date(2026, 11, 30),
    )
    assert (call.created_on, call.status, call.proactive) == (TODAY, CallStatus.WAITING, False)


@pytest.mark.parametrize(
    "fields", [{"sold_here": False}, {"last_maintenance_on": date(2026, 10, 1)}]
)
def test_no_first_service_without_sale_here_or_after_a_maintenance_visit(store, fields):
    Vehicle.objects.filter(pk=delivered_car(store).pk).update(**fields)

    assert planned(TODAY) == []


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (DUE - 22 * DAY, set()),
        (DUE - 21 * DAY, {"maintenance"}),
        (DUE, {"maintenance"}),
        (DUE + DAY, {"at_risk"}),
        (DUE + 29 * DAY, {"at_risk"}),
        (DUE + 30 * DAY, {"churn"}),  # 213 days after the last visit
    ],
)
def test_maintenance_then_at_risk_then_churn(store, day, kinds):
    maintained_car(store)

    assert {call.kind for call in planned(day)} == kinds


def test_a_maintenance_call_is_due_seven_days_before(store):
    maintained_car(store)

    (call,) = planned(DUE - 10 * DAY)

    assert (call.cycle, call.event_on, call.opens_on, call.due_on, call.proactive) == (
        "2026-05-23",
        DUE,
        DUE - 21 * DAY,
        DUE - 7 * DAY,
        False,
    )


def test_near_by_time_and_mileage_opens_early_and_says_so(store):
    maintained_car(store, maintenance_opens_on=DUE - 30 * DAY)

    (call,) = planned(DUE - 30 * DAY)

    assert (call.proactive, call.opens_on) == (True, DUE - 30 * DAY)


@pytest.mark.parametrize(
    ("first_due_on", "kinds"),
    [(TODAY, {"first_service"}), (TODAY - DAY, {"first_service", "maintenance"})],
)
def test_a_new_car_is_sheltered_until_three_months_after_delivery(store, first_due_on, kinds):
    maintained_car(
        store,
        due_on=TODAY + 5 * DAY,
        sold_here=True,
        last_maintenance_on=None,
        first_service_opens_on=first_due_on - 30 * DAY,
        first_service_due_on=first_due_on,
    )

    assert {call.kind for call in planned(TODAY)} == kinds


def test_a_sheltered_car_is_not_at_risk_either(store):
    maintained_car(
        store,
        due_on=TODAY - DAY,
        sold_here=True,
        last_maintenance_on=None,
        first_service_opens_on=TODAY - 30 * DAY,
        first_service_due_on=TODAY,
    )

    assert [call.kind for call in planned(TODAY)] == ["first_service"]


@pytest.mark.parametrize(
    ("found_on", "due_on"),
    [
        (date(2026, 11, 24), date(2026, 11, 30)),  # opens + 6 is the month's end
        (date(2026, 11, 25), date(2026, 12, 1)),
        (date(2026, 11, 2), date(2026, 11, 30)),
    ],
)
def test_what_is_found_is_due_at_the_months_end_but_not_before_six_days(store, found_on, due_on):
    maintained_car(store, due_on=found_on - DAY)

    (call,) = planned(found_on)

    assert (call.kind, call.opens_on, call.due_on) == (CallKind.AT_RISK, found_on, due_on)


@pytest.mark.parametrize(
    ("days_since", "owed"), [(89, False), (90, True), (360, True), (361, False)]
)
def test_churn_counts_from_90_to_360_days_since_the_last_visit(store, days_since, owed):
    maintained_car(store, due_on=TODAY - 30 * DAY, last_visit_on=TODAY - days_since * DAY)

    assert len(planned(TODAY)) == owed


@pytest.mark.parametrize(("overdue", "kind"), [(29, "at_risk"), (30, "churn")])
def test_churn_begins_when_maintenance_is_overdue_by_30_days(store, overdue, kind):
    maintained_car(store, due_on=TODAY - overdue * DAY)

    assert [call.kind for call in planned(TODAY)] == [kind]


def churn_call(store, **fields):
    car = maintained_car(store, due_on=TODAY - 60 * DAY)
    call = factories.make_call(
        store, vehicle=car, kind="churn", cycle="2026-05-23/2026-10", **fields
    )
    return car, call


def test_a_car_never_serviced_here_counts_from_its_delivery(store):
    maintained_car(
        store,
        due_on=TODAY - 40 * DAY,
        sold_here=True,
        delivered_on=TODAY - 200 * DAY,
        last_visit_on=None,
        last_maintenance_on=None,
    )

    (call,) = planned(TODAY, CallKind.CHURN)

    assert (call.event_on, call.cycle) == (TODAY - 200 * DAY, f"{TODAY - 200 * DAY}/2026-11")


def test_no_second_churn_call_while_one_of_the_same_last_visit_is_open(store):
    churn_call(store, event_on=date(2026, 5, 23), due_on=TODAY)

    assert len(planned(TODAY, CallKind.CHURN)) == 1


def test_another_month_finds_a_churn_car_again_when_the_first_call_ended(store):
    _, call = churn_call(store, status="failed", ended_at=NOW)

    new = planned(TODAY, CallKind.CHURN)

    assert sorted(c.cycle for c in new) == ["2026-05-23/2026-10", "2026-05-23/2026-11"]


@pytest.mark.parametrize(("days_ago", "calls"), [(90, 1), (91, 2)])
def test_a_reached_churn_customer_rests_for_90_days(store, days_ago, calls):
    churn_call(store, status="reached", ended_at=NOW - days_ago * DAY)

    assert len(planned(TODAY, CallKind.CHURN)) == calls


@pytest.mark.parametrize(
    ("locality", "fields", "group"),
    [
        (Locality.LOCAL, {"delivered_on": date(2023, 11, 24)}, ChurnGroup.LOCAL_IN),
        (Locality.LOCAL, {"delivered_on": date(2023, 11, 23)}, ChurnGroup.LOCAL_OUT),
        (Locality.LOCAL, {}, ChurnGroup.LOCAL_OUT),
        (
            Locality.NON_LOCAL,
            {"registered_on": date(2022, 1, 1), "warranty_months": 60},
            ChurnGroup.NON_LOCAL_IN,
        ),
        (
            Locality.NON_LOCAL,  # 99,800 km and 200 more since
            {"delivered_on": TODAY - 400 * DAY, "last_km": 99_800, "last_km_on": TODAY - 5 * DAY},
            ChurnGroup.NON_LOCAL_OUT,
        ),
        (
            Locality.UNKNOWN,
            {"delivered_on": TODAY - 400 * DAY, "last_km": 99_799, "last_km_on": TODAY - 5 * DAY},
            ChurnGroup.NON_LOCAL_IN,
        ),
    ],
)
def test_churn_groups_are_locality_by_warranty(store, locality, fields, group):
    owner = factories.make_customer(store, locality=locality)
    maintained_car(store, due_on=TODAY - 60 * DAY, owner=owner, **fields)

    (call,) = planned(TODAY, CallKind.CHURN)

    assert call.churn_group == group


# Birthdays


@pytest.mark.parametrize(
    ("birthday", "day", "owed"),
    [
        (date(1990, 11, 23), date(2026, 11, 23), True),
        (date(1990, 11, 24), date(2026, 11, 23), False),
        (date(1992, 2, 29), date(2027, 2, 28), True),  # common year
        (date(1992, 2, 29), date(2028, 2, 28), False),
        (date(1992, 2, 29), date(2028, 2, 29), True),
        (date(1992, 2, 28), date(2027, 2, 28), True),
    ],
)
def test_birthdays_of_the_sun(store, birthday, day, owed):
    owner = factories.make_customer(store, birthday=birthday)
    factories.make_vehicle(store, owner=owner)

    calls = planned(day)

    assert [(c.kind, c.customer, c.vehicle, c.cycle) for c in calls] == (
        [(CallKind.BIRTHDAY, owner, None, str(day.year))] if owed else []
    )


@pytest.mark.parametrize(
    ("mmdd", "day", "cycle"),
    [
        (1015, date(2026, 11, 23), "2026"),
        (1016, date(2026, 11, 23), None),
        (1213, date(2027, 1, 20), "2026"),  # the lunar year
        (529, date(2027, 7, 3), "2027"),
        (530, date(2027, 7, 3), "2027"),  # a month of 29 days
        (530, date(2027, 7, 4), None),
        (601, date(2025, 6, 25), "2025"),  # the plain sixth month
        (601, date(2025, 7, 25), None),  # the leap sixth month
    ],
)
def test_birthdays_of_the_moon(store, mmdd, day, cycle):
    owner = factories.make_customer(store, lunar_birth_mmdd=mmdd, birthday=date(1990, 11, 23))
    factories.make_vehicle(store, owner=owner)

    assert [call.cycle for call in planned(day)] == ([cycle] if cycle else [])


def test_one_birthday_call_a_customer_however_many_cars(store):
    owner = factories.make_customer(store, birthday=date(1990, 11, 23))
    for _ in range(3):
        factories.make_vehicle(store, owner=owner)

    assert len(planned(TODAY)) == 1


@pytest.mark.parametrize(
    ("owner", "car"),
    [
        ({"kind": CustomerKind.COMPANY}, {}),
        ({"refuses_service": True}, {}),
        ({}, {"fate": Fate.SCRAPPED}),
    ],
)
def test_no_birthday_for_companies_refusals_and_people_without_a_car(store, owner, car):
    person = factories.make_customer(store, birthday=date(1990, 11, 23), **owner)
    factories.make_vehicle(store, owner=person, **car)

    assert planned(TODAY) == []


def test_on_a_closed_day_no_birthday_call_is_owed(store):
    owner = factories.make_customer(store, birthday=date(1990, 11, 23))
    factories.make_vehicle(store, owner=owner)
    CalendarDay.objects.create(store=store, on=TODAY, kind=DayKind.CLOSED)

    assert planned(TODAY) == []


# Nobody is called


@pytest.mark.parametrize("fields", [{"fate": Fate.SOLD_ON}, {"in_workshop": True}])
@pytest.mark.parametrize("make", [delivered_car, maintained_car])
def test_no_call_about_a_car_that_is_gone_or_in_the_workshop(store, make, fields):
    make(store, **fields)

    assert planned(TODAY) == []


def test_no_call_about_a_car_without_owner(store):
    maintained_car(store, owner=False)

    assert planned(TODAY) == []


def test_no_call_to_who_refuses(store):
    maintained_car(store, owner=factories.make_customer(store, refuses_service=True))

    assert planned(TODAY) == []


def test_a_stop_is_for_one_kind_and_one_car_and_until_it_ends(store, specialist):
    owner = factories.make_customer(store)
    stopped, other, free_again = (maintained_car(store, owner=owner) for _ in range(3))
    new = delivered_car(store, owner=owner)
    for car, ended_at in ((stopped, None), (free_again, NOW), (new, None)):
        StopContact.objects.create(
            store=store,
            customer=owner,
            vehicle=car,
            kind=CareKind.MAINTENANCE,
            reason="—",
            by=specialist,
            at=NOW,
            ended_at=ended_at,
        )

    assert {call.vehicle for call in planned(TODAY)} == {other, free_again, new}


# Numbers, made up, owners, stores


def test_the_stores_own_numbers_decide(store):
    CarePolicy.objects.create(
        store=store, effective_from=TODAY, maintenance_lead_days=10, at_risk_days=20
    )
    maintained_car(store, due_on=TODAY + 15 * DAY)
    maintained_car(store, due_on=TODAY - 20 * DAY)

    assert {(c.kind, c.due_on) for c in planned(TODAY)} == {
        ("maintenance", TODAY + 5 * DAY),
        ("churn", TODAY + 7 * DAY),
    }


@pytest.mark.parametrize(
    ("due_on", "made_up"),
    [
        (TODAY - DAY, True),
        (TODAY + 2 * DAY, True),  # Wednesday: two working days after Monday
        (TODAY + 3 * DAY, False),
    ],
)
def test_a_call_created_fewer_than_three_working_days_before_due_is_made_up(store, due_on, made_up):
    maintained_car(store, due_on=due_on + 7 * DAY)

    (call,) = planned(TODAY)

    assert (call.due_on, call.made_up) == (due_on, made_up)


def test_a_birthday_is_made_up_only_after_the_day_itself(store):
    for birthday in (date(1990, 11, 23), date(1990, 11, 22)):
        factories.make_vehicle(store, owner=factories.make_customer(store, birthday=birthday))

    plan(on=TODAY - DAY, now=NOW)
    plan(on=TODAY, now=NOW)

    assert dict(Call.objects.values_list("event_on", "made_up")) == {
        TODAY: False,
        TODAY - DAY: True,
    }


def test_calls_go_round_among_those_on_duty(store, specialist, other_specialist):
    absent = factories.make_user("absent", store, Role.CARE_SPECIALIST)
    DutyDay.objects.create(store=store, user=absent, on=TODAY, on_duty=False)
    factories.make_user("manager2", store, Role.CARE_MANAGER)
    for _ in range(5):
        maintained_car(store)
        delivered_car(store)

    planned(TODAY)

    counts = dict(Call.objects.values_list("owner").annotate(n=Count("pk")))
    assert counts == {specialist.pk: 5, other_specialist.pk: 5}


def test_the_turn_goes_on_from_one_run_and_day_to_the_next(store, specialist, other_specialist):
    owners = []
    for day in (TODAY, TODAY, TODAY + DAY):
        car = maintained_car(store, due_on=TODAY + 5 * DAY)
        plan(on=day, now=at(day))
        owners.append(Call.objects.get(vehicle=car).owner)

    assert owners == [specialist, other_specialist, specialist]


def test_all_calls_of_a_customer_have_one_owner(store, specialist, other_specialist):
    for _ in range(4):
        owner = factories.make_customer(store, birthday=date(1990, 11, 23))
        maintained_car(store, owner=owner)
        delivered_car(store, owner=owner)

    planned(TODAY)

    per_customer = Call.objects.values("customer").annotate(
        calls=Count("pk"), owners=Count("owner", distinct=True)
    )
    assert {(row["calls"], row["owners"]) for row in per_customer} == {(3, 1)}
    assert {c["n"] for c in Call.objects.values("owner").annotate(n=Count("pk"))} == {6}


def test_who_works_the_customer_already_gets_his_new_call(store, specialist, other_specialist):
    car = maintained_car(store)
    factories.make_call(store, vehicle=car, kind="first_service", owner=other_specialist)

    (call,) = planned(TODAY, CallKind.MAINTENANCE)

    assert call.owner == other_specialist


def test_nobody_on_duty_leaves_the_calls_to_all_specialists(store, specialist):
    maintained_car(store)

    (call,) = planned(date(2026, 11, 22))  # a Sunday

    assert call.owner == specialist


def test_a_store_without_specialists_gets_calls_without_owner(store, other_store):
    maintained_car(other_store)

    (call,) = planned(TODAY)

    assert (call.store, call.owner) == (other_store, None)


def test_planning_one_store_leaves_the_other_alone(store, other_store):
    mine, theirs = maintained_car(store), maintained_car(other_store)

    plan(on=TODAY, stores=[store], now=NOW)

    assert list(Call.objects.values_list("vehicle", flat=True)) == [mine.pk]
    assert list(PlannedDay.objects.values_list("store", flat=True)) == [store.pk]
    plan(on=TODAY, now=NOW)
    assert Call.objects.get(vehicle=theirs).store == other_store


def test_the_number_of_queries_does_not_grow(store, other_store):
    def queries():
        Call.objects.all().delete()
        PlannedDay.objects.all().delete()
        with CaptureQueriesContext(connection) as found:
            plan(on=TODAY, now=NOW)
        return len(found)

    maintained_car(store)
    maintained_car(other_store)
    one = queries()
    for _ in range(4):
        maintained_car(store)
        maintained_car(other_store)

    assert queries() == one
