"""A delivery is the fact from which first service and maintenance follow (DEL-07)."""

from datetime import date

import pytest

from apps.core.errors import Refused
from apps.delivery.actions import record_delivery
from apps.delivery.models import Delivery
from tests.factories import TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db


def test_a_delivery_makes_the_car_due(store):
    car = make_vehicle(store)
    record_delivery(car, car.owner, delivered_on=date(2026, 9, 30), on=TODAY, consultant="演示顾问")
    car.refresh_from_db()
    assert (car.sold_here, car.delivered_on, car.base_on) == (True,) + (date(2026, 9, 30),) * 2
    assert (car.first_service_opens_on, car.first_service_due_on) == (
        date(2026, 11, 30),
        date(2026, 12, 30),
    )


def test_told_again_it_is_corrected(store):
    car = make_vehicle(store)
    for day in (1, 2):
        record_delivery(car, car.owner, delivered_on=date(2026, 9, day), on=TODAY)
    car.refresh_from_db()
    assert Delivery.objects.get().delivered_on == car.base_on == date(2026, 9, 2)


def test_a_delivery_in_the_future_or_to_a_stranger_is_refused(store, other_store):
    car = make_vehicle(store)
    with pytest.raises(Refused):
        record_delivery(car, car.owner, delivered_on=date(2026, 11, 24), on=TODAY)
    with pytest.raises(Refused):
        record_delivery(car, make_customer(other_store), delivered_on=TODAY, on=TODAY)
    assert Delivery.objects.count() == 0
