"""The day after a missed appointment a call opens in the same queue (SVC-05, CARE-30)."""

from datetime import timedelta

import pytest

from apps.care.actions.claim import claim_next
from apps.care.actions.planning import plan, tidy
from apps.care.actions.results import Outcome, Talk, record
from apps.care.actions.visits import Visit
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Call
from apps.care.policy import FALLBACK, results_for
from apps.customers.actions import change_owner
from apps.messaging.models import Message
from apps.service.actions import arrive, cancel, mark_missed, record_visit
from apps.service.choices import RepairKind
from tests.factories import NOW, TODAY, make_customer
from tests.service.workshop import at, make_appointment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
NEXT = NOW + DAY


@pytest.fixture
def missed(store, other_store):
    """One of each store was missed on Monday; it is Tuesday."""
    row = make_appointment(store, "14:00")
    make_appointment(other_store, "14:00")
    make_appointment(store, "14:00", on=TOMORROW)
    plan(on=TODAY, now=NOW)
    assert mark_missed(now=NEXT) == 2
    return row


def calls(store):
    return Call.objects.filter(kind=CallKind.NO_SHOW, store=store)


def planned(store, on=TOMORROW, now=NEXT):
    plan(on=on, now=now)
    return calls(store).get()


def test_a_call_opens_the_day_after_and_once(store, other_store, missed, specialist):
    call = planned(store)
    plan(on=TOMORROW, now=NEXT)
    plan(on=TOMORROW + DAY, now=NEXT + DAY)
    tidy(on=TOMORROW + DAY, now=NEXT + DAY)

    assert calls(store).get() == call
    assert (call.customer, call.vehicle, call.cycle) == (
        *(missed.customer, missed.vehicle),
        str(missed.pk),
    )
    assert (call.event_on, call.opens_on, call.due_on) == (TODAY, TOMORROW, TOMORROW)
    assert (call.made_up, call.status, call.owner) == (False, CallStatus.WAITING, specialist)
    assert calls(other_store).count() == 1


def test_a_call_that_is_planned_late_is_made_up(store, missed):
    assert planned(store, TOMORROW + 2 * DAY, NEXT + 2 * DAY).made_up is True


def test_booked_again_is_a_new_appointment_and_the_call_is_done(store, missed, specialist):
    call = planned(store)
    [held] = claim_next(by=specialist, now=NEXT)
    assert held == call
    visit = Visit(at("09:00", TOMORROW + DAY))
    record(
        by=specialist,
        now=NEXT,
        claim=held.claim,
        talk=Talk(call.customer.main_phone),
        outcomes={call.pk: Outcome(Result.BOOKED, visit=visit)},
    )

    call.refresh_from_db()
    assert (call.status, call.result) == (CallStatus.REACHED, Result.BOOKED)
    again = call.tries.get().appointment
    assert (again.starts_at, again.vehicle, again.source) == (
        *(visit.starts_at, missed.vehicle),
        "care",
    )


def comes_late(row):
    arrive(row, now=NEXT)


def books_by_himself(row):
    make_appointment(row.store, "16:00", on=TOMORROW, vehicle=row.vehicle)


def is_here(row):
    record_visit(row.vehicle, number="W1", kind=RepairKind.REPAIR, out_on=TOMORROW, on=TOMORROW)


def sells(row):
    new = make_customer(row.store)
    change_owner(row.vehicle, new, by=None, on=TOMORROW)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (comes_late, EndReason.NOT_OWED),
        (books_by_himself, EndReason.REBOOKED),
        (is_here, EndReason.VISITED),
        (sells, EndReason.NEW_OWNER),
    ],
)
def test_a_call_whose_reason_has_gone_is_withdrawn_and_none_is_planned(store, missed, how, reason):
    call = planned(store)
    how(missed)
    tidy(on=TOMORROW, now=NEXT)
    plan(on=TOMORROW + DAY, now=NEXT + DAY)

    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, reason)
    assert calls(store).count() == 1
    tidy(on=TOMORROW, now=NEXT)
    call.refresh_from_db()
    assert call.status == CallStatus.WITHDRAWN


def test_a_new_appointment_that_is_cancelled_opens_the_same_call_again(store, missed):
    call = planned(store)
    again = make_appointment(store, "16:00", on=TOMORROW, vehicle=missed.vehicle)
    tidy(on=TOMORROW, now=NEXT)
    cancel(again, reason="customer")
    tidy(on=TOMORROW, now=NEXT)

    call.refresh_from_db()
    assert (call.status, calls(store).count()) == (CallStatus.WAITING, 1)


def test_nobody_is_called_before_the_day_after(store, missed):
    plan(on=TODAY, now=NEXT)
    assert not calls(store).exists()


def test_a_touched_call_keeps_its_day(store, missed):
    call = planned(store)
    Call.objects.filter(pk=call.pk).update(attempts=1, slots_tried=["morning"])
    missed.vehicle.maintenance_due_on = TODAY + 90 * DAY
    missed.vehicle.save()
    tidy(on=TOMORROW, now=NEXT)

    call.refresh_from_db()
    assert (call.event_on, call.moved_event_on) == (TODAY, None)


def test_three_times_not_reached_sends_nothing(store, missed):
    assert CallKind.NO_SHOW not in FALLBACK
    assert Result.NOT_YET not in results_for(CallKind.NO_SHOW)
    planned(store)
    assert Message.objects.count() == 0
