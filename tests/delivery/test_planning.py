"""The hand-over of a paid order gets a time that suits everybody (DEL-01, DEL-04)."""

from datetime import timedelta

import pytest

from apps.core.errors import Refused
from apps.delivery import actions
from apps.delivery.models import DeliveryArea, DeliveryNumbers, HandOver
from apps.delivery.queries import hand_overs
from apps.reception.choices.order import OrderStatus
from tests.delivery.keys import (
    TOMORROW,
    at,
    make_hand_over,
    make_order,
    make_ready,
    make_running,
    seller,
)
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_a_hand_over_takes_the_sum_of_its_steps_in_the_first_free_area(store, other_store):
    make_hand_over(other_store)
    row = make_hand_over(store, agreed_how="phone")

    assert (row.on, row.starts_at, row.ends_at) == (TOMORROW, at("10:00"), at("11:00"))
    assert (row.area.name, row.status, row.planned_minutes) == ("交车区1", "planned", 60)
    assert (row.agreed_how, row.agreed_by) == ("phone", seller(store))


def test_two_areas_hold_two_customers_and_a_third_finds_none(store):
    consultants = [seller(store, f"c{n}") for n in range(3)]
    for one in consultants[:2]:
        make_hand_over(store, order=make_order(store, consultant=one))
    with pytest.raises(actions.NotFree):
        make_hand_over(store, "10:30", order=make_order(store, consultant=consultants[2]))

    assert HandOver.objects.count() == 2
    assert {row.area.name for row in HandOver.objects.all()} == {"交车区1", "交车区2"}
    make_hand_over(store, "11:00", order=make_order(store, consultant=consultants[2]))


def test_a_consultant_is_with_one_customer_at_a_time(store):
    make_hand_over(store)
    with pytest.raises(actions.NotFree):
        make_hand_over(store, "10:55")
    assert HandOver.objects.count() == 1


@pytest.mark.parametrize("status", [OrderStatus.DRAFT, OrderStatus.SIGNED])
def test_no_hand_over_before_the_order_is_paid(store, status):
    with pytest.raises(Refused):
        make_hand_over(store, order=make_order(store, status=status))
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(
    ("clock", "on"),
    [("08:00", TOMORROW), ("17:00", TOMORROW), ("10:03", TOMORROW), ("09:00", TODAY)],
)
def test_no_hand_over_outside_opening_hours_or_in_the_past(store, clock, on):
    with pytest.raises(actions.NotFree):
        make_hand_over(store, clock, on)
    assert not HandOver.objects.exists()


def test_another_time_takes_back_what_was_agreed_and_the_area(store):
    row = make_ready(store, agreed_how="phone")
    actions.tell_customer(row, "晚到半小时", now=NOW)
    moved = actions.plan(
        row.order, starts_at=at("14:00"), consultant=row.consultant, now=NOW, by=row.consultant
    )

    assert moved.pk == row.pk
    assert (moved.status, moved.agreed_how, moved.told) == ("planned", "", "")
    assert {ready.point for ready in moved.ready.all()} == {
        "papers",
        "plate",
        "gift",
        "washing",
        "fuel",
    }


def test_the_same_time_again_changes_nothing_of_it(store):
    row = make_ready(store, agreed_how="phone")
    again = actions.plan(
        row.order,
        starts_at=row.starts_at,
        consultant=row.consultant,
        is_vip=True,
        now=NOW,
        by=row.consultant,
    )
    assert (again.status, again.agreed_how, again.is_vip) == ("prepared", "phone", True)


def test_cancelled_it_waits_for_another_time(store):
    row = make_hand_over(store)
    manager = seller(store)
    assert not hand_overs.to_plan(manager).exists()
    with pytest.raises(Refused):
        actions.cancel(row, " ")

    actions.cancel(row, "客户出差")
    assert [one.pk for one in hand_overs.to_plan(manager)] == [row.order_id]

    again = make_hand_over(store, order=row.order)
    assert (again.pk, again.status, again.cancelled) == (row.pk, "planned", "")


def test_what_has_begun_is_neither_moved_nor_cancelled(store):
    row = make_running(store)
    with pytest.raises(Refused):
        make_hand_over(store, "15:00", order=row.order)
    with pytest.raises(Refused):
        actions.cancel(row, "客户出差")
    row.refresh_from_db()
    assert (row.status, row.starts_at) == ("running", at("10:00"))


def test_free_times_leave_out_what_is_taken(store):
    DeliveryArea.objects.filter(store=store, name="交车区2").update(active=False)
    make_hand_over(store, "10:00")
    other = seller(store, "other")

    times = hand_overs.free_times(store, TOMORROW, other.pk, NOW)

    clocks = [f"{one.astimezone(NOW.tzinfo):%H:%M}" for one in times]
    assert clocks[:3] == ["08:30", "09:00", "11:00"]
    assert clocks[-1] == "16:30"


def test_a_store_may_take_its_own_time(store):
    actions.set_numbers(store, {"functions_minutes": 50}, effective_from=TOMORROW, now=NOW)
    row = make_hand_over(store)
    assert row.ends_at - row.starts_at == timedelta(minutes=90)
    with pytest.raises(Refused):
        actions.set_numbers(store, {}, effective_from=TODAY, now=NOW)
    assert DeliveryNumbers.objects.filter(store=store).count() == 2


def test_an_area_with_hand_overs_stays_in_use(store):
    row = make_hand_over(store)
    with pytest.raises(Refused) as told:
        actions.change_area(row.area, {"active": False}, now=NOW)
    assert told.value.links == [("delivery:hand-over", row.pk, str(row))]
    row.area.refresh_from_db()
    assert row.area.active
