"""The derived columns of a car follow from its facts, and from nothing after the day."""

from datetime import date

import pytest

from apps.customers.actions import record_elsewhere, refresh_cars
from apps.customers.choices import ReadingSource
from apps.customers.models import MaintenanceCycle, MileageReading
from apps.service.actions import refresh_visits
from apps.service.choices import RepairKind
from apps.service.models import RepairOrder
from tests.factories import TODAY, make_vehicle

pytestmark = pytest.mark.django_db


def reading(car, on, km, **fields):
    return MileageReading.objects.create(
        store=car.store, vehicle=car, on=on, km=km, source=ReadingSource.IMPORT, **fields
    )


def visit(car, number, out_on, kind=RepairKind.MAINTENANCE, **fields):
    return RepairOrder.objects.create(
        store=car.store, vehicle=car, number=number, out_on=out_on, kind=kind, **fields
    )


def refresh(car, on=TODAY):
    refresh_visits([car.pk], on=on)
    refresh_cars([car.pk], on=on)
    car.refresh_from_db()


def cycles(car):
    rows = MaintenanceCycle.objects.filter(vehicle=car).order_by("base_on")
    return list(rows.values_list("base_on", "event_on", "ended_on", "ended_by"))


@pytest.fixture
def car(store):
    """Sold here on the day from which six months lead to 2026-12-01."""
    return make_vehicle(store, sold_here=True, delivered_on=date(2026, 6, 1))


def test_a_sold_car_is_due_from_its_delivery(car):
    refresh(car)
    assert (car.base_on, car.base_km, car.last_km, car.last_km_on) == (
        date(2026, 6, 1),
        0,
        0,
        date(2026, 6, 1),
    )
    assert (car.rate_km, car.rate_days) == (40, 1)
    assert car.maintenance_due_on == date(2026, 12, 1)  # before 7500 km at 40 a day
    assert car.maintenance_opens_on == date(2026, 11, 10)
    assert car.first_service_opens_on == date(2026, 8, 1)
    assert car.first_service_due_on == date(2026, 9, 1)
    assert car.facts_until == date(2026, 6, 1)


def test_doing_it_twice_changes_nothing(car):
    reading(car, date(2026, 8, 1), 3000)
    refresh(car)
    assert refresh_visits([car.pk], on=TODAY) == 0
    assert refresh_cars([car.pk], on=TODAY) == 0


def test_readings_set_the_rate_and_a_mistyped_one_is_doubted(car):
    good = reading(car, date(2026, 8, 30), 5400)  # 5400 km in 90 days
    typo = reading(car, date(2026, 9, 1), 54000)
    refresh(car)
    good.refresh_from_db()
    typo.refresh_from_db()
    assert (good.accepted, typo.accepted) == (True, False)
    assert (car.rate_km, car.rate_days, car.last_km) == (5400, 90, 5400)
    assert car.maintenance_due_on == date(2026, 10, 4)  # 2100 km more at 60 a day: 35 days


def test_what_a_person_decided_stays(car):
    typo = reading(car, date(2026, 9, 1), 54000, decided=True)
    refresh(car)
    typo.refresh_from_db()
    assert typo.accepted is True
    assert car.last_km == 54000


def test_facts_after_the_day_do_not_count(car):
    visit(car, "A1", date(2026, 11, 1), km=6000)
    later = reading(car, date(2026, 11, 1), 6000)
    refresh(car, on=date(2026, 10, 31))
    later.refresh_from_db()
    assert (car.last_visit_on, car.base_on, car.last_km) == (None, date(2026, 6, 1), 0)
    assert car.facts_until == date(2026, 11, 1)  # but it is known that something comes
    assert later.accepted is True  # judged when its day counts

    refresh(car)
    assert (car.last_visit_on, car.base_on, car.base_km) == (
        date(2026, 11, 1),
        date(2026, 11, 1),
        6000,
    )


def test_a_car_delivered_later_has_no_dues_yet(store):
    car = make_vehicle(store, sold_here=True, delivered_on=date(2026, 12, 5))
    refresh(car)
    assert (car.base_on, car.maintenance_due_on, car.first_service_due_on) == (None, None, None)


