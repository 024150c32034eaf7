"""The customer on his page and the desk at one moment (SVC-05): who is second is told so.

Staged: the second is known to be waiting. In the controls the lock is out.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.core.errors import Refused
from apps.desk import invariants
from apps.service.actions import appointments, book, booking, cancel, confirm_by_customer
from apps.service.actions.booking import Wish
from apps.service.choices import AppointmentSource, CancelReason
from apps.service.models import Appointment
from apps.service.queries.links import form_of, token_of
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_vehicle
from tests.service.workshop import at, make_appointment

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = TODAY.replace(day=24)


@pytest.fixture(autouse=True)
def at_ten():
    cache.clear()
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def row(store):
    return make_appointment(store, "16:00", on=TOMORROW)


def post(row, do, **more):
    """What the page answers to the customer's form."""
    asked = {"do": do, "form": form_of(row)} | more
    address = f"{reverse('service:my-appointment')}?a={token_of(row, NOW)}"
    return Client(raise_request_exception=False).post(address, asked).status_code


def meanwhile(first, second):
    """What ``second`` answers when it begins before ``first`` is done and has to wait for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(closing, second)
            wait_until_someone_waits_for_a_lock()
        return other.result()


def take(vehicle, clock):
    try:
        return book(
            vehicle,
            Wish(),
            starts_at=at(clock, TOMORROW),
            source=AppointmentSource.PHONE,
            now=NOW,
            by=None,
        )
    except (Refused, IntegrityError) as failure:
        return failure


def test_he_confirms_what_the_desk_is_just_cancelling(row):
    by_desk = lambda: cancel(row, reason=CancelReason.STORE, version=1)  # noqa: E731

    assert meanwhile(by_desk, lambda: post(row, "confirm")) == 404  # the link has ended
    row.refresh_from_db()
    assert (row.status, row.version) == ("cancelled", 2)


def test_the_desk_cancels_what_he_is_just_confirming(row):
    def cancelling():
        try:
            return cancel(row, reason=CancelReason.STORE, version=1)
        except Refused as refusal:
            return refusal

    answer = meanwhile(lambda: confirm_by_customer(row, version=1), cancelling)

    assert type(answer).__name__ == "ChangedMeanwhile"
    row.refresh_from_db()
    assert (row.status, row.version) == ("confirmed", 2)


def test_control_without_the_row_lock_his_confirmation_runs_into_the_wall(row, monkeypatch):
    monkeypatch.setattr(appointments, "locked", lambda row: type(row).objects.get(pk=row.pk))
    by_desk = lambda: cancel(row, reason=CancelReason.STORE, version=1)  # noqa: E731

    assert (
        meanwhile(by_desk, lambda: post(row, "confirm")) == 500
    )  # confirmed with a reason why not
    row.refresh_from_db()
    assert (row.status, row.version) == ("cancelled", 2)


def test_he_moves_into_the_hour_that_the_desk_is_just_booking(row, store):
    car = make_vehicle(store)

    answer = meanwhile(
        lambda: take(car, "14:00"), lambda: post(row, "move", starts_at="2026-11-24T14:00")
    )

    assert answer == 409
    times = sorted(one.starts_at for one in Appointment.objects.all())
    assert times == [at("14:00", TOMORROW), at("16:00", TOMORROW)]
    assert invariants.broken() == {}


def test_control_without_the_lock_of_the_day_his_move_runs_into_the_wall(row, store, monkeypatch):
    monkeypatch.setattr(booking, "HOLD", "")
    car = make_vehicle(store)

    answer = meanwhile(
        lambda: take(car, "14:00"), lambda: post(row, "move", starts_at="2026-11-24T14:00")
    )

    assert answer == 500
    assert invariants.broken() == {}  # the wall of the database holds


def test_the_same_click_twice_at_one_moment_moves_once(row):
    asked = {"starts_at": "2026-11-24T14:00"}
    token = form_of(row)

    def click():
        address = f"{reverse('service:my-appointment')}?a={token_of(row, NOW)}"
        return Client().post(address, {"do": "move", "form": token} | asked).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = [one.result() for one in [pool.submit(closing, click) for _n in range(2)]]

    row.refresh_from_db()
    assert (row.starts_at, row.version) == (at("14:00", TOMORROW), 3)
    assert set(answers) <= {302, 409} and 302 in answers
