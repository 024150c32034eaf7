from datetime import date, datetime, timedelta

import pytest

from apps.care.actions.claim import claim_next, give_back
from apps.care.actions.results import Elsewhere, Outcome, Talk, record
from apps.care.actions.visits import Visit
from apps.care.choices import CallKind, CallStatus, EndReason, NotReturning, Result
from apps.care.models import Attempt, Call
from apps.core.errors import Refused
from apps.customers.choices import Fate, NumberStatus, ReadingSource
from apps.customers.models import ElsewhereService, MileageReading, NumberCorrection, StopContact
from apps.messaging.models import Message
from tests.care.calls import make_call
from tests.factories import NOW, SHANGHAI, TODAY, make_customer
from tests.service.workshop import make_bay, make_technician

DAY = timedelta(days=1)


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def report(call, by, result, *, now=NOW, claim=None, km=None, note="", **said):
    """Claim the call if nobody holds it and report on it; the call afterwards."""
    if call.status == CallStatus.WAITING:
        call = next(c for c in claim_next(by=by, now=now) if c == call)
    record(
        by=by,
        now=now,
        claim=claim or call.claim,
        talk=Talk(number=call.customer.main_phone, km=km, note=note),
        outcomes={call.pk: Outcome(result=result, **said)},
    )
    call.refresh_from_db()
    return call


def test_nobody_answers_three_times_in_three_slots(store, specialist):
    call = make_call(store)

    call = report(call, specialist, Result.NO_ANSWER, now=at(10))
    assert (call.status, call.attempts, call.slots_tried) == (CallStatus.WAITING, 1, ["morning"])
    assert (call.day1_on, call.day2_on, call.day3_on) == (TODAY, TODAY + DAY, TODAY + 2 * DAY)
    assert claim_next(by=specialist, now=at(11)) == []  # not again in this slot

    call = report(call, specialist, Result.BUSY, now=at(13, 30))
    assert (call.status, call.attempts) == (CallStatus.WAITING, 2)
    assert not Message.objects.exists()

    call = report(call, specialist, Result.SWITCHED_OFF, now=at(15, 30, TODAY + 2 * DAY))
    assert (call.status, call.attempts, call.end_reason, call.result, call.ended_at) == (
        CallStatus.FAILED,
        3,
        EndReason.THREE_ATTEMPTS,
        Result.SWITCHED_OFF,
        at(15, 30, TODAY + 2 * DAY),
    )
    [message] = Message.objects.all()
    assert (message.key, message.channel, message.to) == (
        "first_service",
        "sms",
        call.customer.main_phone,
    )
    assert [(t.slot, t.counted, t.result, t.by) for t in call.tries.order_by("at")] == [
        ("morning", True, "no_answer", specialist),
        ("afternoon", True, "busy", specialist),
        ("late", True, "switched_off", specialist),
    ]


def third_try(store, specialist, kind, **customer):
    call = make_call(
        store,
        kind=kind,
        customer=make_customer(store, **customer),
        attempts=2,
        slots_tried=["afternoon", "late"],
        day1_on=TODAY,
        day2_on=TODAY + DAY,
        day3_on=TODAY + 2 * DAY,
    )
    return report(call, specialist, Result.HUNG_UP)


@pytest.mark.parametrize(
    ("kind", "customer", "channel"),
    [
        (CallKind.FIRST_SERVICE, {"email": "a@example.invalid"}, "sms"),
        (CallKind.MAINTENANCE, {"email": "a@example.invalid"}, "email"),
        (CallKind.MAINTENANCE, {}, "sms"),
        (CallKind.AT_RISK, {}, None),
        (CallKind.CHURN, {}, None),
    ],
)
def test_the_message_after_the_third_attempt_is_that_of_the_kind(
    store, specialist, kind, customer, channel
):
    call = third_try(store, specialist, kind, **customer)
    assert (call.status, call.end_reason) == (CallStatus.FAILED, EndReason.THREE_ATTEMPTS)
    assert list(Message.objects.values_list("channel", flat=True)) == ([channel] if channel else [])


