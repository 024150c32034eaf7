"""Of two who want one demonstrator car at one time exactly one gets it (REC-05).

Staged: the second is known to be waiting. In the controls the lock is out, and the wall of the
database stands alone; without the wall too, both drive.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from apps.core import moves
from apps.core.errors import Refused
from apps.reception.actions import drives
from apps.reception.models import DemoCar, TestDrive
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, make_user
from tests.reception.driving import HOUR, make_demo_car, make_wanted, seller_of, signed

pytestmark = pytest.mark.django_db(transaction=True)
WALLS = ("reception_drive_car_never_two", "reception_drive_consultant_never_two")


@pytest.fixture
def wishes(store):
    """Two customers of two consultants."""
    people = [make_user(f"c{n}", store, "sales_consultant") for n in (1, 2)]
    return [make_wanted(store, person) for person in people]


@pytest.fixture
def no_lock(monkeypatch):
    monkeypatch.setattr(
        drives, "_hold", lambda cars, who: list(DemoCar.objects.filter(pk__in=cars).order_by("pk"))
    )


def take(wanted, car, starts_at=NOW + HOUR):
    try:
        return drives.book_drive(
            wanted, car, starts_at=starts_at, minutes=30, by=wanted.consultant, now=NOW
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
        return kinds(done, other.result())


def kinds(*answers):
    return [type(answer).__name__ for answer in answers]


def test_one_car_goes_to_one_and_the_other_is_told(store, wishes):
    car = make_demo_car(store)
    answers = meanwhile(lambda: take(wishes[0], car), lambda: take(wishes[1], car))
    assert answers == ["TestDrive", "NotFree"]
    assert TestDrive.objects.get().opportunity == wishes[0]


def test_control_without_the_lock_the_second_runs_into_the_wall(store, wishes, no_lock):
    car = make_demo_car(store)
    answers = meanwhile(lambda: take(wishes[0], car), lambda: take(wishes[1], car))
    assert answers == ["TestDrive", "IntegrityError"]
    assert TestDrive.objects.count() == 1


def test_control_without_lock_and_wall_both_have_the_car(store, wishes, no_lock):
    car = make_demo_car(store)
    constraints = {one.name: one for one in TestDrive._meta.constraints if one.name in WALLS}
    with connection.schema_editor() as editor:
        for wall in constraints.values():
            editor.remove_constraint(TestDrive, wall)
    try:
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            first = take(wishes[0], car)
            second = pool.submit(closing, take, wishes[1], car).result()
        assert kinds(first, second) == ["TestDrive", "TestDrive"]
    finally:
        TestDrive.objects.all().delete()
        with connection.schema_editor() as editor:
            for wall in constraints.values():
                editor.add_constraint(TestDrive, wall)


def test_one_consultant_of_two_cars_goes_along_once(store):
    seller = seller_of(store)
    wishes = [make_wanted(store, seller) for _n in range(2)]
    cars = [make_demo_car(store) for _n in range(2)]
    answers = meanwhile(lambda: take(wishes[0], cars[0]), lambda: take(wishes[1], cars[1]))
    assert answers == ["TestDrive", "NotFree"]


def test_a_move_and_a_booking_into_one_time(store, wishes):
    car = make_demo_car(store)
    row = take(wishes[0], car, NOW + 4 * HOUR)

    def moving():
        return drives.move_drive(row, car, starts_at=NOW + HOUR, minutes=30, now=NOW)

    assert meanwhile(moving, lambda: take(wishes[1], car)) == ["TestDrive", "NotFree"]


def test_two_moves_that_exchange_cars_do_not_wait_in_a_ring(store, wishes):
    cars = [make_demo_car(store) for _n in range(2)]
    rows = [take(wish, car) for wish, car in zip(wishes, cars, strict=True)]
    later = {"starts_at": NOW + 3 * HOUR, "minutes": 30, "now": NOW}

    answers = meanwhile(
        lambda: drives.move_drive(rows[0], cars[1], **later),
        lambda: drives.move_drive(rows[1], cars[0], **later),
    )

    assert answers == ["TestDrive", "TestDrive"]


def test_the_car_goes_out_once(store, wishes):
    row = signed(store, take(wishes[0], make_demo_car(store)))

    def send():
        try:
            return drives.send_out(row, km=5, now=row.starts_at)
        except Refused as refusal:
            return refusal

    assert meanwhile(send, send) == ["TestDrive", "Refused"]


def test_who_waits_too_long_is_told_so(store, wishes, monkeypatch):
    monkeypatch.setattr(moves, "LOCK_TIMEOUT", "200ms")
    car = make_demo_car(store)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        take(wishes[0], car)
        answer = pool.submit(closing, take, wishes[1], car).result()
    assert kinds(answer) == ["Refused"]
