"""A repair order is opened, agreed to and priced (SVC-07, SVC-08, SVC-15)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.audit.meanwhile import ChangedMeanwhile
from apps.core.errors import Refused
from apps.customers.models import MileageReading
from apps.desk import invariants
from apps.service import actions
from apps.service.actions import OddMileage
from apps.service.choices import LineState, RepairKind, Stage
from apps.service.models import Appointment, RepairOrder, RepairPart, RepairWork, StageChange
from apps.service.queries.days import parts_state
from apps.service.queries.orders import put_off_work
from tests.factories import NOW, TODAY, make_customer, make_vehicle
from tests.service.garage import (
    HOUR,
    agree,
    hand_back,
    make_closed,
    make_order,
    make_ready,
    person,
    propose,
    settle,
)
from tests.service.workshop import at, make_appointment, make_operation, make_part, needs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def free(part):
    """What may still be promised of the part today."""
    from_stock, moves = parts_state([part], TODAY)
    return from_stock[part.pk] + sum(n for _day, n in moves[part.pk])


def test_a_walk_in_is_an_order_with_a_number_and_the_car_is_in_the_workshop(store):
    car = make_vehicle(store, plate="沪A12345")

    order = make_order(store, car, km=8000, complaints="刹车异响")

    car.refresh_from_db()
    assert (order.number, order.status, order.in_on, order.out_on) == (
        "W261123-001",
        Stage.WAITING,
        TODAY,
        None,
    )
    assert (order.customer, order.advisor, order.version) == (car.owner, "advisor_S1", 1)
    assert (car.in_workshop, car.last_visit_on, car.last_km) == (True, None, 8000)
    said = order.stages.get()
    assert (said.stage, said.at, said.by.username) == (Stage.WAITING, NOW, "advisor_S1")
    assert invariants.broken() == {}


def test_numbers_are_counted_by_store_and_day_without_gaps_beside_imported_ones(store, other_store):
    first = make_order(store)
    imported = make_vehicle(store)
    RepairOrder.objects.create(
        store=store, number="W261123-002", vehicle=imported, kind="repair", out_on=TODAY
    )
    with pytest.raises(Refused):
        make_order(store, first.vehicle)
    second, theirs = make_order(store), make_order(other_store)
    tomorrow = make_order(store, now=NOW + DAY, promised_at=None)

    numbers = [order.number for order in (first, second, theirs, tomorrow)]
    assert numbers == ["W261123-001", "W261123-003", "W261123-001", "W261124-001"]


def test_an_appointment_comes_over_whole_with_its_lines_and_its_parts_are_kept_once(store):
    oil, filter_ = make_operation(store), make_part(store, stock=5)
    needs(oil, filter_, 2)
    booked = make_appointment(store, "14:00", operations=[oil], confirmed=True)
    booked.symptoms = "换机油"
    booked.save()
    assert free(filter_) == 3
    oil.price_amount = Decimal("999.00")
    oil.save()

    order = make_order(store, booked.vehicle, appointment=booked, promised_at=None)

    booked.refresh_from_db()
    assert (booked.status, order.appointment) == ("arrived", booked)
    assert (order.complaints, order.promised_at) == ("换机油", at("15:00"))
    assert (order.technician, order.bay) == (booked.technician, booked.bay)
    work, part = order.work.get(), order.parts.get()
    assert (work.operation, work.minutes, work.price_amount) == (oil, 60, Decimal("120.00"))
    assert (part.work, part.quantity, part.price_amount) == (work, 2, Decimal("48.00"))
    assert free(filter_) == 3  # kept for the order now, not twice


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_who_came_after_all_is_received_and_a_cancelled_appointment_is_not(store, status):
    booked = make_appointment(store, "14:00")
    Appointment.objects.filter(pk=booked.pk).update(
        status=status, cancel_reason="customer" if status == "cancelled" else ""
    )

    if status == "no_show":
        assert make_order(store, booked.vehicle, appointment=booked).appointment == booked
    else:
        with pytest.raises(Refused):
            make_order(store, booked.vehicle, appointment=booked)
        assert not RepairOrder.objects.exists()


def test_a_car_has_one_open_order_and_an_appointment_one_order(store, other_store):
    booked = make_appointment(store, "14:00")
    order = make_order(store, booked.vehicle, appointment=booked)

    with pytest.raises(Refused, match="W261123-001"):
        make_order(store, booked.vehicle)
    with pytest.raises(Refused):
        make_order(store, make_vehicle(store), appointment=booked)
    with pytest.raises(IntegrityError), transaction.atomic():  # the wall behind it
        RepairOrder.objects.create(
            store=store,
            number="x",
            vehicle=order.vehicle,
            customer=order.customer,
            kind="repair",
            status=Stage.WAITING,
            opened_at=NOW,
            in_on=TODAY,
        )
    assert RepairOrder.objects.count() == 1


def test_a_mileage_below_the_last_is_refused_until_it_was_read_again(store):
    car = make_vehicle(store)
    make_closed(store, car, km=8000, now=NOW - DAY, promised_at=None)

    for km in (7000, 80_000):
        with pytest.raises(OddMileage, match="8,000"):
            make_order(store, car, km=km)
    assert (RepairOrder.objects.count(), MileageReading.objects.count()) == (1, 1)
    make_order(store, car, km=7000, km_sure=True)

    accepted = dict(MileageReading.objects.values_list("km", "accepted"))
    assert accepted == {8000: False, 7000: True}  # one of them is listed for review (CUS-07)


@pytest.mark.parametrize(
    "fields",
    [{"kind": "nonsense"}, {"promised_at": NOW - HOUR}, {"km": 3_000_000}, {"km": -1}],
)
def test_what_cannot_be_is_refused_and_opens_nothing(store, fields):
    with pytest.raises(Refused):
        make_order(store, **fields)
    assert not RepairOrder.objects.exists() and not StageChange.objects.exists()


def test_a_car_without_owner_needs_somebody_who_brought_it(store):
    car = make_vehicle(store, owner=False)
    with pytest.raises(Refused):
        make_order(store, car)
    driver = make_customer(store, "司机")

    assert make_order(store, car, customer=driver).customer == driver


def test_work_comes_with_its_parts_and_the_customers_answer_takes_them_along(store):
    oil, filter_ = make_operation(store), make_part(store)
    needs(oil, filter_)
    order = make_order(store)
    work, odd = propose(order, oil), propose(order, recommended=True)

    answered = actions.answer(
        order,
        {f"w{work.pk}": LineState.APPROVED, f"w{odd.pk}": LineState.PUT_OFF},
        how="phone",
        version=3,
        now=NOW,
        by=person(store),
    )

    assert (answered.approved_at, answered.approved_how, answered.version) == (NOW, "phone", 4)
    assert [one.state for one in order.work.all()] == ["approved", "put_off"]
    part = order.parts.get()
    assert (part.state, part.decided_how, part.decided_by) == ("approved", "phone", person(store))


def test_work_is_on_an_order_once_and_only_from_the_own_catalogue(store, other_store):
    oil, theirs = make_operation(store), make_operation(other_store)
    order = make_order(store)
    propose(order, oil)

    for operation in (oil, theirs):
        with pytest.raises(Refused):
            propose(order, operation)
    with pytest.raises(Refused):
        actions.add_part(order, make_part(other_store), 1, version=None, now=NOW, by=person(store))
    with pytest.raises(Refused):
        actions.add_part(order, make_part(store), 0, version=None, now=NOW, by=person(store))
    assert (RepairWork.objects.count(), RepairPart.objects.count()) == (1, 0)


def test_a_line_is_taken_off_until_the_customer_answered(store):
    order = make_order(store)
    mistake, kept = propose(order), propose(order)
    actions.remove_line(order, mistake, version=None)
    agree(order)

    with pytest.raises(Refused):
        actions.remove_line(order, kept, version=None)
    assert list(order.work.all()) == [kept]


def test_the_second_tab_is_told_what_changed_and_overwrites_nothing(store):
    order = make_order(store)
    actions.change_order(order, {"diagnosis": "刹车片磨损"}, version=1, now=NOW)

    with pytest.raises(ChangedMeanwhile) as told:
        actions.change_order(order, {"complaints": "异响"}, version=1, now=NOW)

    assert "诊断" in str(told.value) and "客户描述" not in str(told.value)
    order.refresh_from_db()
    assert (order.diagnosis, order.complaints, order.version) == ("刹车片磨损", "", 2)
    propose(order, version=2)
    with pytest.raises(ChangedMeanwhile, match="工单项目"):
        propose(order, version=2)


def test_declined_and_put_off_work_comes_back_until_it_is_done(store, other_store):
    car, oil = make_vehicle(store), make_operation(store)
    brakes = make_operation(store, "B10", name="更换前制动片", kind=RepairKind.REPAIR)
    make_order(other_store)
    first = make_order(store, car, now=NOW - 9 * DAY, promised_at=None)
    for operation in (oil, brakes):
        propose(first, operation, now=NOW - 9 * DAY)
    agree(first, LineState.PUT_OFF, now=NOW - 9 * DAY)
    actions.not_agree(first, reason="没时间", now=NOW, by=person(store), version=None)
    settle(first, paid_how="nothing")
    hand_back(first)

    assert [one.name for one in put_off_work(car)] == ["更换前制动片", "机油保养"]
    second = make_ready(store, car, operations=[brakes])
    assert [one.name for one in put_off_work(car)] == ["机油保养"]
    assert [one.name for one in put_off_work(car, without=second)] == ["更换前制动片", "机油保养"]


def test_who_came_and_went_without_an_order_keeps_no_parts_after_the_day(store):
    part = make_part(store, stock=5)
    oil = make_operation(store)
    needs(oil, part, 2)
    row = make_appointment(store, operations=[oil])
    actions.arrive(row, now=NOW)
    stock, moves = parts_state([part], TODAY)
    assert (stock, moves) == ({part.pk: 5}, {part.pk: [(TODAY, -2)]})

    assert parts_state([part], TODAY + DAY) == ({part.pk: 5}, {})
