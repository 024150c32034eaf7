"""What becomes of open calls when the facts move on (CARE-18, CARE-27, CARE-28)."""

from datetime import date, datetime, time, timedelta

import pytest

from apps.care.actions.planning import plan, tidy
from apps.care.choices import CallStatus, EndReason
from apps.care.models import Call, PlannedDay
from apps.care.queries.gone import gone_reasons
from apps.customers import actions as customers
from apps.customers.choices import Fate, ReadingSource
from apps.customers.models import Customer, MileageReading, StopContact, Vehicle
from apps.service import actions as service
from apps.service.models import RepairOrder
from tests import factories
from tests.factories import NOW, SHANGHAI, TODAY

DAY = timedelta(days=1)
BASE = date(2026, 6, 5)  # the last maintenance: the next is due on 5 December


@pytest.fixture(autouse=True)
def on_duty(specialist):
    return specialist


def at(day):
    return datetime.combine(day, time(10), SHANGHAI)


def sweep(day=TODAY):
    """One run on ``day`` alone: what days without planning leave is test_planning_runs."""
    PlannedDay.objects.all().delete()
    plan(on=day, now=at(day))
    return tidy(on=day, now=at(day))


def refresh(car, on=TODAY):
    service.refresh_visits([car.pk], on=on)
    customers.refresh_cars([car.pk], on=on)


def visit(car, on, kind="maintenance", number=None, came_in=None):
    order = RepairOrder.objects.create(
        store=car.store,
        vehicle=car,
        number=number or f"R{on}",
        kind=kind,
        in_on=came_in or on,
        out_on=on,
    )
    refresh(car, on or TODAY)
    return order


@pytest.fixture
def car(store):
    """Maintained on 5 June by order R1."""
    car = factories.make_vehicle(store)
    visit(car, BASE, number="R1")
    return car


@pytest.fixture
def call(car):
    """Its open maintenance call."""
    sweep()
    (call,) = Call.objects.all()
    assert (call.cycle, call.event_on, call.status) == ("2026-06-05", date(2026, 12, 5), "waiting")
    return call


def touched(call):
    Call.objects.filter(pk=call.pk).update(attempts=1, day1_on=TODAY)


def state(call):
    call.refresh_from_db()
    return call.status, call.end_reason


def test_a_call_whose_reason_stands_is_left_as_it_is(call):
    before = Call.objects.filter(pk=call.pk).values().get()

    assert sweep().total() == 0
    assert Call.objects.filter(pk=call.pk).values().get() == before


def test_a_visit_withdraws_the_call_with_the_proof(call, car):
    visit(car, TODAY - DAY, number="R2")

    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.VISITED)
    assert call.proof["order"] == "R2"
    assert call.proof["on"] == "2026-11-22"
    assert call.ended_at == at(TODAY)


def test_a_repair_alone_does_not_answer_a_maintenance_call(call, car):
    visit(car, TODAY - DAY, kind="repair")

    sweep()

    assert state(call) == (CallStatus.WAITING, "")


def test_a_first_service_visit_answers_the_first_service_call(store):
    car = factories.make_vehicle(store, sold_here=True, delivered_on=TODAY - 70 * DAY)
    refresh(car)
    sweep()
    (call,) = Call.objects.all()

    visit(car, TODAY, kind="first_service", number="F1")
    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.VISITED)
    assert call.proof["order"] == "F1"


def test_any_visit_answers_a_churn_call(store):
    car = factories.make_vehicle(store)
    visit(car, TODAY - 250 * DAY)
    sweep()
    (call,) = Call.objects.all()
    assert call.kind == "churn"

    visit(car, TODAY, kind="repair", number="R9")
    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.VISITED)
    assert call.proof["order"] == "R9"


def test_in_the_workshop_the_call_is_withdrawn_and_comes_back_as_the_same_row(call, car):
    order = visit(car, None, kind="repair", number="R3", came_in=TODAY)
    sweep()
    assert state(call) == (CallStatus.WITHDRAWN, EndReason.IN_WORKSHOP)
    assert call.proof["order"] == "R3"

    order.out_on = TODAY + DAY
    order.save()
    refresh(car, TODAY + DAY)
    done = sweep(TODAY + DAY)

    assert done["reopened"] == 1
    assert state(call) == (CallStatus.WAITING, "")
    assert (call.ended_at, call.proof) == (None, {})
    assert Call.objects.count() == 1


@pytest.mark.parametrize("fate", [Fate.SOLD_ON, Fate.SCRAPPED])
def test_a_car_that_is_gone_ends_its_call(call, car, fate):
    Vehicle.objects.filter(pk=car.pk).update(fate=fate)

    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.CAR_GONE)
    assert call.proof == {"fate": fate}