def test_a_repair_is_a_visit_but_not_a_maintenance(car):
    visit(car, "A1", date(2026, 7, 1), RepairKind.REPAIR)
    visit(car, "A2", date(2026, 8, 1), RepairKind.FIRST_SERVICE)
    visit(car, "A3", date(2026, 9, 1), RepairKind.ACCIDENT)
    refresh(car)
    assert (car.first_visit_on, car.last_visit_on, car.last_maintenance_on) == (
        date(2026, 7, 1),
        date(2026, 9, 1),
        date(2026, 8, 1),
    )


def test_a_car_not_settled_is_in_the_workshop(car):
    order = visit(car, "A1", None, in_on=date(2026, 11, 20))
    refresh(car)
    assert (car.in_workshop, car.last_visit_on) == (True, None)
    order.out_on = TODAY
    order.save()
    refresh(car)
    assert (car.in_workshop, car.last_visit_on) == (False, TODAY)


def test_another_car_is_not_touched(store, car):
    other = make_vehicle(store, sold_here=True, delivered_on=date(2026, 6, 1))
    refresh(car)
    other.refresh_from_db()
    assert other.base_on is None
    assert refresh_cars(None, on=TODAY) == 1  # all: the other one


# --- maintenance cycles (REP-02) ---


def test_the_next_maintenance_visit_ends_the_cycle(car):
    refresh(car)
    visit(car, "A7", date(2026, 11, 10))
    refresh(car)
    assert cycles(car) == [
        (date(2026, 6, 1), date(2026, 12, 1), date(2026, 11, 10), "A7"),
        (date(2026, 11, 10), date(2027, 5, 10), None, ""),
    ]


def test_the_event_follows_the_facts_until_its_month_has_begun(car):
    refresh(car)
    reading(car, date(2026, 8, 30), 4500)  # 50 a day: 60 days more
    refresh(car, on=date(2026, 11, 30))
    assert cycles(car) == [(date(2026, 6, 1), date(2026, 10, 29), None, "")]
    reading(car, date(2026, 9, 30), 5000)
    refresh(car, on=date(2026, 10, 1))  # October has begun
    assert car.maintenance_due_on != date(2026, 10, 29)
    assert cycles(car) == [(date(2026, 6, 1), date(2026, 10, 29), None, "")]


def test_maintenance_elsewhere_starts_a_cycle_but_ends_none(car, specialist, now):
    refresh(car)
    record_elsewhere(
        car,
        on=date(2026, 10, 1),
        km=5000,
        shop="途虎养车",
        place="上海",
        cost_amount=None,
        by=specialist,
        now=now,
    )
    visit(car, "A8", date(2026, 11, 10))
    refresh(car)
    assert cycles(car) == [
        (date(2026, 6, 1), date(2026, 12, 1), None, ""),
        (date(2026, 10, 1), date(2027, 4, 1), date(2026, 11, 10), "A8"),
        (date(2026, 11, 10), date(2027, 5, 10), None, ""),
    ]


def test_a_corrected_visit_takes_its_cycle_along(car):
    order = visit(car, "A1", date(2026, 8, 1))
    refresh(car, on=date(2026, 9, 1))
    order.out_on = date(2026, 8, 3)
    order.save()
    refresh(car, on=date(2026, 9, 1))
    assert cycles(car) == [(date(2026, 8, 3), date(2027, 2, 3), None, "")]


def test_a_corrected_older_visit_keeps_its_ended_cycle(car):
    first = visit(car, "A1", date(2026, 7, 1))
    refresh(car, on=date(2026, 7, 2))
    visit(car, "A2", date(2026, 11, 1))
    refresh(car)
    first.out_on = date(2026, 7, 5)
    first.save()
    refresh(car)
    assert [row[0] for row in cycles(car)] == [date(2026, 7, 5), date(2026, 11, 1)]
    assert cycles(car)[0][2:] == (date(2026, 11, 1), "A2")


def test_a_visit_that_was_no_maintenance_leaves_no_cycle_behind(car):
    refresh(car, on=date(2026, 6, 2))
    order = visit(car, "A1", date(2026, 8, 1))
    refresh(car)
    assert len(cycles(car)) == 2
    order.kind = RepairKind.REPAIR
    order.save()
    refresh(car)
    assert cycles(car) == [(date(2026, 6, 1), date(2026, 12, 1), None, "")]
