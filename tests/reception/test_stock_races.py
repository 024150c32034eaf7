"""Of two contracts that want one car exactly one gets it (REC-08).

Staged: the second is known to be waiting. In the control the lock is out, and the constraint
stands alone.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import Refused
from apps.reception.actions import stock
from apps.reception.models import SalesOrder
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.reception.sold import make_car, make_order, person

pytestmark = pytest.mark.django_db(transaction=True)


def take(order, car, by):
    try:
        return stock.give_car(order, car, by=by, version=1)
    except (Refused, IntegrityError) as failure:
        return failure


def both(store):
    car, by = make_car(store), person(store)
    first, second = make_order(store), make_order(store)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            one = take(first, car, by)
            waiting = pool.submit(closing, take, second, car, by)
            wait_until_someone_waits_for_a_lock()
        answers = [type(answer).__name__ for answer in (one, waiting.result())]
    assert [row.pk for row in SalesOrder.objects.filter(stock_car=car)] == [first.pk]
    return answers


def test_one_car_for_two_contracts_goes_to_one_and_the_other_is_told(store):
    assert both(store) == ["SalesOrder", "Refused"]


def test_control_without_the_lock_the_second_runs_into_the_wall(store, monkeypatch):
    monkeypatch.setattr(stock, "hold_car", lambda car: type(car).objects.get(pk=car.pk))

    assert both(store) == ["SalesOrder", "IntegrityError"]
