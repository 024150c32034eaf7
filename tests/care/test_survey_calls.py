"""Survey calls are owed, withdrawn and lapse by the table of CARE-27 (SSI-03, SSI-08, CARE-30)."""

from datetime import date, datetime, timedelta

import pytest

from apps.accounts.actions.store import correct_day
from apps.accounts.calendar import Calendar
from apps.accounts.choices import DayKind
from apps.care.actions.endings import answered_by_link
from apps.care.actions.planning import plan, tidy
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Call, CarePolicy, PlannedDay
from apps.customers import actions as customers
from apps.customers.choices import Fate
from apps.desk import invariants
from apps.reception.choices.opportunity import OpportunityStatus
from tests.factories import NOW, SHANGHAI, TODAY, make_customer
from tests.ssi.asked import a_delivery
from tests.ssi.made import lost_purchase

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


def planned(day, kind=CallKind.SSI_FIRST):
    plan(on=day, now=NOW + (day - TODAY))
    return Call.objects.filter(kind=kind)


def ended(call, result=Result.ANSWERED):
    call.status, call.result, call.ended_at = CallStatus.REACHED, result, NOW
    call.save()


def test_the_day_after_the_delivery_its_buyer_is_to_be_asked_once(store, other_store, specialist):
    a_delivery(other_store, on=TODAY)
    delivery = a_delivery(store, on=TODAY)
    assert not planned(TODAY).exists()

    [call] = planned(TOMORROW).filter(store=store)

    assert (call.customer, call.vehicle, call.cycle) == (
        delivery.customer,
        delivery.vehicle,
        str(delivery.pk),
    )
    assert (call.event_on, call.opens_on, call.due_on) == (TODAY, TOMORROW, TOMORROW)
    assert (call.owner, call.made_up) == (specialist, False)
    assert planned(TOMORROW).filter(store=store).count() == 1
    assert invariants.broken() == {}


def test_it_is_due_on_the_next_working_day_of_its_store(store, other_store):
    friday = date(2026, 11, 27)
    a_delivery(store, on=friday)
    a_delivery(other_store, on=friday)
    correct_day(other_store, date(2026, 11, 28), DayKind.WORKING, "补班", on=TODAY)

    calls = planned(friday + DAY)

    assert calls.get(store=store).due_on == date(2026, 11, 30)
    assert calls.get(store=other_store).due_on == date(2026, 11, 28)


def test_over_the_national_day_it_is_due_when_the_store_works_again(store):
    a_delivery(store, on=date(2026, 9, 30))

    [call] = planned(date(2026, 10, 1))

    assert call.due_on == Calendar().working_day_after(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_it_lapses_a_week_after_it_was_due_and_is_owed_no_longer(store):
    a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)

    tidy(on=TODAY + 8 * DAY, now=NOW + 8 * DAY)
    call.refresh_from_db()
    assert call.status == CallStatus.WAITING
    tidy(on=TODAY + 9 * DAY, now=NOW + 9 * DAY)
    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.LAPSED, EndReason.OVERDUE)


def test_a_delivery_entered_late_is_made_up_until_a_week_after_it_was_due(store, other_store):
    a_delivery(store, on=TODAY - 8 * DAY)  # a Sunday: due on Monday the 16th
    a_delivery(other_store, on=TODAY - 10 * DAY)  # a Friday: due on Monday the 16th
    a_delivery(store, on=TODAY - 11 * DAY)  # a Thursday: due on the 13th

    calls = planned(TODAY)

    assert [(c.store, c.due_on, c.made_up) for c in calls.order_by("store")] == [
        (store, TODAY - 7 * DAY, True),
        (other_store, TODAY - 7 * DAY, True),
    ]