def test_a_birthday_not_reached_gets_its_sms_the_same_day(store, specialist):
    call = report(make_call(store, kind=CallKind.BIRTHDAY), specialist, Result.NO_ANSWER)
    assert (call.status, call.result, call.short_of_standard) == (
        CallStatus.MESSAGED,
        Result.NO_ANSWER,
        False,
    )
    assert [m.key for m in Message.objects.all()] == ["birthday"]


def test_a_birthday_is_greeted(store, specialist):
    call = report(make_call(store, kind=CallKind.BIRTHDAY), specialist, Result.GREETED)
    assert (call.status, call.result, call.ended_at) == (CallStatus.REACHED, Result.GREETED, NOW)
    assert not Message.objects.exists()


def test_booked_books_the_appointment_and_keeps_what_was_said(store, specialist):
    call = make_call(store)
    make_bay(store), make_technician(store)
    script = store.scripts.get(kind=CallKind.FIRST_SERVICE)
    [held] = claim_next(by=specialist, now=NOW)
    record(
        by=specialist,
        now=NOW,
        claim=held.claim,
        talk=Talk(call.customer.main_phone, km=3100, note="周六上午", ticks=(0, 2), script=script),
        outcomes={call.pk: Outcome(Result.BOOKED, visit=Visit(at(14, day=TODAY + DAY)))},
    )
    call.refresh_from_db()
    assert (call.status, call.result, call.holder, call.claim) == (
        CallStatus.REACHED,
        Result.BOOKED,
        None,
        None,
    )
    [attempt] = call.tries.all()
    row = attempt.appointment
    assert (row.vehicle, row.starts_at, row.source, row.by, row.km) == (
        call.vehicle,
        at(14, day=TODAY + DAY),
        "care",
        specialist,
        3100,
    )
    assert (attempt.agreed_on, attempt.note, attempt.ticks, attempt.km, attempt.script) == (
        TODAY + DAY,
        "周六上午",
        [0, 2],
        3100,
        script,
    )
    assert (attempt.slot, attempt.counted, attempt.at) == ("morning", True, NOW)
    [reading] = MileageReading.objects.all()
    assert (reading.km, reading.on, reading.source, reading.recorded_by) == (
        3100,
        TODAY,
        ReadingSource.CUSTOMER,
        specialist,
    )


def test_not_yet_goes_back_with_the_dates_that_follow_from_the_reading(store, specialist):
    """The car was thought to need maintenance soon; the customer says it has hardly driven."""
    base = date(2026, 9, 1)
    call = make_call(
        store,
        kind=CallKind.MAINTENANCE,
        cycle=str(base),
        event_on=date(2026, 12, 7),
        due_on=date(2026, 11, 30),
        attempts=1,
        slots_tried=["late"],
        day1_on=TODAY,
        day2_on=TODAY + DAY,
        day3_on=TODAY + 2 * DAY,
        car={"base_on": base, "last_maintenance_on": base, "last_visit_on": base},
    )
    Attempt.objects.create(
        store=store, call=call, at=NOW - DAY, slot="late", counted=True,
        result=Result.NO_ANSWER, by=specialist,
    )  # fmt: skip
    MileageReading.objects.create(
        store=store, vehicle=call.vehicle, on=base, km=10_000, source=ReadingSource.VISIT
    )

    call = report(call, specialist, Result.NOT_YET, km=10_900, reason=NotReturning.FEW_KM)

    # 900 km in 83 days: the 7,500 km come later than the six months that end on 1 March.
    assert call.event_on == date(2027, 3, 1)
    assert (call.opens_on, call.due_on) == (date(2027, 2, 8), date(2027, 2, 22))
    assert (call.status, call.attempts, call.slots_tried, call.day1_on) == (
        CallStatus.WAITING,
        0,
        [],
        None,
    )
    assert list(call.tries.values_list("counted", flat=True)) == [False, False]
    assert [m.key for m in Message.objects.all()] == ["not_yet"]
    assert claim_next(by=specialist, now=at(14)) == []
    again = claim_next(by=specialist, now=at(10, 0, date(2027, 2, 18)))
    assert again == [call]  # and the same slot counts anew
    again = report(again[0], specialist, Result.NO_ANSWER, now=at(16, 0, date(2027, 2, 18)))
    assert again.slots_tried == ["late"]