def test_a_new_owner_ends_the_call_and_gets_none_of_the_same_cycle(call, car, store):
    owner = factories.make_customer(store)
    Vehicle.objects.filter(pk=car.pk).update(owner=owner)

    sweep()
    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.NEW_OWNER)
    assert call.proof == {"owner": owner.pk}
    assert Call.objects.count() == 1


def test_a_refusal_ends_the_call_and_its_end_brings_it_back(call, car):
    customer = Customer.objects.filter(pk=car.owner_id)
    customer.update(refuses_service=True)
    sweep()
    assert state(call) == (CallStatus.WITHDRAWN, EndReason.STOPPED)

    customer.update(refuses_service=False)
    sweep()

    assert state(call) == (CallStatus.WAITING, "")


def test_a_stop_for_the_kind_ends_the_call(call, car, store, specialist):
    stop = StopContact.objects.create(
        store=store,
        customer=car.owner,
        vehicle=car,
        kind="maintenance",
        reason="他店保养",
        by=specialist,
        at=NOW,
    )

    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.STOPPED)
    assert call.proof == {"stop": stop.pk, "reason": "他店保养"}


def test_a_call_somebody_holds_is_left_to_the_hand_out(call, car, specialist):
    Call.objects.filter(pk=call.pk).update(
        status="claimed",
        holder=specialist,
        held_at=NOW,
        claim="00000000-0000-0000-0000-000000000001",
    )
    visit(car, TODAY, number="R2")

    sweep()

    assert state(call) == (CallStatus.CLAIMED, "")
    (gone,) = gone_reasons(Call.objects.filter(customer=call.customer), TODAY)
    assert (gone.gone, gone.gone_proof["order"]) == (EndReason.VISITED, "R2")


def test_nothing_is_gone_when_nothing_happened(call):
    assert list(gone_reasons(Call.objects.all(), TODAY)) == []


# Corrections


def correct(car, on, number="R1"):
    """The DMS says now that the order was settled on another day."""
    RepairOrder.objects.filter(vehicle=car, number=number).update(in_on=on, out_on=on)
    refresh(car)


def test_a_corrected_visit_moves_the_untouched_call(call, car):
    correct(car, date(2026, 6, 1))

    sweep()

    call.refresh_from_db()
    assert (call.cycle, call.event_on, call.opens_on, call.due_on, call.status) == (
        "2026-06-01",
        date(2026, 12, 1),
        date(2026, 11, 10),
        date(2026, 11, 24),
        CallStatus.WAITING,
    )
    assert Call.objects.count() == 1


def test_a_touched_call_keeps_its_dates_and_shows_the_change(call, car):
    touched(call)
    correct(car, date(2026, 6, 1))

    sweep()

    call.refresh_from_db()
    assert (call.cycle, call.event_on, call.due_on, call.moved_event_on) == (
        "2026-06-01",
        date(2026, 12, 5),
        date(2026, 11, 28),
        date(2026, 12, 1),
    )
    assert Call.objects.count() == 1


def test_a_correction_calls_nobody_a_second_time(call, car):
    Call.objects.filter(pk=call.pk).update(status="reached", result="will_come", ended_at=NOW)
    correct(car, date(2026, 6, 1))

    sweep()

    call.refresh_from_db()
    assert (call.cycle, call.event_on, call.status) == (
        "2026-06-01",
        date(2026, 12, 5),
        CallStatus.REACHED,
    )
    assert Call.objects.count() == 1


def test_a_new_visit_is_a_new_cycle(call, car):
    Call.objects.filter(pk=call.pk).update(status="reached", result="will_come", ended_at=NOW)
    visit(car, TODAY, number="R2")
    later = date(2027, 5, 10)

    sweep(later)

    assert list(Call.objects.order_by("pk").values_list("cycle", "status")) == [
        ("2026-06-05", "reached"),
        ("2026-11-23", "waiting"),
    ]


def test_a_visit_that_never_was_ends_the_call(call, car):
    RepairOrder.objects.filter(number="R1").delete()
    refresh(car)

    sweep()

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.NOT_OWED)


def test_a_corrected_delivery_moves_the_first_service_call(store):
    car = factories.make_vehicle(store, sold_here=True, delivered_on=date(2026, 9, 10))
    refresh(car)
    sweep()
    Vehicle.objects.filter(pk=car.pk).update(delivered_on=date(2026, 9, 5))
    refresh(car)

    sweep()

    (call,) = Call.objects.all()
    assert (call.opens_on, call.event_on, call.due_on) == (
        date(2026, 11, 5),
        date(2026, 12, 5),
        date(2026, 12, 5),
    )


