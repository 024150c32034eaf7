from datetime import date, datetime, timedelta

import pytest

from apps.accounts.choices import DayKind
from apps.accounts.models import CalendarDay
from apps.care.actions import sweeps
from apps.care.actions.claim import claim_next, touch
from apps.care.actions.results import Outcome, Talk, record
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Attempt, Call
from apps.messaging.models import Message
from tests.care.calls import make_call
from tests.factories import NOW, SHANGHAI, TODAY, make_customer, make_vehicle

DAY = timedelta(days=1)
SATURDAY = TODAY + 5 * DAY


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def begun(*slots, days=(TODAY - 4 * DAY, TODAY - 3 * DAY, TODAY), **fields):
    day1, day2, day3 = days
    return {
        "attempts": len(slots),
        "slots_tried": list(slots),
        "day1_on": day1,
        "day2_on": day2,
        "day3_on": day3,
    } | fields


def test_a_call_held_too_long_goes_back_to_the_queue(store, specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)

    assert sweeps.release_stale(now=NOW + timedelta(minutes=20)) == 0
    assert sweeps.release_stale(now=NOW + timedelta(minutes=20, seconds=1)) == 1

    held.refresh_from_db()
    assert (held.status, held.holder, held.held_at, held.claim) == (
        CallStatus.WAITING,
        None,
        None,
        None,
    )
    assert sweeps.release_stale(now=NOW + timedelta(hours=1)) == 0


