"""Of two who want the last delivery area exactly one gets it (DEL-01).

Staged: the second is known to be waiting. In the control the lock is out, and the wall of the
database stands alone.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, transaction

from apps.core import moves
from apps.core.errors import Refused
from apps.delivery.actions import planning
from apps.delivery.models import DeliveryArea, HandOver
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.delivery.keys import make_hand_over, make_order, seller

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders(store):
    """Two paid orders of two consultants, and one area."""
    DeliveryArea.objects.filter(store=store, name="交车区2").update(active=False)
    return [make_order(store, consultant=seller(store, f"c{n}")) for n in range(2)]


def take(order, clock="10:00"):
    try:
        return make_hand_over(order.store, clock, order=order)
    except (Refused, IntegrityError, OperationalError) as failure:
        return failure


def meanwhile(first, second):
    """What ``second`` answers when it begins before ``first`` is done and has to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            other = pool.submit(closing, second)
            wait_until_someone_waits_for_a_lock()
        return done, other.result()


def kinds(*answers):
    return [type(answer).__name__ for answer in answers]


def test_the_last_area_goes_to_one_and_the_other_is_told(orders):
    answers = meanwhile(lambda: take(orders[0]), lambda: take(orders[1], "10:30"))

    assert kinds(*answers) == ["HandOver", "NotFree"]
    assert [row.order_id for row in HandOver.objects.all()] == [orders[0].pk]


def test_control_without_the_lock_the_second_runs_into_the_wall(orders, monkeypatch):
    def unlocked(store):
        return list(
            DeliveryArea.objects.filter(store=store, active=True).values_list("pk", flat=True)
        )

    monkeypatch.setattr(planning, "held_areas", unlocked)

    answers = meanwhile(lambda: take(orders[0]), lambda: take(orders[1], "10:30"))

    assert kinds(*answers) == ["HandOver", "IntegrityError"]
    assert HandOver.objects.count() == 1


def test_one_consultant_is_not_promised_to_two_at_once(store):
    orders = [make_order(store) for _n in range(2)]

    answers = meanwhile(lambda: take(orders[0]), lambda: take(orders[1]))

    assert kinds(*answers) == ["HandOver", "NotFree"]


def test_who_waits_too_long_is_told_so(orders, monkeypatch):
    monkeypatch.setattr(moves, "LOCK_TIMEOUT", "200ms")

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        take(orders[0])
        answer = pool.submit(closing, take, orders[1]).result()

    assert kinds(answer) == ["Refused"]
    assert not HandOver.objects.filter(order=orders[1]).exists()