def test_nobody_is_asked_who_refuses_stopped_it_or_whose_car_is_gone(store, specialist):
    refuses, stopped, gone = (a_delivery(store, on=TODAY) for _n in range(3))
    refuses.customer.refuses_service = True
    refuses.customer.save()
    customers.stop_contact(
        stopped.customer, stopped.vehicle, CallKind.SSI_FIRST, "不要回访", by=specialist, now=NOW
    )
    gone.vehicle.fate = Fate.SCRAPPED
    gone.vehicle.save()
    nobody = a_delivery(store, on=TODAY)
    nobody.customer = None
    nobody.save()

    assert not planned(TOMORROW).exists()


def test_a_stop_that_comes_later_withdraws_it_and_its_end_brings_it_back(store, specialist):
    delivery = a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)
    stop = customers.stop_contact(
        delivery.customer, delivery.vehicle, CallKind.SSI_FIRST, "不便", by=specialist, now=NOW
    )
    tidy(on=TOMORROW, now=NOW + DAY)
    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, EndReason.STOPPED)

    stop.ended_at = NOW
    stop.save()
    tidy(on=TOMORROW, now=NOW + DAY)

    call.refresh_from_db()
    assert call.status == CallStatus.WAITING


def test_the_buyer_is_asked_though_another_drives_the_car(store, specialist):
    delivery = a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)
    delivery.vehicle.owner = make_customer(store, "新车主")
    delivery.vehicle.save()

    tidy(on=TOMORROW, now=NOW + DAY)

    call.refresh_from_db()
    assert (call.status, call.customer) == (CallStatus.WAITING, delivery.customer)


def test_a_delivery_that_was_none_withdraws_it_and_a_corrected_day_moves_it(store):
    was_none, moved = a_delivery(store, on=TODAY), a_delivery(store, on=TODAY)
    planned(TOMORROW)
    Call.objects.filter(cycle=str(was_none.pk)).update(cycle="0")
    moved.delivered_on = TODAY + 3 * DAY  # a Thursday
    moved.save()

    tidy(on=TOMORROW, now=NOW + DAY)

    assert Call.objects.get(cycle="0").end_reason == EndReason.NOT_OWED
    call = Call.objects.get(cycle=str(moved.pk))
    assert (call.event_on, call.opens_on, call.due_on) == (
        TODAY + 3 * DAY,
        TODAY + 4 * DAY,
        TODAY + 4 * DAY,
    )


def test_who_answered_by_his_link_is_not_called_and_the_call_stays_ended(store):
    a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)

    answered_by_link(call, now=NOW + DAY)
    tidy(on=TOMORROW, now=NOW + DAY)
    plan(on=TOMORROW + DAY, now=NOW + 2 * DAY)

    call = Call.objects.get(kind=CallKind.SSI_FIRST)
    assert (call.status, call.end_reason, call.result) == (
        CallStatus.WITHDRAWN,
        EndReason.BY_LINK,
        Result.ANSWERED,
    )
    assert invariants.broken() == {}


def test_a_call_that_failed_before_keeps_its_end_when_the_customer_answers(store):
    a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)
    call.status, call.end_reason = CallStatus.FAILED, EndReason.ABANDONED
    call.ended_at = NOW
    call.save()

    answered_by_link(call, now=NOW + DAY)

    call.refresh_from_db()
    assert (call.status, call.end_reason, call.result) == (
        CallStatus.FAILED,
        EndReason.ABANDONED,
        Result.ANSWERED,
    )


