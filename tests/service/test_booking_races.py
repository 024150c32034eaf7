"""Of two who want the last hour exactly one gets it (SVC-02, I1).

Staged: the second is known to be waiting. In the controls the lock is out, and the wall of the
database stands alone.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, transaction

from apps.core.errors import Refused
from apps.desk import invariants
from apps.service.actions import appointments, book, booking, cancel, confirm, move
from apps.service.actions.booking import Wish
from apps.service.choices import HOLDING, AppointmentSource, CancelReason
from apps.service.models import Appointment, ServiceDay
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_vehicle
from tests.service.workshop import (
    at,
    make_appointment,
    make_bay,
    make_operation,
    make_part,
    make_technician,
    needs,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(store):
    for name in ("1", "2"):
        make_bay(store, name), make_technician(store, name)
    return store


@pytest.fixture
def no_lock(monkeypatch):
    monkeypatch.setattr(booking, "HOLD", "")


def take(vehicle, clock="14:00", wish=None, **wanted):
    try:
        return book(
            vehicle,
            wish or Wish(),
            starts_at=at(clock),
            source=AppointmentSource.PHONE,
            now=NOW,
            by=None,
            **wanted,
        )
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


def test_the_last_slot_goes_to_one(store):
    bay = make_bay(store)
    make_technician(store)
    cars = [make_vehicle(store) for _n in range(2)]

    answers = meanwhile(lambda: take(cars[0]), lambda: take(cars[1], bay=bay.pk))

    assert kinds(*answers) == ["Appointment", "NotFree"]
    assert Appointment.objects.count() == 1
    assert invariants.broken() == {}


def test_control_without_the_lock_the_second_runs_into_the_wall(store, no_lock):
    make_bay(store), make_technician(store)
    cars = [make_vehicle(store) for _n in range(2)]

    answers = meanwhile(lambda: take(cars[0]), lambda: take(cars[1]))

    assert kinds(*answers) == ["Appointment", "IntegrityError"]
    assert invariants.broken() == {}  # the wall holds


def test_any_bay_of_two_who_come_at_once_each_gets_one(shop):
    cars = [make_vehicle(shop) for _n in range(2)]

    one, other = meanwhile(lambda: take(cars[0]), lambda: take(cars[1]))

    assert kinds(one, other) == ["Appointment", "Appointment"]
    assert one.bay_id != other.bay_id and one.technician_id != other.technician_id
    assert invariants.broken() == {}


def test_control_without_the_lock_both_reach_for_the_same_bay(shop, no_lock):
    cars = [make_vehicle(shop) for _n in range(2)]

    assert kinds(*meanwhile(lambda: take(cars[0]), lambda: take(cars[1]))) == [
        "Appointment",
        "IntegrityError",
    ]


def test_a_move_and_a_booking_into_one_time(store):
    row = make_appointment(store, "16:00")
    car = make_vehicle(store)

    moved, answer = meanwhile(
        lambda: move(row, starts_at=at("14:00"), version=1, now=NOW), lambda: take(car)
    )

    assert kinds(moved, answer) == ["Appointment", "NotFree"]
    assert [one.starts_at for one in Appointment.objects.all()] == [at("14:00")]
    assert invariants.broken() == {}


def test_a_booking_and_a_move_into_one_time(store):
    row = make_appointment(store, "16:00")
    car = make_vehicle(store)

    def moving():
        try:
            return move(row, starts_at=at("14:00"), version=1, now=NOW)
        except Refused as refusal:
            return refusal

    assert kinds(*meanwhile(lambda: take(car), moving)) == ["Appointment", "NotFree"]
    assert sorted(one.starts_at for one in Appointment.objects.all()) == [at("14:00"), at("16:00")]


def test_confirm_against_cancel_ends_with_what_came_first_and_a_word_to_the_other(store):
    row = make_appointment(store)

    def cancelling():
        try:
            return cancel(row, reason=CancelReason.CUSTOMER, version=1)
        except Refused as refusal:
            return refusal

    answers = meanwhile(lambda: confirm(row, version=1), cancelling)

    assert kinds(*answers) == ["Appointment", "ChangedMeanwhile"]
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_control_without_the_row_lock_the_cancellation_would_overwrite(store, monkeypatch):
    monkeypatch.setattr(appointments, "locked", lambda row: type(row).objects.get(pk=row.pk))
    row = make_appointment(store)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        confirm(row, version=1)
        other = pool.submit(closing, cancel, row, reason=CancelReason.CUSTOMER, version=1)
        wait_until_someone_waits_for_a_lock()
    other.result()

    row.refresh_from_db()
    assert row.status == "cancelled" and row.version == 2  # two changes, one version


def test_the_last_part_goes_to_one_though_the_days_are_different(shop):
    oil, part = make_operation(shop), make_part(shop, stock=1)
    needs(oil, part)
    cars = [make_vehicle(shop) for _n in range(2)]
    other_day = at("14:00", TODAY.replace(day=24))

    def second():
        try:
            return book(
                cars[1],
                Wish(operations=[oil]),
                starts_at=other_day,
                source=AppointmentSource.PHONE,
                now=NOW,
                by=None,
            )
        except Refused as refusal:
            return refusal

    answers = meanwhile(lambda: take(cars[0], wish=Wish(operations=[oil])), second)

    assert kinds(*answers) == ["Appointment", "Refused"]
    assert Appointment.objects.filter(status__in=HOLDING).count() == 1


def test_the_labour_hours_of_a_day_are_not_counted_twice(shop):
    ServiceDay.objects.create(store=shop, on=TODAY, labour_hours=1)
    cars = [make_vehicle(shop) for _n in range(2)]

    answers = meanwhile(lambda: take(cars[0]), lambda: take(cars[1], "16:00"))

    assert kinds(*answers) == ["Appointment", "NotFree"]


def test_control_without_the_lock_the_hours_are_exceeded(shop, no_lock):
    ServiceDay.objects.create(store=shop, on=TODAY, labour_hours=1)
    cars = [make_vehicle(shop) for _n in range(2)]

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first = take(cars[0])
        second = pool.submit(closing, take, cars[1], "16:00").result()

    assert kinds(first, second) == ["Appointment", "Appointment"]


def test_who_waits_too_long_for_a_day_is_told_so(store, monkeypatch):
    monkeypatch.setattr(booking, "LOCK_TIMEOUT", "200ms")
    make_bay(store), make_technician(store)
    cars = [make_vehicle(store) for _n in range(2)]

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        take(cars[0])
        answer = pool.submit(closing, take, cars[1]).result()

    assert kinds(answer) == ["Refused"]
