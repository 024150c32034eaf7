"""The call screen and the desk book for one customer at one moment: nobody waits in a ring."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from apps.care.actions import results
from apps.care.actions.claim import claim_next
from apps.care.actions.results import Outcome, Talk, record
from apps.care.actions.visits import Visit
from apps.care.choices import Result
from apps.core.errors import Refused
from apps.desk import invariants
from apps.service.actions import book
from apps.service.actions.booking import Wish, hold_days
from apps.service.models import Appointment
from tests.care.calls import make_call
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_vehicle
from tests.service.workshop import at, make_bay, make_technician

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = TODAY + timedelta(days=1)


def both(store, specialist):
    """The desk holds the day, the call waits for it, the desk writes for the same customer."""
    make_bay(store), make_technician(store)
    call = make_call(store)
    other_car = make_vehicle(store, owner=call.customer)
    [held] = claim_next(by=specialist, now=NOW)

    def from_the_call():
        outcome = Outcome(Result.BOOKED, visit=Visit(at("14:00", TOMORROW)))
        talk = Talk(call.customer.main_phone)
        try:
            record(by=specialist, now=NOW, claim=held.claim, talk=talk, outcomes={held.pk: outcome})
        except Refused as refusal:
            return refusal
        return "booked"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold_days(store, [TOMORROW])
            answer = pool.submit(closing, from_the_call)
            wait_until_someone_waits_for_a_lock()
            book(
                other_car,
                Wish(),
                starts_at=at("16:00", TOMORROW),
                source="phone",
                now=NOW,
                by=None,
            )
        return answer.result()


def test_both_get_their_hour(store, specialist):
    assert both(store, specialist) == "booked"
    assert Appointment.objects.count() == 2
    assert invariants.broken() == {}


def test_control_who_holds_the_customer_before_the_day_waits_in_a_ring(
    store, specialist, monkeypatch
):
    monkeypatch.setattr(results, "hold_days_of", lambda visits, store: None)

    assert isinstance(both(store, specialist), Refused)  # the database ended the ring
    assert Appointment.objects.count() == 1
