"""The same form twice, at once, late or by somebody else: over HTTP, and nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.audit.models import AnsweredForm
from apps.care.actions.claim import claim_next
from apps.care.actions.sweeps import release_stale
from apps.care.choices import CallStatus
from apps.care.models import Attempt, Call
from tests.care.calls import make_call
from tests.concurrency import closing
from tests.factories import NOW, make_user
from tests.service.workshop import make_bay, make_technician


@pytest.fixture(autouse=True)
def in_the_morning_slot():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call(store, specialist):
    make_call(store, owner=specialist)
    return claim_next(by=specialist, now=NOW)[0]


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


def report(browser, call, result="no_answer", **fields):
    url = reverse("care:call-result", args=[call.pk])
    data = {"claim": call.claim, "number": call.customer.main_phone, "result": result}
    return browser.post(url, data | fields)


def state(call):
    names = ("status", "holder", "claim", "held_at", "attempts", "slots_tried", "result")
    return Call.objects.values_list(*names).get(pk=call.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_token", [True, False])
def test_two_clicks_at_once_write_one_attempt(call, specialist, with_token):
    """With the form's token both are answered alike; without one the second is refused."""
    start, token = Barrier(2, timeout=30), str(uuid4()) if with_token else ""

    def click(browser):
        start.wait()
        return report(browser, call, form_token=token)

    browsers = [signed_in(specialist), signed_in(specialist)]
    with ThreadPoolExecutor(2) as hands:
        clicks = [hands.submit(closing, click, browser) for browser in browsers]
        answers = [click.result(timeout=60) for click in clicks]

    assert Attempt.objects.count() == 1
    assert sorted(answer.status_code for answer in answers) == [302, 302 if token else 409]
    if token:
        assert {answer["Location"] for answer in answers} == {reverse("care:call", args=[call.pk])}
    assert (state(call)[0], state(call)[4]) == (CallStatus.WAITING, 1)


def test_who_lost_the_call_by_the_time_out_is_refused(call, specialist, other_specialist):
    later = NOW + timedelta(minutes=21)
    release_stale(now=later)
    Call.objects.update(owner=other_specialist)  # the manager reassigned it meanwhile
    taken = claim_next(by=other_specialist, now=later)[0]
    assert taken.pk == call.pk
    before = state(call)

    with time_machine.travel(later, tick=False):
        answer = report(signed_in(specialist), call)

    assertContains(answer, "已不再持有这通电话", status_code=409)
    assert state(call) == before
    assert not Attempt.objects.exists()


def test_somebody_else_with_the_right_claim_is_refused(call, other_specialist):
    before = state(call)

    answer = report(signed_in(other_specialist), call)

    assertContains(answer, "已不再持有这通电话", status_code=409)
    assert state(call) == before
    assert not Attempt.objects.exists()


def test_a_form_replayed_after_the_call_was_taken_again_answers_as_before(call, specialist):
    """The back button: the call is claimed anew in the next slot, the old form is sent again."""
    token = str(uuid4())
    first = report(signed_in(specialist), call, form_token=token)
    afternoon = NOW + timedelta(hours=4)
    again = claim_next(by=specialist, now=afternoon)[0]
    assert again.pk == call.pk
    before = state(call)

    with time_machine.travel(afternoon, tick=False):
        browser = signed_in(specialist)
        replayed = report(browser, call, form_token=token)
        stale = report(browser, call, form_token=str(uuid4()))  # another page of that claim

    assert (replayed.status_code, replayed["Location"]) == (302, first["Location"])
    assertContains(stale, "已不再持有这通电话", status_code=409)
    assert state(call) == before
    assert Attempt.objects.count() == 1


def test_a_refused_form_keeps_no_token_and_may_be_sent_mended(store, call, specialist):
    make_bay(store), make_technician(store)
    browser, token = signed_in(specialist), str(uuid4())
    assert report(browser, call, "booked", form_token=token).status_code == 422
    assert not AnsweredForm.objects.exists()

    answer = report(browser, call, "booked", form_token=token, starts_at="2026-11-24T14:00")

    assert answer.status_code == 302
    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_next_at_once_take_one_customer(store, specialist):
    for _ in range(3):
        make_call(store, owner=specialist)
    start, token = Barrier(2, timeout=30), str(uuid4())

    def click(browser):
        start.wait()
        return browser.post(reverse("care:claim-next"), {"form_token": token})

    browsers = [signed_in(specialist), signed_in(specialist)]
    with ThreadPoolExecutor(2) as hands:
        clicks = [hands.submit(closing, click, browser) for browser in browsers]
        answers = [click.result(timeout=60) for click in clicks]

    held = Call.objects.get(status=CallStatus.CLAIMED)
    assert [answer["Location"] for answer in answers] == [reverse("care:call", args=[held.pk])] * 2


def test_the_pages_of_people_and_calendar_may_be_sent_twice(store):
    """Their forms say what shall be so; said again it is so already."""
    browser = signed_in(make_user("admin", store, Role.ADMINISTRATION))
    person = make_user("new_one", store, Role.WORKSHOP)
    for _ in range(2):
        gone = browser.post(reverse("accounts:person-active", args=[person.pk]), {"active": "no"})
        assert gone.status_code == 302
        day = {"on": "2026-12-25", "kind": "closed", "note": "盘点"}
        assert browser.post(reverse("accounts:calendar-correct"), day).status_code == 302

    assert not User.objects.get(pk=person.pk).is_active
    assert store.calendar_days.filter(on="2026-12-25").count() == 1