@pytest.mark.parametrize(
    ("delivered", "first", "last"),
    [
        (date(2026, 11, 23), date(2027, 2, 23), date(2027, 7, 23)),
        (date(2026, 11, 30), date(2027, 2, 28), date(2027, 7, 30)),  # no 30th of February
    ],
)
def test_who_answered_the_first_round_is_asked_again_in_the_official_window(
    store, delivered, first, last
):
    a_delivery(store, on=delivered)  # nobody asked this one
    [call] = planned(delivered + DAY)
    ended(call)
    silent = a_delivery(store, on=delivered)
    [other] = planned(delivered + DAY).filter(cycle=str(silent.pk))
    ended(other, Result.REFUSES)
    PlannedDay.objects.all().delete()  # three months of days to make up would take long
    assert not planned(first - DAY, CallKind.SSI_SECOND).exists()

    [second] = planned(first, CallKind.SSI_SECOND)

    assert (second.vehicle, second.cycle) == (call.vehicle, call.cycle)
    assert (second.event_on, second.opens_on, second.due_on) == (delivered, first, last)
    tidy(on=last, now=NOW + (last - TODAY))
    second.refresh_from_db()
    assert second.status == CallStatus.WAITING
    tidy(on=last + DAY, now=NOW + (last + DAY - TODAY))
    second.refresh_from_db()
    assert second.status == CallStatus.LAPSED


def test_the_stores_numbers_set_the_window_of_the_second_round(store):
    a_delivery(store, on=TODAY)
    [call] = planned(TOMORROW)
    ended(call)
    CarePolicy.objects.create(
        store=store,
        effective_from=TOMORROW,
        ssi_second_from_months=1,
        ssi_second_until_months=2,
    )

    [second] = planned(date(2026, 12, 23), CallKind.SSI_SECOND)

    assert (second.opens_on, second.due_on) == (date(2026, 12, 23), date(2027, 1, 23))


def test_a_lost_buyer_is_asked_within_seven_days_of_the_decision(store, other_store):
    lost_purchase(other_store, closed_at=NOW)
    lost = lost_purchase(store, closed_at=datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI))
    assert not planned(TODAY, CallKind.SSI_LOST).exists()

    [call] = planned(TOMORROW, CallKind.SSI_LOST).filter(store=store)

    assert (call.customer, call.vehicle, call.cycle) == (lost.customer, None, str(lost.pk))
    assert (call.event_on, call.opens_on, call.due_on) == (TODAY, TOMORROW, TODAY + 7 * DAY)
    assert planned(TOMORROW, CallKind.SSI_LOST).filter(store=store).count() == 1
    assert invariants.broken() == {}
    tidy(on=TODAY + 14 * DAY, now=NOW + 14 * DAY)
    call.refresh_from_db()
    assert call.status == CallStatus.WAITING
    tidy(on=TODAY + 15 * DAY, now=NOW + 15 * DAY)
    call.refresh_from_db()
    assert call.status == CallStatus.LAPSED


def test_a_purchase_taken_up_again_withdraws_it_and_lost_again_brings_it_back(store):
    lost = lost_purchase(store, closed_at=NOW)
    [call] = planned(TOMORROW, CallKind.SSI_LOST)
    lost.status, lost.follow_up_on, lost.closed_at = OpportunityStatus.OPEN, TODAY, None
    lost.save()
    tidy(on=TOMORROW, now=NOW + DAY)
    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, EndReason.NOT_OWED)

    lost.status, lost.closed_at = OpportunityStatus.LOST, NOW
    lost.save()
    tidy(on=TOMORROW, now=NOW + DAY)

    call.refresh_from_db()
    assert call.status == CallStatus.WAITING


def test_a_lost_buyer_who_stopped_it_is_left_alone(store, specialist):
    lost = lost_purchase(store, closed_at=NOW)
    customers.stop_contact(lost.customer, None, CallKind.SSI_LOST, "别打了", by=specialist, now=NOW)

    assert not planned(TOMORROW, CallKind.SSI_LOST).exists()


def test_a_car_in_the_workshop_waits_and_is_asked_about_when_it_is_out(store):
    delivery = a_delivery(store, on=TODAY)
    car = delivery.vehicle
    [call] = planned(TOMORROW)
    car.in_workshop = True
    car.save()
    tidy(on=TOMORROW, now=NOW + DAY)
    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, EndReason.IN_WORKSHOP)

    car.in_workshop = False
    car.save()
    tidy(on=TOMORROW, now=NOW + DAY)

    call.refresh_from_db()
    assert call.status == CallStatus.WAITING