def test_not_yet_ends_the_call_when_no_date_moved(store, specialist):
    call = report(make_call(store), specialist, Result.NOT_YET, reason=NotReturning.NO_TIME)
    assert (call.status, call.result, call.not_returning) == (
        CallStatus.REACHED,
        Result.NOT_YET,
        NotReturning.NO_TIME,
    )
    assert [m.key for m in Message.objects.all()] == ["not_yet"]


def test_done_elsewhere_is_written_down_and_moves_the_base(store, specialist):
    call = report(
        make_call(store, kind=CallKind.CHURN),
        specialist,
        Result.ELSEWHERE,
        elsewhere=Elsewhere(on=date(2026, 11, 2), shop="路边快修", km=21_000, place="浦东"),
    )
    assert (call.status, call.result, call.not_returning) == (
        CallStatus.REACHED,
        Result.ELSEWHERE,
        NotReturning.ELSEWHERE,
    )
    [service] = ElsewhereService.objects.all()
    assert (service.on, service.shop, service.km, service.place, service.recorded_by) == (
        date(2026, 11, 2),
        "路边快修",
        21_000,
        "浦东",
        specialist,
    )
    call.vehicle.refresh_from_db()
    assert call.vehicle.base_on == date(2026, 11, 2)


def test_a_sold_car_ends_what_is_owed_for_it(store, specialist):
    call = report(make_call(store), specialist, Result.SOLD, confirmed=True)
    assert (call.status, call.result) == (CallStatus.REACHED, Result.SOLD)
    call.vehicle.refresh_from_db()
    assert call.vehicle.fate == Fate.SOLD_ON


def test_a_refusal_stops_that_kind_for_that_car(store, specialist):
    call = report(make_call(store), specialist, Result.REFUSES, confirmed=True, note="不要再打")
    assert (call.status, call.result) == (CallStatus.REACHED, Result.REFUSES)
    [stop] = StopContact.objects.all()
    assert (stop.customer, stop.vehicle, stop.kind, stop.reason, stop.by) == (
        call.customer,
        call.vehicle,
        CallKind.FIRST_SERVICE,
        "不要再打",
        specialist,
    )


def test_call_later_waits_for_its_time_and_stops_the_clock(store, specialist, other_specialist):
    call = make_call(
        store,
        attempts=1,
        slots_tried=["late"],
        day1_on=TODAY - 3 * DAY,  # Friday
        day2_on=TODAY,
        day3_on=TODAY + DAY,
    )
    again = at(15, 0, TODAY + 2 * DAY)

    call = report(call, specialist, Result.CALL_LATER, again_at=again)

    assert (call.status, call.callback_at, call.callback_for) == (
        CallStatus.WAITING,
        again,
        specialist,
    )
    assert (call.day1_on, call.day2_on, call.day3_on) == (
        TODAY - 3 * DAY,
        TODAY + 2 * DAY,
        TODAY + 3 * DAY,
    )
    assert (call.attempts, [t.counted for t in call.tries.all()]) == (1, [False])
    assert claim_next(by=specialist, now=again - timedelta(minutes=1)) == []
    assert claim_next(by=other_specialist, now=again) == []
    assert claim_next(by=specialist, now=again) == [call]

    call = report(Call.objects.get(), specialist, Result.NO_ANSWER, now=again)
    assert (call.callback_at, call.callback_for, call.slots_tried) == (
        None,
        None,
        ["late", "afternoon"],
    )


def test_call_later_may_be_for_anyone(store, specialist, other_specialist):
    again = at(16)
    call = report(
        make_call(store), specialist, Result.CALL_LATER, again_at=again, again_by_me=False
    )
    assert claim_next(by=other_specialist, now=again) == [call]


