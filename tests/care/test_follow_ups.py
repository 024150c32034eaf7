"""After the hand-back the calls that it answers end, and a follow-up is owed (SVC-11, SVC-12)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.care import tasks
from apps.care.actions.answers import Said
from apps.care.actions.claim import claim_next
from apps.care.actions.planning import plan, tidy
from apps.care.actions.results import Outcome, Talk, record
from apps.care.choices import CallKind, CallStatus, Cause, Result, Satisfaction
from apps.care.models import Call as AnyCall
from apps.care.models import CarePolicy, FollowUp
from apps.complaints.models import QuickResponse
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.desk import invariants
from apps.desk.exporting import LISTINGS
from tests.factories import NOW, TODAY, make_customer, make_user, make_vehicle
from tests.service import garage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = NOW + DAY
KIND = CallKind.SERVICE_FOLLOW_UP


@pytest.fixture
def handed(store, specialist):
    return garage.make_closed(store, km=8000)


def planned(day=TODAY + DAY):
    plan(on=day, now=NOW + (day - TODAY))
    return AnyCall.objects.filter(kind=KIND)


def claimed(by, now=TOMORROW):
    return next(call for call in claim_next(by=by, now=now) if call.kind == KIND)


def answer(call, by, *, now=TOMORROW, note="", **said):
    said = {"repair_type": "maintenance", "satisfaction": "good"} | said
    return record(
        by=by,
        now=now,
        claim=call.claim,
        talk=Talk(number=call.customer.main_phone, note=note),
        outcomes={call.pk: Outcome(result=Result.ANSWERED, said=Said(**said))},
    )


def test_the_day_after_the_hand_back_a_call_is_owed_once(handed, store, other_store, specialist):
    garage.make_closed(other_store)
    assert not planned(TODAY).exists()

    [call] = planned().filter(store=store)

    assert (call.customer, call.vehicle, call.cycle) == (
        handed.customer,
        handed.vehicle,
        handed.number,
    )
    assert (call.event_on, call.opens_on, call.due_on) == (TODAY, TODAY + DAY, TODAY + 3 * DAY)
    assert (call.owner, call.made_up, call.status) == (specialist, False, CallStatus.WAITING)
    assert planned().filter(store=store).count() == 1
    assert invariants.broken() == {}


def test_the_stores_number_of_days_decides(handed, store):
    CarePolicy.objects.create(store=store, effective_from=TODAY + DAY, follow_up_days=5)

    assert planned().get().due_on == TODAY + 5 * DAY


def test_it_exists_until_seven_days_after_it_was_due_and_then_lapses(handed, store, specialist):
    [call] = planned()
    last = TODAY + 10 * DAY
    tidy(on=last, now=NOW + 10 * DAY)
    call.refresh_from_db()
    assert call.status == CallStatus.WAITING

    tidy(on=last + DAY, now=NOW + 11 * DAY)

    call.refresh_from_db()
    assert call.status == CallStatus.LAPSED


def test_after_an_outage_it_is_made_up_only_when_its_days_are_over(handed, store):
    plan(on=TODAY, now=NOW)  # then nothing for five days

    plan(on=TODAY + 5 * DAY, now=NOW + 5 * DAY)

    assert AnyCall.objects.get(kind=KIND).made_up


def test_nobody_is_asked_who_refused_or_whose_car_is_here_again(store, specialist):
    stopped, refusing, back = (garage.make_closed(store) for _n in range(3))
    customers.stop_contact(
        stopped.customer, stopped.vehicle, KIND, "不要回访", by=specialist, now=NOW
    )
    refusing.customer.refuses_service = True
    refusing.customer.save()
    garage.make_order(store, back.vehicle)

    assert not planned().exists()


def test_who_brought_the_car_is_asked_though_it_is_not_his(store, specialist):
    driver = make_customer(store, "司机")
    garage.make_closed(store, customer=driver)
    [call] = planned()
    tidy(on=TODAY + DAY, now=TOMORROW)

    call.refresh_from_db()
    assert (call.customer, call.status) == (driver, CallStatus.WAITING)
    assert claimed(specialist) == call


def test_the_answer_is_kept_and_who_is_not_content_is_marked(handed, specialist):
    planned()
    call = claimed(specialist)

    answer(
        call,
        specialist,
        note="等了三个小时",
        satisfaction="dissatisfied",
        causes=("time", "attitude"),
        in_person=True,
    )

    call.refresh_from_db()
    said = FollowUp.objects.get()
    assert (call.status, call.result) == (CallStatus.REACHED, Result.ANSWERED)
    assert (said.call, said.store, said.by, said.at) == (call, call.store, specialist, TOMORROW)
    assert (said.repair_type, said.satisfaction) == ("maintenance", "dissatisfied")
    assert (said.causes, said.text, said.in_person) == (["time", "attitude"], "等了三个小时", True)
    assert said.needs_quick_response
    made = said.quick_response
    assert (made.text, made.department) == ("耗时过长、服务态度：等了三个小时", "service")
    assert (made.customer, made.vehicle, made.made_by) == (call.customer, call.vehicle, specialist)
    assert (made.status, made.origin, made.made_at) == ("approve", "follow_up", TOMORROW)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(causes=[])


@pytest.mark.parametrize("satisfaction", [s for s in Satisfaction])
def test_only_who_is_not_content_needs_a_quick_response(handed, specialist, satisfaction):
    planned()
    answer(claimed(specialist), specialist, satisfaction=satisfaction, causes=(Cause.PRICE.value,))

    expected = satisfaction in ("dissatisfied", "complaint")
    said = FollowUp.objects.get()
    assert said.needs_quick_response is expected
    assert (said.quick_response is not None) is expected
    assert QuickResponse.objects.count() == expected


@pytest.mark.parametrize(
    "said",
    [
        {"satisfaction": "dissatisfied"},
        {"satisfaction": "so so"},
        {"repair_type": "x"},
        {"causes": ("x",)},
    ],
)
def test_an_answer_that_is_not_whole_is_refused_and_changes_nothing(handed, specialist, said):
    planned()
    call = claimed(specialist)

    with pytest.raises(Refused):
        answer(call, specialist, **said)

    call.refresh_from_db()
    assert (call.status, FollowUp.objects.count()) == (CallStatus.CLAIMED, 0)
    assert not QuickResponse.objects.exists()


def test_other_calls_are_not_answered_so_and_a_follow_up_is_not_booked(handed, specialist):
    planned()
    call = claimed(specialist)
    outcome = {call.pk: Outcome(result=Result.WILL_COME)}

    with pytest.raises(Refused):
        record(by=specialist, now=TOMORROW, claim=call.claim, talk=Talk(), outcomes=outcome)


def test_closing_ends_the_maintenance_call_with_the_proof_at_the_next_tick(store, specialist):
    car = make_vehicle(store, sold_here=True, delivered_on=TODAY - 400 * DAY)
    garage.make_closed(store, car, km=5000, now=NOW - 170 * DAY, promised_at=None)
    plan(on=TODAY, now=NOW)
    call = AnyCall.objects.get(kind=CallKind.MAINTENANCE)
    due_on = call.vehicle.maintenance_due_on
    with time_machine.travel(NOW, tick=False):
        order = garage.make_order(store, car, km=9000)
        tasks.plan()
        call.refresh_from_db()
        assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, "in_workshop")
        assert call.proof["order"] == order.number
        garage.propose(order)
        garage.check(garage.work_off(garage.start(garage.agree(order))))
        garage.settle(order)
        garage.hand_back(order)

        tasks.plan()

    call.refresh_from_db()
    car.refresh_from_db()
    assert call.status == CallStatus.WITHDRAWN
    assert (car.maintenance_due_on > due_on, car.last_maintenance_on) == (True, TODAY)
    assert invariants.broken() == {}


def test_a_call_that_waits_ends_by_the_visit_itself(store, specialist):
    car = make_vehicle(store, sold_here=True, delivered_on=TODAY - 400 * DAY)
    garage.make_closed(store, car, km=5000, now=NOW - 170 * DAY, promised_at=None)
    plan(on=TODAY, now=NOW)
    order = garage.make_closed(store, car, km=9000)

    with time_machine.travel(NOW, tick=False):
        tasks.plan()

    call = AnyCall.objects.get(kind=CallKind.MAINTENANCE)
    assert (call.status, call.end_reason) == (CallStatus.WITHDRAWN, "visited")
    proof = {"order": order.number, "on": str(TODAY), "in_on": str(TODAY)}
    assert call.proof == proof


def test_the_screen_asks_for_what_the_follow_up_wants(client, handed, specialist):
    planned()
    client.force_login(specialist)
    with time_machine.travel(TOMORROW, tick=False):
        call = claimed(specialist)
        page = client.get(reverse("care:call", args=[call.pk]))
        for words in (handed.number, "客户满意度", "配件供应", 'name="repair_type"'):
            assertContains(page, words)
        assertNotContains(page, 'data-key="s"')
        url = reverse("care:call-result", args=[call.pk])
        told = {"claim": call.claim, "result": "answered", "number": call.customer.main_phone}
        told |= {"repair_type": "repair", "note": "没修好"}
        assert client.post(url, told).status_code == 422
        assert client.post(url, told | {"satisfaction": "complaint"}).status_code == 422
        done = client.post(url, told | {"satisfaction": "complaint", "causes": ["quality"]})
        assertRedirects(done, reverse("care:call", args=[call.pk]))

    said = FollowUp.objects.get()
    assert (said.repair_type, said.causes, said.text) == ("repair", ["quality"], "没修好")


def test_the_months_list_counts_and_opens_its_rows(client, store, other_store, specialist):
    for _n in range(2):
        garage.make_closed(store)
    garage.make_closed(other_store)
    planned()
    answer(claimed(specialist), specialist, note="太慢", satisfaction="complaint", causes=("time",))
    failed = AnyCall.objects.filter(kind=KIND, store=store, status=CallStatus.WAITING).get()
    AnyCall.objects.filter(pk=failed.pk).update(
        status=CallStatus.FAILED, result=Result.NO_ANSWER, ended_at=TOMORROW
    )
    client.force_login(make_user("cm", store, Role.CARE_MANAGER))

    with time_machine.travel(TOMORROW, tick=False):
        page = client.get(reverse("care:follow-ups"))
        bad = client.get(reverse("care:follow-ups"), {"what": "not_content"})

    numbers = {name: number for name, _label, number in page.context["numbers"]}
    assert numbers == {"all": 2, "open": 0, "answered": 1, "not_content": 1, "not_reached": 1}
    assertContains(page, "其他：一直未接")
    assertContains(bad, "太慢")
    made = QuickResponse.objects.get()
    assertContains(bad, f'"{reverse("complaints:response", args=[made.pk])}"')
    assert len(bad.context["rows"]) == 1
    listing = LISTINGS["care:follow-ups"]
    user = page.context["user"]
    lines = list(listing.lines(listing.rows(user, {"what": "not_content"}, TODAY + DAY)))
    assert (len(lines), lines[1][6], lines[1][7], lines[1][9]) == (2, "投诉", "耗时过长", "是")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_call_and_for_three(
    client, store, specialist, rows, django_assert_num_queries
):
    for _n in range(rows):
        garage.make_closed(store)
    planned()
    client.force_login(specialist)
    with time_machine.travel(TOMORROW, tick=False), django_assert_num_queries(11):
        page = client.get(reverse("care:follow-ups"))
    assert len(page.context["rows"]) == rows


def test_the_call_screen_leads_to_a_complaint_and_to_what_came_of_the_answer(
    client, handed, specialist
):
    planned()
    call = claimed(specialist)
    new = reverse("complaints:response-new", args=[call.customer_id])
    with time_machine.travel(TOMORROW, tick=False):
        client.force_login(specialist)
        page = reverse("care:call", args=[call.pk])
        assertContains(client.get(page), f'{new}?car={call.vehicle_id}"')
        answer(call, specialist, satisfaction="complaint", causes=("time",))
        made = reverse("complaints:response", args=[QuickResponse.objects.get().pk])
        assertContains(client.get(page), f'"{made}"')
