from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.care.actions.claim import claim_next
from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Attempt, Call
from tests.care.calls import make_call
from tests.factories import NOW, SHANGHAI, TODAY, make_customer
from tests.service.workshop import make_bay, make_technician

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def in_the_morning_slot():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(client, specialist):
    client.force_login(specialist)
    return client


def held_by(specialist, store, **fields):
    make_call(store, **fields)
    return claim_next(by=specialist, now=NOW)[0]


def send(client, call, result, **fields):
    data = {"result": result, "claim": call.claim or "", "number": call.customer.main_phone}
    return client.post(reverse("care:call-result", args=[call.pk]), data | fields)


def test_next_opens_the_claimed_call_with_the_number_in_full(signed_in, store, specialist):
    call = make_call(store, customer=make_customer(store, phone="13912342345"))
    response = signed_in.post(reverse("care:claim-next"))
    assertRedirects(response, reverse("care:call", args=[call.pk]))
    response = signed_in.get(reverse("care:call", args=[call.pk]))
    assertContains(response, 'href="tel:13912342345"')
    assertContains(response, "CARE-02")  # why, with its clause
    assertContains(response, f"<mark>{specialist}</mark>")  # the script is filled


def test_whoever_does_not_hold_it_sees_it_masked_and_without_keys(
    client, store, specialist, manager, other_specialist
):
    call = held_by(specialist, store, customer=make_customer(store, phone="13912342345"))
    for reader in (manager, other_specialist):
        client.force_login(reader)
        response = client.get(reverse("care:call", args=[call.pk]))
        assertContains(response, "139****2345")
        assertNotContains(response, "13912342345")
        assertNotContains(response, 'name="result"')
        assertNotContains(response, str(call.claim))


def test_next_without_anything_to_call_says_so(signed_in):
    response = signed_in.post(reverse("care:claim-next"), follow=True)
    assertContains(response, "现在没有可打的电话")


def test_no_answer_is_written_down_and_the_page_offers_the_next(signed_in, store, specialist):
    call = held_by(specialist, store)
    response = send(signed_in, call, "no_answer")
    assertRedirects(response, reverse("care:call", args=[call.pk]))
    call.refresh_from_db()
    assert (call.status, call.attempts) == (CallStatus.WAITING, 1)
    response = signed_in.get(response["Location"])
    assertContains(response, reverse("care:claim-next"))


def test_what_was_typed_is_kept_when_the_form_is_not_complete(signed_in, store, specialist):
    call = held_by(specialist, store)
    response = send(signed_in, call, "booked", note="周六再说", km="3100", ticks=["1"])
    assert response.status_code == 422
    assertContains(response, "周六再说", status_code=422)
    assertContains(response, 'value="3100"', status_code=422)
    assertContains(response, '<details class="call-panel" name="call-panel" open>', status_code=422)
    assert not Attempt.objects.exists()


def test_the_answers_of_the_form_arrive(signed_in, store, specialist):
    call = held_by(specialist, store)
    make_bay(store), make_technician(store)
    script = store.scripts.get(kind=call.kind)
    send(
        signed_in,
        call,
        "booked",
        starts_at="2026-11-24T14:00",
        km="3100",
        ticks=["0", "2"],
        note="好",
        script=script.pk,
    )
    [attempt] = Attempt.objects.all()
    assert (attempt.result, str(attempt.agreed_on), attempt.km, attempt.ticks, attempt.note) == (
        Result.BOOKED,
        "2026-11-24",
        3100,
        [0, 2],
        "好",
    )


def test_a_promise_arrives_in_the_stores_time(signed_in, store, specialist):
    call = held_by(specialist, store)
    send(
        signed_in, call, "call_later", again_on="2026-11-24", again_time="15:00", again_by="anyone"
    )
    call.refresh_from_db()
    assert call.callback_at == datetime(2026, 11, 24, 15, 0, tzinfo=SHANGHAI)
    assert call.callback_for is None


def test_a_stale_page_is_refused_in_words_and_changes_nothing(
    signed_in, store, specialist, other_specialist
):
    call = held_by(specialist, store)
    Call.objects.update(holder=other_specialist, claim=uuid4())
    response = send(signed_in, call, "no_answer")
    assertContains(response, "已不再持有这通电话", status_code=409)
    call.refresh_from_db()
    assert (call.holder, call.attempts) == (other_specialist, 0)


def test_a_double_click_writes_once_and_answers_alike(signed_in, store, specialist):
    call = held_by(specialist, store)
    token = str(uuid4())
    first = send(signed_in, call, "no_answer", form_token=token)
    second = send(signed_in, call, "no_answer", form_token=token)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Attempt.objects.count() == 1