def test_who_is_active_keeps_the_call(store, specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    touch(by=specialist, claim=held.claim, now=NOW + timedelta(minutes=15))
    assert sweeps.release_stale(now=NOW + timedelta(minutes=30)) == 0


def test_each_store_has_its_own_minutes(store, specialist):
    store.care_policies.update(hold_minutes=5)
    make_call(store)
    claim_next(by=specialist, now=NOW)
    assert sweeps.release_stale(now=NOW + timedelta(minutes=6)) == 1


@pytest.mark.parametrize(
    ("fields", "moment", "abandoned"),
    [
        (begun("morning"), at(17, 29), False),
        (begun("morning"), at(17, 30), True),
        (begun("morning", "late"), at(15, 29), False),
        (begun("morning", "late"), at(15, 30), True),  # the afternoon was the last chance
        (begun("late", days=(TODAY - 5 * DAY, TODAY - 4 * DAY, TODAY - DAY)), at(7), True),
        (begun(days=(None, None, None), due_on=TODAY - DAY), at(18), False),  # not begun
        (begun("morning", paused_on=TODAY - DAY), at(18), False),  # waits for a number
        (begun("morning", callback_at=at(10, 0, TODAY + DAY)), at(18), False),  # is promised
        (begun("morning", "late", callback_at=at(16)), at(17, 29), False),  # promised for today
        (begun("morning", "late", callback_at=at(16)), at(17, 30), True),  # and not kept
    ],
)
def test_a_call_not_tried_again_in_time_is_abandoned(store, fields, moment, abandoned):
    call = make_call(store, **fields)

    assert sweeps.abandon_overdue(now=moment) == int(abandoned)

    call.refresh_from_db()
    if abandoned:
        assert (call.status, call.end_reason, call.ended_at) == (
            CallStatus.FAILED,
            EndReason.ABANDONED,
            moment,
        )
    else:
        assert (call.status, call.ended_at) == (CallStatus.WAITING, None)
    assert [m.key for m in Message.objects.all()] == (["first_service"] if abandoned else [])
    assert sweeps.abandon_overdue(now=moment) == 0  # twice is nothing
    assert Message.objects.count() == int(abandoned)


def test_a_held_call_is_not_abandoned_under_its_holder(store, specialist):
    make_call(store, **begun("late"))
    claim_next(by=specialist, now=at(11))
    assert sweeps.abandon_overdue(now=at(18)) == 0


@pytest.mark.parametrize(
    ("day", "hour", "minute", "swept"),
    [
        (TODAY, 10, 29, 0),
        (TODAY, 10, 30, 1),
        (SATURDAY, 10, 19, 0),
        (SATURDAY, 10, 20, 1),  # weekend duty opens at 08:20
    ],
)
def test_the_birthday_deadline_is_two_hours_after_opening(store, day, hour, minute, swept):
    call = make_call(store, kind=CallKind.BIRTHDAY, event_on=day, due_on=day, opens_on=day)

    assert sweeps.greet_by_message(now=at(hour, minute, day)) == swept

    call.refresh_from_db()
    assert [m.key for m in Message.objects.all()] == ["birthday"] * swept
    if swept:
        assert (call.status, call.end_reason, call.short_of_standard) == (
            CallStatus.MESSAGED,
            EndReason.NO_REPLY_SMS,
            True,  # nobody dialled
        )
    assert sweeps.greet_by_message(now=at(hour, minute, day)) == 0
    assert Message.objects.count() == swept


def test_a_dialling_keeps_a_late_greeting_within_the_standard(store, specialist):
    call = make_call(store, kind=CallKind.BIRTHDAY)
    Attempt.objects.create(
        store=store, call=call, at=NOW, slot="morning", counted=False,
        result=Result.CALL_LATER, by=specialist,
    )  # fmt: skip
    sweeps.greet_by_message(now=at(10, 30))
    call.refresh_from_db()
    assert (call.status, call.short_of_standard) == (CallStatus.MESSAGED, False)


def test_who_is_just_being_called_is_greeted_in_time_and_stays_with_the_holder(store, specialist):
    call = make_call(store, kind=CallKind.BIRTHDAY)
    [held] = claim_next(by=specialist, now=at(10, 28))
    sweeps.greet_by_message(now=at(10, 30))
    call.refresh_from_db()
    assert (call.status, Message.objects.count()) == (CallStatus.CLAIMED, 1)

    record(
        by=specialist,
        now=at(10, 31),
        claim=held.claim,
        talk=Talk(call.customer.main_phone),
        outcomes={call.pk: Outcome(Result.NO_ANSWER)},
    )

    call.refresh_from_db()
    assert (call.status, call.short_of_standard) == (CallStatus.MESSAGED, False)
    assert Message.objects.count() == 1  # once, not again


def test_who_cannot_get_an_sms_counts_as_not_reached(store):
    call = make_call(store, kind=CallKind.BIRTHDAY)
    call.customer.numbers.update(status="empty")
    call.customer.reachable = False
    call.customer.save(update_fields=["reachable"])
    sweeps.greet_by_message(now=at(10, 30))
    call.refresh_from_db()
    assert (call.status, call.short_of_standard) == (CallStatus.FAILED, True)
    assert not Message.objects.exists()


def birthday_child(store, birthday, **fields):
    customer = make_customer(store, birthday=birthday, **fields)
    make_vehicle(store, owner=customer)
    return customer


def test_on_a_closed_day_birthdays_get_an_sms_at_half_past_ten(store, other_store):
    CalendarDay.objects.create(store=store, on=TODAY, kind=DayKind.CLOSED)
    born = birthday_child(store, date(1988, 11, 23))
    birthday_child(store, date(1988, 11, 24))
    birthday_child(other_store, date(1988, 11, 23))  # open there: a call, not a message

    assert sweeps.greet_by_message(now=at(10, 29)) == 0
    assert sweeps.greet_by_message(now=at(10, 30)) == 1
    assert sweeps.greet_by_message(now=at(10, 31)) == 0

    [message] = Message.objects.all()
    assert (message.customer, message.key) == (born, "birthday")
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("day", "greeted"),
    [(date(2027, 2, 28), 1), (date(2028, 2, 28), 0), (date(2028, 2, 29), 1)],
)
def test_29_february_is_greeted_on_the_28th_in_common_years(store, day, greeted):
    CalendarDay.objects.create(store=store, on=day, kind=DayKind.CLOSED)
    birthday_child(store, date(1992, 2, 29))
    assert sweeps.greet_by_message(now=at(10, 30, day)) == greeted


def test_a_corrected_number_brings_the_calls_back_with_their_days(store):
    call = make_call(
        store,
        **begun("late", days=(TODAY - 3 * DAY, TODAY, TODAY + DAY), paused_on=TODAY),
    )
    call.customer.reachable = False
    call.customer.save(update_fields=["reachable"])
    assert sweeps.resume_corrected(now=at(10, 0, TODAY + 2 * DAY)) == 0

    call.customer.reachable = True
    call.customer.save(update_fields=["reachable"])
    assert sweeps.resume_corrected(now=at(10, 0, TODAY + 2 * DAY)) == 1

    call.refresh_from_db()
    assert (call.paused_on, call.attempts) == (None, 1)
    assert (call.day1_on, call.day2_on, call.day3_on) == (
        TODAY - 3 * DAY,
        TODAY + 2 * DAY,
        TODAY + 3 * DAY,
    )


def test_corrected_after_the_last_slot_the_clock_goes_on_tomorrow(store):
    call = make_call(
        store,
        **begun("late", days=(TODAY - 3 * DAY, TODAY, TODAY + DAY), paused_on=TODAY),
    )
    sweeps.resume_corrected(now=at(18))
    call.refresh_from_db()
    assert (call.day2_on, call.day3_on) == (TODAY + DAY, TODAY + 2 * DAY)
