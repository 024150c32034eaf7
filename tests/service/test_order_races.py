"""Two at one order: one acts, the other is told (SVC-09, SVC-12)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import Refused
from apps.customers.models import MileageReading
from apps.desk import invariants
from apps.service import actions
from apps.service.actions import booking, orders
from apps.service.choices import Stage
from apps.service.models import RepairOrder, StageChange
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, make_vehicle
from tests.service.garage import hand_back, make_order, make_ready, person, propose, settle
from tests.service.workshop import make_operation, make_part, needs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def staff(store):
    """Made before the race, so that nobody waits for him."""
    return person(store)


def meanwhile(first, second):
    """What ``second`` answers when it begins before ``first`` is done and has to wait for it."""

    def answering():
        try:
            return second()
        except (Refused, IntegrityError) as failure:
            return failure

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            other = pool.submit(closing, answering)
            wait_until_someone_waits_for_a_lock()
        return type(done).__name__, type(other.result()).__name__


def test_two_close_one_order_and_it_is_closed_once(store):
    order = settle(make_ready(store, km=8000))

    answers = meanwhile(lambda: hand_back(order), lambda: hand_back(order))

    assert answers == ("RepairOrder", "Refused")
    assert StageChange.objects.filter(stage=Stage.CLOSED).count() == 1
    assert MileageReading.objects.count() == 1
    assert invariants.broken() == {}


def test_control_without_the_lock_both_close_it(store, monkeypatch):
    order = settle(make_ready(store, km=8000))
    monkeypatch.setattr(orders, "locked", lambda row: type(row).objects.get(pk=row.pk))

    answers = meanwhile(lambda: hand_back(order), lambda: hand_back(order))

    assert answers == ("RepairOrder", "RepairOrder")
    assert StageChange.objects.filter(stage=Stage.CLOSED).count() == 2


def test_two_tabs_at_once_the_second_overwrites_nothing(store):
    order = make_order(store)

    def write(**facts):
        return actions.change_order(order, facts, version=1, now=NOW)

    answers = meanwhile(lambda: write(diagnosis="刹车片"), lambda: write(diagnosis="轮胎"))

    order.refresh_from_db()
    assert answers == ("RepairOrder", "ChangedMeanwhile")
    assert (order.diagnosis, order.version) == ("刹车片", 2)


def test_two_open_an_order_for_one_car_and_one_is_told(store):
    car = make_vehicle(store)

    answers = meanwhile(lambda: make_order(store, car), lambda: make_order(store, car))

    assert answers == ("RepairOrder", "Refused")
    assert RepairOrder.objects.count() == 1


def test_two_open_orders_at_once_and_the_numbers_have_no_gap(store):
    answers = meanwhile(lambda: make_order(store), lambda: make_order(store))

    assert answers == ("RepairOrder", "RepairOrder")
    numbers = sorted(RepairOrder.objects.values_list("number", flat=True))
    assert numbers == ["W261123-001", "W261123-002"]


def test_control_without_the_lock_of_the_day_both_take_one_number(store, monkeypatch):
    monkeypatch.setattr(orders, "hold_days", lambda store, days: None)

    answers = meanwhile(lambda: make_order(store), lambda: make_order(store))

    assert answers == ("RepairOrder", "IntegrityError")  # the wall holds
    assert booking.hold_days is not orders.hold_days


def test_the_last_piece_is_issued_to_one_of_two_orders(store):
    oil, part = make_operation(store), make_part(store, stock=1)
    needs(oil, part)
    made = [make_order(store), make_order(store)]
    for order in made:
        line = propose(order, oil)
        how = {"how": "signed", "version": None, "now": NOW, "by": person(store)}
        actions.answer(order, {f"w{line.pk}": "approved"}, **how)

    def issue(order):
        return actions.issue_parts(order, version=None, now=NOW, by=person(store))

    answers = meanwhile(lambda: issue(made[0]), lambda: issue(made[1]))

    part.refresh_from_db()
    assert (answers, part.stock) == (("int", "Refused"), 0)