def test_an_empty_result_settles_nothing(signed_in, store, specialist):
    """Enter in a field without scripts presses the first button: it must be harmless."""
    call = held_by(specialist, store)
    assert send(signed_in, call, "").status_code == 422
    assert not Attempt.objects.exists()


def test_after_one_call_comes_the_customers_next(signed_in, store, specialist):
    customer = make_customer(store)
    call = make_call(store, customer=customer, due_on=TODAY)
    also = make_call(store, customer=customer, kind=CallKind.CHURN, due_on=TODAY + DAY)
    call, also = claim_next(by=specialist, now=NOW)
    response = send(signed_in, call, "will_come")
    assertRedirects(response, reverse("care:call", args=[also.pk]))
    # Next ends the conversation: what was not settled goes back and waits for its next slot.
    another = make_call(store, due_on=TODAY + 9 * DAY)
    response = signed_in.post(reverse("care:claim-next"), {"done": str(also.claim)})
    assertRedirects(response, reverse("care:call", args=[another.pk]))
    also.refresh_from_db()
    assert (also.status, also.slots_tried) == (CallStatus.WAITING, ["morning"])


def test_giving_back(signed_in, store, specialist):
    call = held_by(specialist, store)
    url = reverse("care:call-give-back", args=[call.pk])
    assertRedirects(signed_in.post(url, {"claim": str(call.claim)}), reverse("care:queue"))
    call.refresh_from_db()
    assert call.status == CallStatus.WAITING
    assert signed_in.post(url, {"claim": ""}).status_code == 409


def test_the_screen_keeps_the_call_alive(signed_in, store, specialist):
    call = held_by(specialist, store)
    url = reverse("care:call-touch", args=[call.pk])
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert signed_in.post(url, {"claim": str(call.claim)}).status_code == 204
    call.refresh_from_db()
    assert call.held_at == NOW + timedelta(minutes=10)
    assert signed_in.post(url, {"claim": str(uuid4())}).status_code == 409


@pytest.mark.parametrize("name", ["call", "call-result", "call-give-back", "call-touch"])
def test_a_call_of_another_store_does_not_exist(client, store, stranger, name):
    call = make_call(store)
    client.force_login(stranger)
    url = reverse(f"care:{name}", args=[call.pk])
    response = client.get(url) if name == "call" else client.post(url, {"result": "no_answer"})
    assert response.status_code == 404
    call.refresh_from_db()
    assert call.attempts == 0


def test_the_queue_page_says_what_waits(signed_in, store, specialist, stranger):
    make_call(store, owner=specialist)
    make_call(store, owner=specialist, kind=CallKind.BIRTHDAY)
    make_call(store, owner=specialist, callback_at=NOW + timedelta(hours=5),
              customer=make_customer(store, name="演示约定"))  # fmt: skip
    make_call(stranger.store, callback_at=NOW, customer=make_customer(stranger.store, name="外店"))
    response = signed_in.get(reverse("care:queue"))
    assertContains(response, "本时段可打 2 通电话")
    assertContains(response, "还剩 30 分钟")
    assertContains(response, "演示约定")
    assertNotContains(response, "外店")


def test_outside_the_slots_the_queue_page_says_why(signed_in, store, specialist):
    make_call(store, owner=specialist)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assertContains(signed_in.get(reverse("care:queue")), "现在不在呼叫时段")


def test_the_queue_page_leads_back_to_the_call_in_hand(signed_in, store, specialist):
    call = held_by(specialist, store)
    response = signed_in.get(reverse("care:queue"))
    assertContains(response, reverse("care:call", args=[call.pk]))
    assertNotContains(response, reverse("care:claim-next"))


def count_queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_queue_and_call_cost_the_same_however_much_there_is(signed_in, store, specialist):
    customer = make_customer(store)
    call = make_call(store, customer=customer, owner=specialist)
    urls = [reverse("care:queue"), reverse("care:call", args=[call.pk])]

    def fill(n):
        make_call(store, owner=specialist, callback_at=NOW + n * DAY)
        Attempt.objects.create(
            store=store, call=call, at=NOW, slot="", counted=False,
            result=Result.CALL_LATER, by=specialist,
        )  # fmt: skip

    fill(1)
    before = [count_queries(signed_in, url) for url in urls]
    fill(2)
    fill(3)
    make_call(store, customer=customer, kind=CallKind.CHURN)
    assert [count_queries(signed_in, url) for url in urls] == before