@pytest.mark.parametrize(
    "again",
    [
        None,
        NOW,  # now
        at(8, 29, TODAY + DAY),  # before opening
        at(17, 30, TODAY + DAY),  # after closing
        at(10, 0, date(2027, 1, 1)),  # a holiday and too far
        at(10, 0, TODAY + 32 * DAY),
    ],
)
def test_a_call_back_is_promised_for_opening_hours_only(store, specialist, again):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    with pytest.raises(Refused):
        report(held, specialist, Result.CALL_LATER, again_at=again)
    assert_nothing_changed(held)


def assert_nothing_changed(held):
    before = (held.status, held.holder_id, held.claim, held.attempts)
    held.refresh_from_db()
    assert (held.status, held.holder_id, held.claim, held.attempts) == before
    assert not Attempt.objects.exists()
    assert not Message.objects.exists()
    assert not MileageReading.objects.exists()


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result.BOOKED, {}),
        (Result.BOOKED, {"visit": Visit()}),
        (Result.BOOKED, {"visit": Visit(at(14, day=TODAY - DAY))}),
        (Result.NOT_YET, {}),
        (Result.NOT_NEEDED, {}),
        (Result.ELSEWHERE, {}),
        (Result.ELSEWHERE, {"elsewhere": Elsewhere(on=TODAY + DAY, shop="快修")}),
        (Result.SOLD, {}),
        (Result.REFUSES, {}),
        (Result.GREETED, {}),  # belongs to birthdays
        (Result.SPOKEN_TO, {}),
    ],
)
def test_what_must_be_asked_is_asked(store, specialist, result, said):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    with pytest.raises(Refused):
        report(held, specialist, result, km=3000, **said)
    assert_nothing_changed(held)


def test_a_claim_that_ran_out_cannot_overwrite_the_next(store, specialist, other_specialist):
    make_call(store)
    [stale] = claim_next(by=specialist, now=NOW)
    give_back(by=specialist, claim=stale.claim, now=NOW)
    [held] = claim_next(by=other_specialist, now=NOW)
    with pytest.raises(Refused, match="已不再持有"):
        report(stale, specialist, Result.NO_ANSWER)
    assert_nothing_changed(held)