def test_a_reading_moves_the_dates_of_an_untouched_call(call, car):
    for on, km in ((BASE, 10_000), (TODAY - DAY, 17_300)):
        MileageReading.objects.create(
            store=car.store, vehicle=car, on=on, km=km, source=ReadingSource.VISIT
        )
    refresh(car)
    car.refresh_from_db()
    assert TODAY < car.maintenance_due_on < date(2026, 12, 5)

    sweep()

    call.refresh_from_db()
    assert (call.event_on, call.opens_on, call.due_on) == (
        car.maintenance_due_on,
        car.maintenance_opens_on,
        car.maintenance_due_on - 7 * DAY,
    )


def test_a_churn_call_follows_its_corrected_visit(store):
    car = factories.make_vehicle(store)
    visit(car, date(2026, 3, 2), number="R1")
    sweep()
    correct(car, date(2026, 3, 4))

    sweep()

    (call,) = Call.objects.all()
    assert (call.kind, call.cycle, call.event_on) == (
        "churn",
        "2026-03-04/2026-11",
        date(2026, 3, 4),
    )


# The end of time


def test_at_risk_takes_over_the_day_after_event_on(call):
    assert sweep(date(2026, 12, 5))["lapsed"] == 0
    sweep(date(2026, 12, 6))

    assert state(call) == (CallStatus.LAPSED, EndReason.TAKEN_OVER)
    new = Call.objects.exclude(pk=call.pk).get()
    assert (new.kind, new.cycle, new.opens_on, new.due_on, new.status) == (
        "at_risk",
        "2026-06-05",
        date(2026, 12, 6),
        date(2026, 12, 31),
        CallStatus.WAITING,
    )


def test_an_at_risk_call_stands_when_the_car_is_lost_until_its_due_day(call):
    sweep(date(2026, 12, 25))
    at_risk = Call.objects.get(kind="at_risk")
    assert at_risk.due_on == date(2026, 12, 31)

    sweep(date(2026, 12, 31))
    assert state(at_risk) == (CallStatus.WAITING, "")
    sweep(date(2027, 1, 1))
    assert state(at_risk) == (CallStatus.LAPSED, EndReason.OVERDUE)


@pytest.mark.parametrize(("days", "status"), [(31, "waiting"), (32, "lapsed")])
def test_a_first_service_call_lapses_31_days_after_due(store, days, status):
    car = factories.make_vehicle(store, sold_here=True, delivered_on=date(2026, 9, 10))
    refresh(car)
    sweep()
    (call,) = Call.objects.all()

    sweep(call.due_on + days * DAY)

    call.refresh_from_db()
    assert call.status == status


@pytest.mark.parametrize(("days", "status"), [(0, "waiting"), (1, "lapsed")])
def test_a_birthday_lapses_when_the_day_is_over(store, days, status):
    owner = factories.make_customer(store, birthday=date(1990, 11, 23))
    factories.make_vehicle(store, owner=owner)
    sweep()

    sweep(TODAY + days * DAY)

    assert Call.objects.get().status == status


def test_a_birthday_that_was_wrong_waits_for_the_right_day_in_the_same_row(store):
    owner = factories.make_customer(store, birthday=date(1990, 11, 23))
    factories.make_vehicle(store, owner=owner)
    sweep()
    Customer.objects.filter(pk=owner.pk).update(birthday=date(1990, 12, 1))
    sweep()
    (call,) = Call.objects.all()
    assert state(call) == (CallStatus.WITHDRAWN, EndReason.NOT_OWED)

    sweep(date(2026, 12, 1))

    assert state(call) == (CallStatus.WAITING, "")
    assert (call.event_on, call.due_on) == (date(2026, 12, 1), date(2026, 12, 1))
    assert Call.objects.count() == 1


def test_a_call_that_lapses_is_withdrawn_instead_when_the_visit_is_in_the_data(call, car):
    visit(car, date(2026, 12, 4), number="R2")

    sweep(date(2026, 12, 6))

    assert state(call) == (CallStatus.WITHDRAWN, EndReason.VISITED)
    assert Call.objects.count() == 1


def test_another_stores_calls_are_left_alone(call, car, other_store):
    Vehicle.objects.filter(pk=car.pk).update(fate=Fate.SCRAPPED)

    tidy(on=TODAY, stores=[other_store], now=NOW)

    assert state(call) == (CallStatus.WAITING, "")
