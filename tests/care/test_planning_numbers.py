"""Numbers with a date: from their day on the stored columns are others, at the next plan tick."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from apps.care import tasks
from apps.care.models import Call
from apps.customers.actions import refresh_cars
from apps.customers.models import CustomerPolicy, MaintenanceSchedule
from apps.service.actions import refresh_visits
from apps.service.models import RepairOrder
from tests.factories import SHANGHAI, TODAY, make_vehicle

DAY = timedelta(days=1)
BASE = date(2026, 7, 1)


def tick(on):
    with time_machine.travel(datetime(on.year, on.month, on.day, 8, tzinfo=SHANGHAI), tick=False):
        tasks.plan()


def maintained(store):
    """A car maintained on 1 July, of unknown mileage: due after six months or 7500 km at 40."""
    car = make_vehicle(store)
    RepairOrder.objects.create(
        store=store, vehicle=car, number=f"R{car.pk}", kind="maintenance", out_on=BASE
    )
    refresh_visits([car.pk], on=TODAY)
    refresh_cars([car.pk], on=TODAY)
    return car


def due_on(car):
    car.refresh_from_db()
    return car.maintenance_due_on


@pytest.mark.parametrize(
    ("model", "numbers", "then"),
    [
        (MaintenanceSchedule, {"interval_months": 5}, date(2026, 12, 1)),
        (CustomerPolicy, {"usual_km_per_day": 50}, BASE + 150 * DAY),
    ],
)
def test_a_row_that_begins_to_hold_moves_the_cars_of_its_store_at_the_next_tick(
    store, other_store, specialist, model, numbers, then
):
    mine, strange = maintained(store), maintained(other_store)
    tick(TODAY)
    model.objects.create(store=store, effective_from=TODAY + DAY, **numbers)

    tick(TODAY)
    assert (due_on(mine), Call.objects.count()) == (date(2027, 1, 1), 0)  # not yet

    tick(TODAY + DAY)
    assert (due_on(mine), due_on(strange)) == (then, date(2027, 1, 1))
    call = Call.objects.get()
    assert (call.vehicle, call.event_on, call.due_on) == (mine, then, then - 7 * DAY)