def test_the_same_report_twice_is_refused(store, specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    same = {
        "by": specialist,
        "now": NOW,
        "claim": held.claim,
        "talk": Talk(held.customer.main_phone),
        "outcomes": {held.pk: Outcome(Result.NO_ANSWER)},
    }
    record(**same)
    with pytest.raises(Refused, match="已不再持有"):
        record(**same)
    assert Attempt.objects.count() == 1


def test_only_the_holder_reports(store, specialist, other_specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    with pytest.raises(Refused, match="已不再持有"):
        report(held, other_specialist, Result.NO_ANSWER)
    assert_nothing_changed(held)


# One conversation about several calls (CARE-15)


def three_calls_of_one_customer(store):
    customer = make_customer(store)
    return [
        make_call(store, customer=customer, due_on=TODAY),
        make_call(store, customer=customer, kind=CallKind.MAINTENANCE, due_on=TODAY + DAY),
        make_call(
            store,
            customer=customer,
            kind=CallKind.CHURN,
            due_on=TODAY + 2 * DAY,
            attempts=1,
            slots_tried=["morning"],
            day1_on=TODAY - 3 * DAY,
            day2_on=TODAY,
            day3_on=TODAY + DAY,
        ),
    ]


def test_one_dialling_is_an_attempt_for_each_call_whose_cell_is_now(store, specialist):
    first, second, tried = three_calls_of_one_customer(store)
    report(first, specialist, Result.NO_ANSWER)
    assert {(t.call_id, t.counted) for t in Attempt.objects.all()} == {
        (first.pk, True),
        (second.pk, True),
        (tried.pk, False),  # was tried in this slot: spoken to, not counted
    }
    assert len({t.conversation for t in Attempt.objects.all()}) == 1
    assert {c.status for c in Call.objects.all()} == {CallStatus.WAITING}
    tried.refresh_from_db()
    assert tried.attempts == 1


def test_one_conversation_settles_several_calls(store, specialist):
    first, second, tried = three_calls_of_one_customer(store)
    held = claim_next(by=specialist, now=NOW)
    make_bay(store), make_technician(store)
    booked = Outcome(Result.BOOKED, visit=Visit(at(14, day=TODAY + DAY)))
    no_need = Outcome(Result.NOT_NEEDED, reason=NotReturning.OTHER)

    record(
        by=specialist,
        now=NOW,
        claim=held[0].claim,
        talk=Talk(first.customer.main_phone),
        outcomes={first.pk: booked, second.pk: no_need},
    )

    results = dict(Call.objects.values_list("pk", "result"))
    assert (results[first.pk], results[second.pk]) == (Result.BOOKED, Result.NOT_NEEDED)
    tried.refresh_from_db()
    assert (tried.status, tried.holder) == (CallStatus.CLAIMED, specialist)  # still to be settled


def test_what_is_left_of_a_conversation_waits_for_the_next_slot(store, specialist):
    first, second, tried = three_calls_of_one_customer(store)
    report(first, specialist, Result.WILL_COME)
    give_back(by=specialist, claim=Call.objects.get(pk=second.pk).claim, now=NOW)

    second.refresh_from_db()
    assert (second.status, second.attempts, second.slots_tried) == (
        CallStatus.WAITING,
        1,
        ["morning"],
    )
    [attempt] = second.tries.all()
    assert (attempt.result, attempt.counted) == (Result.SPOKEN_TO, True)
    assert claim_next(by=specialist, now=at(11)) == []
    assert set(claim_next(by=specialist, now=at(14))) == {second, tried}


def test_a_mileage_belongs_to_one_car(store, specialist):
    first, second, _tried = three_calls_of_one_customer(store)
    held = claim_next(by=specialist, now=NOW)
    will_come = Outcome(Result.WILL_COME)
    with pytest.raises(Refused, match="逐辆登记"):
        record(
            by=specialist,
            now=NOW,
            claim=held[0].claim,
            talk=Talk(first.customer.main_phone, km=100),
            outcomes={first.pk: will_come, second.pk: will_come},
        )
    assert_nothing_changed(held[0])


# Numbers (CUS-03)


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (Result.EMPTY_NUMBER, NumberStatus.EMPTY),
        (Result.WRONG_NUMBER, NumberStatus.WRONG),
    ],
)
def test_a_bad_number_is_asked_to_be_corrected_and_all_calls_wait(
    store, specialist, other_specialist, result, status
):
    call = make_call(store)
    colleagues = make_call(
        store, customer=call.customer, kind=CallKind.CHURN, owner=other_specialist
    )
    call = report(call, specialist, result)

    colleagues.refresh_from_db()
    assert (call.status, call.paused_on, call.attempts) == (CallStatus.WAITING, TODAY, 0)
    assert (colleagues.status, colleagues.paused_on) == (CallStatus.WAITING, TODAY)
    [number] = call.customer.numbers.all()
    assert number.status == status
    [correction] = NumberCorrection.objects.all()
    assert (correction.customer, correction.number, correction.asked_by) == (
        call.customer,
        number,
        specialist,
    )
    [attempt] = call.tries.all()
    assert (attempt.result, attempt.counted) == (result, False)
    assert claim_next(by=specialist, now=at(14)) == []
    assert claim_next(by=other_specialist, now=at(14)) == []


def test_with_another_good_number_the_holder_goes_on(store, specialist):
    call = make_call(store)
    call.customer.numbers.create(store=store, number="13800138000", kind="mobile")
    call = report(call, specialist, Result.EMPTY_NUMBER)
    assert (call.status, call.holder, call.paused_on) == (CallStatus.CLAIMED, specialist, None)
    assert NumberCorrection.objects.count() == 1


def test_a_number_that_is_not_the_customers_is_refused(store, specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    with pytest.raises(Refused, match="实际拨打的号码"):
        record(
            by=specialist,
            now=NOW,
            claim=held.claim,
            talk=Talk("13900009999"),
            outcomes={held.pk: Outcome(Result.EMPTY_NUMBER)},
        )
    assert_nothing_changed(held)
