"""However often, late or in parallel planning runs, the calls are the same (CARE-16)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.care.actions.planning import plan, tidy
from apps.care.models import Call, PlannedDay
from apps.customers import actions as customers
from apps.service import actions as service
from apps.service.models import RepairOrder
from tests import factories
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, SHANGHAI, TODAY

DAY = timedelta(days=1)


def at(day):
    return datetime.combine(day, time(10), SHANGHAI)


def seed(store):
    """Cars whose calls open, pass and fall due around today, one with a visit yesterday."""
    cars = [factories.make_vehicle(store) for _ in range(6)]
    bases = [TODAY - days * DAY for days in (163, 162, 161, 185, 184, 215)]
    for number, (car, base) in enumerate(zip(cars, bases, strict=True)):
        RepairOrder.objects.create(
            store=store, vehicle=car, number=f"R{number}", kind="maintenance", out_on=base
        )
    RepairOrder.objects.create(
        store=store, vehicle=cars[3], number="late", kind="maintenance", out_on=TODAY - DAY
    )
    for ago in range(3):
        owner = factories.make_customer(store, birthday=date(1990, 11, 23 - ago))
        factories.make_vehicle(store, owner=owner)
    service.refresh_visits(None, on=TODAY)
    customers.refresh_cars(None, on=TODAY)


def rows(*more):
    names = ("kind", "vehicle", "customer", "cycle", "event_on", "opens_on", "due_on", *more)
    return sorted(Call.objects.values_list(*names), key=str)


def test_three_days_without_planning_leave_the_calls_of_daily_planning(store, specialist):
    seed(store)
    with transaction.atomic():
        for ago in (3, 2, 1, 0):
            plan(on=TODAY - ago * DAY, now=at(TODAY - ago * DAY))
            tidy(on=TODAY - ago * DAY, now=at(TODAY - ago * DAY))
        daily = rows("status", "end_reason")
        Call.objects.all().delete()
        transaction.set_rollback(True)

    plan(on=TODAY - 3 * DAY, now=at(TODAY - 3 * DAY))
    plan(on=TODAY, now=NOW)
    tidy(on=TODAY, now=NOW)

    assert rows("status", "end_reason") == daily
    assert len(daily) > 5
    missed = Call.objects.filter(opens_on__range=(TODAY - 2 * DAY, TODAY - DAY), kind="birthday")
    assert {(c.created_on, c.made_up, c.status) for c in missed} == {(TODAY, True, "lapsed")}


def test_only_facts_dated_up_to_the_day_count(store, specialist):
    """The car visited yesterday was still due the day before."""
    seed(store)

    plan(on=TODAY - 2 * DAY, now=at(TODAY - 2 * DAY))
    before = set(Call.objects.filter(kind="maintenance").values_list("cycle", flat=True))

    assert str(TODAY - 185 * DAY) in before
    car = RepairOrder.objects.get(number="late").vehicle
    assert car.base_on == TODAY - DAY  # and the car is as it was


def test_an_earlier_day_is_planned_again_and_leaves_no_record(store, specialist):
    seed(store)
    plan(on=TODAY, now=NOW)

    plan(on=TODAY - 10 * DAY, now=at(TODAY - 10 * DAY))

    assert list(PlannedDay.objects.filter(store=store).values_list("on", flat=True)) == [TODAY]
    assert plan(on=TODAY - 10 * DAY, now=at(TODAY - 10 * DAY)).total() == 0


def test_twice_creates_nothing_more(store, specialist):
    seed(store)
    plan(on=TODAY, now=NOW)
    before = rows("owner", "created_on")

    assert plan(on=TODAY, now=NOW + timedelta(minutes=5)).total() == 0
    assert rows("owner", "created_on") == before


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_time_create_each_call_once(store, specialist):
    seed(store)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first = plan(on=TODAY, now=NOW)
            second = other.submit(closing, plan, on=TODAY, now=NOW)
            wait_until_someone_waits_for_a_lock()
        made = first.total(), second.result(timeout=30).total()

    assert made == (Call.objects.count(), 0)
    assert made[0] > 3


def test_without_the_turn_taking_the_unique_keys_still_hold(store, specialist):
    """The wall behind the lock: the same rows inserted past the look-up are none."""
    seed(store)
    plan(on=TODAY, now=NOW)
    with connection.cursor() as cursor, pytest.raises(Exception, match="care_call_once_per_car"):
        cursor.execute(
            "INSERT INTO care_call (store_id, customer_id, vehicle_id, kind, cycle, event_on,"
            " opens_on, due_on, created_on, proof) SELECT store_id, customer_id, vehicle_id, kind,"
            " cycle, event_on, opens_on, due_on, created_on, proof FROM care_call"
            " WHERE vehicle_id IS NOT NULL LIMIT 1"
        )


def test_the_command_says_how_many_and_a_dry_run_writes_nothing(store, specialist, capsys):
    seed(store)

    call_command("plan_calls", "--on", "2026-11-23", "--store", "S1", "--dry-run", "--json")

    said = json.loads(capsys.readouterr().out)
    assert (said["on"], said["created"]["birthday"]) == ("2026-11-23", 1)
    assert Call.objects.count() == PlannedDay.objects.count() == 0

    call_command("plan_calls", "--on", "2026-11-23", "--json")
    assert json.loads(capsys.readouterr().out) == said
    assert Call.objects.count() == sum(said["created"].values())
    assert set(Call.objects.values_list("created_on", flat=True)) == {TODAY}


@pytest.mark.parametrize("arguments", [("--on", "23.11.2026"), ("--store", "NONE")])
def test_an_unknown_day_or_store_is_said_and_exits_with_2(store, arguments):
    with pytest.raises(CommandError) as refused:
        call_command("plan_calls", *arguments)

    assert refused.value.returncode == 2
