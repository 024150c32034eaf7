"""A visit is recorded with its reading, or refused whole (SVC-12)."""

from datetime import date

import pytest

from apps.core.errors import Refused
from apps.customers.models import MileageReading
from apps.service.actions import record_visit
from apps.service.choices import RepairKind
from apps.service.models import RepairOrder
from tests.factories import TODAY, make_vehicle

pytestmark = pytest.mark.django_db


def visit(car, **fields):
    told = {"number": "W1", "kind": RepairKind.MAINTENANCE, "out_on": date(2026, 11, 20)}
    return record_visit(car, **{**told, **fields}, on=TODAY)


def test_a_visit_keeps_the_cars_columns_and_its_reading(store):
    car = make_vehicle(store)
    visit(car, km=8000, in_on=date(2026, 11, 19))
    car.refresh_from_db()
    assert (car.last_visit_on, car.last_maintenance_on, car.base_on) == (date(2026, 11, 20),) * 3
    assert (car.base_km, car.last_km, car.maintenance_due_on) == (8000, 8000, date(2027, 5, 20))
    reading = MileageReading.objects.get()
    assert (reading.on, reading.km, reading.source) == (date(2026, 11, 20), 8000, "visit")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nonsense"},
        {"out_on": date(2026, 11, 24)},
        {"in_on": date(2026, 11, 21)},
    ],
)
def test_an_impossible_visit_is_refused(store, fields):
    with pytest.raises(Refused):
        visit(make_vehicle(store), km=1000, **fields)
    assert RepairOrder.objects.count() == 0
    assert MileageReading.objects.count() == 0


def test_an_order_number_is_taken_once(store):
    car = make_vehicle(store)
    visit(car)
    with pytest.raises(Refused):
        visit(car)
    assert RepairOrder.objects.count() == 1
