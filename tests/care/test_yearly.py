"""Warranty, inspection and insurance from the first day to the last (CARE-07, 08, 09, 27, 28)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.care.actions.answers import Renewed
from apps.care.actions.claim import claim_next
from apps.care.actions.planning import plan, tidy
from apps.care.actions.reassign import reassign
from apps.care.actions.results import Outcome, Talk, record
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Call, CarePolicy, PlannedDay
from apps.care.policy import FALLBACK, results_for
from apps.care.queries.queue import shift_of, waiting_for
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.messaging.choices import Channel
from apps.messaging.models import Message
from tests.factories import NOW, TODAY, make_call, make_customer, make_user, make_vehicle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def insurer(store):
    return make_user("bao_xian", store, Role.INSURANCE_SPECIALIST)


def planned(kind, on=TODAY):
    plan(on=on, now=NOW + (on - TODAY))
    return Call.objects.filter(kind=kind)


def tidied(call, on=TODAY):
    tidy(on=on, now=NOW + (on - TODAY))
    call.refresh_from_db()
    return call


def dates(call):
    return call.cycle, call.event_on, call.opens_on, call.due_on


def insured_car(store, until=TODAY + 40 * DAY, **fields):
    return make_vehicle(store, insured_until=until, **fields)


def test_a_corrected_end_moves_the_insurance_call_and_makes_no_second(store, other_store, insurer):
    car, stranger = insured_car(store, date(2027, 1, 2)), insured_car(other_store, date(2027, 1, 2))
    call, theirs = (planned(CallKind.INSURANCE).get(vehicle=one) for one in (car, stranger))
    assert dates(call) == ("2027-01-02", date(2027, 1, 2), date(2026, 11, 2), date(2026, 12, 3))

    customers.change_vehicle(car, by=insurer, on=TODAY, insured_until=date(2026, 12, 31))

    moved = ("2026-12-31", date(2026, 12, 31), date(2026, 10, 31), date(2026, 12, 1))
    assert dates(tidied(call)) == moved
    assert planned(CallKind.INSURANCE).get(vehicle=car) == call
    assert tidied(theirs).cycle == "2027-01-02"


def test_a_call_that_was_reached_stays_the_call_of_its_year(store, insurer):
    car = insured_car(store, date(2027, 1, 2))
    call = planned(CallKind.INSURANCE).get()
    Call.objects.update(status=CallStatus.REACHED, ended_at=NOW)

    customers.change_vehicle(car, by=insurer, on=TODAY, insured_until=date(2026, 12, 31))

    assert planned(CallKind.INSURANCE).get() == call
    assert planned(CallKind.INSURANCE).get().cycle == "2026-12-31"


def test_insured_anew_the_call_goes_with_the_proof_and_comes_next_year(store, insurer):
    car = insured_car(store, date(2027, 1, 2))
    call = planned(CallKind.INSURANCE).get()

    customers.change_vehicle(car, by=insurer, on=TODAY, insured_until=date(2027, 12, 20))

    call = tidied(call)
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, EndReason.RENEWED)
    assert call.proof == {"insured_until": "2027-12-20"}
    PlannedDay.objects.all().delete()  # the days between are of no matter
    cycles = planned(CallKind.INSURANCE, date(2027, 10, 20)).values_list("cycle", flat=True)
    assert sorted(cycles) == ["2027-01-02", "2027-12-20"]


def test_a_year_on_it_is_called_again_until_told_otherwise(store, insurer):
    insured_car(store, date(2024, 2, 29))

    [call] = planned(CallKind.INSURANCE, date(2027, 1, 4))

    assert dates(call) == ("2027-02-28", date(2027, 2, 28), date(2026, 12, 28), date(2027, 1, 29))


def test_an_inspection_follows_the_registration(store, specialist):
    car = make_vehicle(store, registered_on=date(2022, 12, 10), delivered_on=date(2022, 12, 1))
    call = planned(CallKind.INSPECTION).get()
    assert dates(call) == ("2026-12-10", date(2026, 12, 10), date(2026, 11, 10), date(2026, 12, 3))

    customers.change_vehicle(car, by=specialist, on=TODAY, registered_on=date(2022, 12, 20))

    moved = ("2026-12-20", date(2026, 12, 20), date(2026, 11, 20), date(2026, 12, 13))
    assert dates(tidied(call)) == moved
    assert planned(CallKind.INSPECTION).get() == call


def test_a_touched_call_keeps_its_dates_and_shows_the_change(store, specialist):
    car = make_vehicle(store, registered_on=date(2022, 12, 10))
    call = planned(CallKind.INSPECTION).get()
    Call.objects.update(attempts=1, slots_tried=["morning"], day1_on=TODAY, day3_on=TODAY + 2 * DAY)

    customers.change_vehicle(car, by=specialist, on=TODAY, registered_on=date(2022, 12, 20))

    call = tidied(call)
    assert (call.cycle, call.event_on) == ("2026-12-20", date(2026, 12, 10))
    assert call.moved_event_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("years", "owed"), [(2, True), (3, False), (4, True), (9, False), (11, True), (15, True)]
)
def test_inspections_are_due_by_the_stores_table(store, years, owed):
    make_vehicle(store, registered_on=date(2026 - years, 12, 10))

    assert planned(CallKind.INSPECTION).exists() is owed


def test_a_table_of_ones_own_holds_from_its_day(store, specialist):
    CarePolicy.objects.create(store=store, effective_from=TODAY, inspection_years=[3, 5])
    make_vehicle(store, registered_on=date(2023, 12, 10))
    make_vehicle(store, registered_on=date(2022, 12, 10))

    [call] = planned(CallKind.INSPECTION)

    assert call.vehicle.registered_on == date(2023, 12, 10)


def warranted(store, **fields):
    return make_vehicle(store, sold_here=True, delivered_on=date(2023, 12, 23), **fields)


def test_a_warranty_ends_by_kilometres_before_its_time(store, specialist):
    car = warranted(store, warranty_km=60_000)
    customers.record_reading(car, 59_000, on=TODAY, source="staff", by=specialist)

    call = planned(CallKind.WARRANTY).get()

    # one reading in a year makes no rate: the last 1,000 km take 25 days of 40 km
    assert call.event_on == TODAY + 25 * DAY
    assert call.cycle == "2026-12-23"


def test_run_out_of_warranty_the_untouched_call_goes(store, specialist):
    car = warranted(store, warranty_km=60_000)
    call = planned(CallKind.WARRANTY).get()
    assert dates(call) == ("2026-12-23", date(2026, 12, 23), date(2026, 11, 8), date(2026, 11, 23))

    customers.record_reading(car, 60_500, on=TODAY, source="staff", by=specialist)

    call = tidied(call)
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, EndReason.NOT_OWED)


def test_a_warranty_call_that_nobody_made_lapses_when_it_ends(store, specialist):
    warranted(store)
    call = planned(CallKind.WARRANTY).get()

    assert tidied(call, date(2026, 12, 22)).status == CallStatus.WAITING
    call = tidied(call, date(2026, 12, 23))
    assert (call.status, call.end_reason) == (CallStatus.LAPSED, EndReason.OVERDUE)


@pytest.mark.parametrize("kind", [CallKind.INSPECTION, CallKind.INSURANCE])
def test_the_others_lapse_31_days_after_they_were_due(store, specialist, kind):
    make_vehicle(store, registered_on=date(2022, 12, 10), insured_until=date(2026, 12, 30))
    call = planned(kind).get()

    assert tidied(call, call.due_on + 31 * DAY).status == CallStatus.WAITING
    assert tidied(call, call.due_on + 32 * DAY).status == CallStatus.LAPSED


def test_a_corrected_delivery_moves_the_warranty_call(store, specialist):
    car = warranted(store)
    call = planned(CallKind.WARRANTY).get()
    type(car).objects.filter(pk=car.pk).update(delivered_on=date(2023, 12, 30))

    assert tidied(call).cycle == "2026-12-30"
    assert (call.event_on, call.due_on) == (date(2026, 12, 30), date(2026, 11, 30))


# Whose work it is


def test_insurance_calls_go_round_among_the_insurance_specialists(store, specialist, insurer):
    second = make_user("bao_xian_2", store, Role.INSURANCE_SPECIALIST)
    for _ in range(3):
        insured_car(store)
    make_vehicle(store, registered_on=date(2022, 12, 10))

    owners = [call.owner for call in planned(CallKind.INSURANCE).order_by("customer")]

    assert owners == [insurer, second, insurer]
    assert planned(CallKind.INSPECTION).get().owner == specialist
    day = PlannedDay.objects.get(store=store)
    assert (day.turn, day.insurance_turn) == (1, 3)


def test_next_gives_each_role_its_own_calls(store, specialist, insurer):
    one = make_customer(store)
    make_vehicle(store, owner=one, insured_until=TODAY + 40 * DAY, registered_on=date(2022, 12, 10))
    insured = planned(CallKind.INSURANCE).get()
    service = planned(CallKind.INSPECTION).get()
    Call.objects.update(owner=None)

    assert claim_next(by=specialist, now=NOW) == [service]
    Call.objects.update(status="waiting", holder=None, held_at=None, claim=None)
    assert claim_next(by=insurer, now=NOW) == [insured]
    assert claim_next(by=specialist, now=NOW) == []  # one customer, one person at a time
    Call.objects.update(status="waiting", holder=None, held_at=None, claim=None)
    both = make_user("both", store, Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST)
    assert claim_next(by=both, now=NOW) == [service, insured]


def test_waiting_counts_what_next_would_give(store, specialist, insurer):
    make_call(store, kind="insurance", cycle="2026-12-30", owner=insurer)
    make_call(store, kind="insurance", cycle="2026-12-30", owner=None)
    make_call(store, owner=specialist)
    shift = shift_of(store.pk, NOW)

    for person in (specialist, insurer):
        waiting = waiting_for(person, shift, now=NOW)
        assert (person.username, waiting.mine_now) == (person.username, 1)
    assert waiting_for(insurer, shift, now=NOW).others_now == 1
    assert waiting_for(specialist, shift, now=NOW).others_now == 0


def test_insurance_calls_are_given_to_insurance_specialists_only(
    store, specialist, insurer, manager
):
    other = make_user("bao_xian_2", store, Role.INSURANCE_SPECIALIST)
    one = make_customer(store)
    insured = make_call(store, customer=one, kind="insurance", cycle="x", owner=insurer)
    service = make_call(store, customer=one, owner=specialist)

    for to, calls in ((specialist, [insured]), (insurer, [service]), (other, [insured, service])):
        with pytest.raises(Refused):
            reassign([call.pk for call in calls], to=to, by=manager, now=NOW)
    assert [call.owner for call in (insured, service)] == [insurer, specialist]

    assert reassign([insured.pk], to=other, by=manager, now=NOW) == 1
    service.refresh_from_db()
    assert service.owner == specialist


# What comes of it


def answered(call, by, outcome):
    [held] = claim_next(by=by, now=NOW)
    assert held == call
    talk = Talk(number=call.customer.main_phone)
    return record(by=by, now=NOW, claim=held.claim, talk=talk, outcomes={call.pk: outcome})


def test_insured_anew_on_the_phone_is_written_to_the_car(store, insurer):
    car = insured_car(store, insurer="平安保险")
    call = planned(CallKind.INSURANCE).get()
    renewed = Renewed(until=date(2028, 1, 1), insurer="太平洋保险")

    answered(call, insurer, Outcome(Result.RENEWED, said=renewed))

    car.refresh_from_db()
    assert (car.insurer, car.insured_until) == ("太平洋保险", date(2028, 1, 1))
    call = tidied(call)
    assert (call.status, call.result) == (CallStatus.REACHED, Result.RENEWED)


@pytest.mark.parametrize("until", [None, TODAY + 40 * DAY])
def test_an_end_that_is_no_new_one_is_refused(store, insurer, until):
    car = insured_car(store)
    call = planned(CallKind.INSURANCE).get()

    with pytest.raises(Refused):
        answered(call, insurer, Outcome(Result.RENEWED, said=Renewed(until)))

    car.refresh_from_db()
    assert car.insured_until == TODAY + 40 * DAY


def test_inspected_already_may_say_until_when(store, specialist):
    car = make_vehicle(store, registered_on=date(2022, 12, 10))
    call = planned(CallKind.INSPECTION).get()

    answered(call, specialist, Outcome(Result.RENEWED, said=Renewed(date(2028, 12, 10))))

    car.refresh_from_db()
    assert car.inspection_due_on == date(2028, 12, 10)


def test_who_was_not_reached_gets_an_e_mail_and_of_the_insurance_nothing():
    assert FALLBACK[CallKind.WARRANTY] == FALLBACK[CallKind.INSPECTION] == Channel.EMAIL
    assert CallKind.INSURANCE not in FALLBACK
    assert Result.RENEWED in results_for(CallKind.INSURANCE)
    assert Result.BOOKED not in results_for(CallKind.INSURANCE)
    assert Result.BOOKED in results_for(CallKind.WARRANTY)
    assert Result.RENEWED not in results_for(CallKind.MAINTENANCE)


@pytest.mark.parametrize(("email", "channel"), [("a@b.cn", "email"), ("", "sms")])
def test_after_three_attempts_the_message_tells_the_day(store, specialist, email, channel):
    owner = make_customer(store, email=email)
    make_vehicle(store, owner=owner, registered_on=date(2022, 12, 10), plate="沪A12345")
    call = planned(CallKind.INSPECTION).get()
    Call.objects.update(
        attempts=2, slots_tried=["afternoon", "late"], day1_on=TODAY, day2_on=TODAY, day3_on=TODAY
    )

    answered(call, specialist, Outcome(Result.NO_ANSWER))

    [message] = Message.objects.all()
    assert (message.key, message.channel) == ("inspection", channel)
    assert "2026年12月10日" in message.text


@time_machine.travel(NOW, tick=False)
def test_the_call_screen_asks_until_when(client, store, insurer):
    insured_car(store, plate="沪A12345", insurer="平安保险")
    call = planned(CallKind.INSURANCE).get()
    client.force_login(insurer)
    client.post(reverse("care:claim-next"))
    url = reverse("care:call", args=[call.pk])
    page = client.get(url).content.decode()
    for words in ("平安保险", "保险专员", "renewed_until", "已续保"):
        assert words in page
    call.refresh_from_db()
    sent = {"claim": call.claim, "number": call.customer.main_phone, "result": "renewed"}

    assert client.post(reverse("care:call-result", args=[call.pk]), sent).status_code == 422
    sent["renewed_until"] = "2028-01-01"
    assert client.post(reverse("care:call-result", args=[call.pk]), sent).status_code == 302
    call.refresh_from_db()
    assert call.vehicle.insured_until == date(2028, 1, 1)
