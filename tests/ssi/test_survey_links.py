"""The customer answers by himself: one answer, not after its time, not for another delivery; what
is not a good link is answered alike and changes nothing (SSI-03)."""

import random
import re
import string
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.care.actions.endings import fail_after_three
from apps.care.choices import CallStatus, EndReason, Result
from apps.care.models import Call
from apps.complaints.models import QuickResponse
from apps.core.errors import Refused
from apps.messaging.models import Message
from apps.ssi.actions.links import send_link, send_links
from apps.ssi.actions.responses import answer, finish, start
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Answer, FactorScore, Response, SsiPolicy, StandardAnswer, SurveyLink
from apps.ssi.queries.links import form_of, signed_for, token_of
from apps.ssi.queries.sheets import sheet_of
from apps.ssi.views import my_survey
from tests.factories import NOW, TODAY, make_customer, make_vehicle
from tests.ssi.asked import a_delivery, a_held_call, a_survey_call, held, questions_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("ssi:my-survey")
HOURS, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def at_ten():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call(store, other_store, specialist):
    owner = make_customer(store, "张三丰", "13912345678")
    car = make_vehicle(store, owner=owner, plate="沪A12345", vin="LSGTEST0000009999")
    send_link(a_survey_call(other_store), by=specialist, now=NOW)
    return a_survey_call(store, a_delivery(store, vehicle=car))


@pytest.fixture
def link(call, specialist):
    return send_link(call, by=specialist, now=NOW)


@pytest.fixture
def phone():
    """A browser that knows nobody here; CSRF is looked at as in real use."""
    return Client(enforce_csrf_checks=True)


def url(link):
    return f"{ADDRESS}?a={token_of(link)}"


def filled_in(link, value="9", **more):
    sheet = sheet_of(link.response.model_id)
    said = {f"q{question.pk}": value for question in sheet.questions}
    said |= {f"s{standard.pk}": "yes" for standard in sheet.standards}
    return {"form": form_of(link)} | said | more


def facts():
    """Everything that a link could change."""
    models = (Response, Answer, StandardAnswer, FactorScore, SurveyLink, QuickResponse, Call)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_link_goes_to_the_customer_by_sms(call, store, specialist):
    link = send_link(call, by=specialist, now=NOW)

    message = Message.objects.get(store=store, customer=call.customer)
    assert url(link) in message.text and "11月30日前" in message.text
    assert (link.store, link.made_by, link.used_at) == (store, specialist, None)
    assert link.expires_at == NOW + 7 * DAY
    assert (link.response.call, link.response.status) == (call, ResponseStatus.OPEN)
    assert link.response.interviewer is None


def test_it_holds_as_long_as_the_store_says(call, store, specialist):
    SsiPolicy.objects.create(store=store, effective_from=TODAY, link_days=3)

    assert send_link(call, by=specialist, now=NOW).expires_at == NOW + 3 * DAY


def test_a_second_one_within_half_a_day_is_refused_and_a_later_one_ends_the_first(
    link, call, specialist, phone
):
    with pytest.raises(Refused):
        send_link(call, by=specialist, now=NOW + 11 * HOURS)
    assert Message.objects.filter(customer=call.customer).count() == 1
    before = url(link)

    newer = send_link(call, by=specialist, now=NOW + 12 * HOURS)

    assert phone.get(before).status_code == 404
    assert phone.get(url(newer)).status_code == 200
    assert Message.objects.filter(customer=call.customer).count() == 2


def test_who_cannot_be_written_to_is_sent_none(call, specialist):
    call.customer.refuses_service = True
    call.customer.save()

    with pytest.raises(Refused):
        send_link(call, by=specialist, now=NOW)

    assert not SurveyLink.objects.filter(response__call=call).exists()
    assert not Response.objects.filter(call=call).exists()


def test_the_page_asks_everything_and_says_nothing_of_the_customer(link, phone):
    page = phone.get(url(link))

    for question in questions_of(link.response):
        assertContains(page, question.text)
    assertContains(page, link.store.name)
    text = re.sub(r"a=[\w.-]+|value=\"[^\"]+\"", "", page.content.decode())
    for hidden in ("张三丰", "1391234", "*5678", "A12345", "LSGTEST", "0009999"):
        assert hidden not in text, hidden
    assert phone.cookies == {}
    assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "no-referrer"


def test_he_answers_once_and_his_call_is_owed_no_more(link, call, store, phone):
    there = url(link)

    done = phone.post(there, filled_in(link, remark="谢谢"))

    assertContains(done, "感谢您的回答")
    link.refresh_from_db()
    call.refresh_from_db()
    response = link.response
    assert (response.status, response.score) == (ResponseStatus.DONE, Decimal("900.00"))
    assert (response.interviewer, response.marks, response.on) == (None, [], TODAY)
    assert (response.remark, link.used_at) == ("谢谢", NOW)
    assert StandardAnswer.objects.filter(response=response, kept=True).exists()
    assert (call.status, call.end_reason, call.result) == (
        CallStatus.WITHDRAWN,
        EndReason.BY_LINK,
        Result.ANSWERED,
    )
    before = facts()
    again = phone.post(there, filled_in(link, "1"))
    assertContains(again, "感谢您的回答")
    assertContains(phone.get(there), "感谢您的回答")
    assert facts() == before


def test_low_answers_open_a_quick_response_that_nobody_made(link, store, phone):
    phone.post(url(link), filled_in(link, "3", complaint="交车等了三小时"))

    quick = QuickResponse.objects.get(store=store)
    assert quick.made_by is None and quick.text.startswith("交车等了三小时")


@pytest.mark.parametrize("wrong", ["", "0", "11", "ten"])
def test_an_answer_left_out_or_off_the_scale_changes_nothing(link, phone, wrong):
    [question, *_others] = questions_of(link.response)
    before = facts()

    page = phone.post(url(link), filled_in(link, complaint="太慢") | {f"q{question.pk}": wrong})

    assertContains(page, "请回答每一道题", status_code=409)
    assertContains(page, "太慢", status_code=409)
    assert facts() == before


def test_not_applying_everywhere_is_an_answer_without_a_score(link, phone):
    phone.post(url(link), filled_in(link, "na"))

    response = Response.objects.get(pk=link.response_id)
    assert (response.status, response.score) == (ResponseStatus.DONE, None)


def test_after_its_time_it_opens_nothing(link, phone):
    before, said, there = facts(), filled_in(link), url(link)
    with time_machine.travel(NOW + 7 * DAY - timedelta(seconds=1), tick=False):
        assert phone.get(there).status_code == 200
    with time_machine.travel(NOW + 7 * DAY, tick=False):
        for answered in (phone.get(there), phone.post(there, said)):
            assertContains(answered, "链接无效", status_code=404)
    assert facts() == before


def test_it_answers_for_no_other_delivery(link, store, phone, specialist):
    other = send_link(a_survey_call(store), by=specialist, now=NOW)
    before = facts()

    assert phone.post(url(link), filled_in(other)).status_code == 409
    mixed = filled_in(other) | {"form": form_of(link)}  # the same model, so it would fit
    mixed.pop(f"q{questions_of(link.response)[0].pk}")
    assert phone.post(url(link), mixed).status_code == 409
    forged = f"{token_of(other).split('.')[0]}.{token_of(link).split('.')[1]}"
    assert phone.get(f"{ADDRESS}?a={forged}").status_code == 404

    assert facts() == before


def test_a_thousand_altered_links_open_nothing(link, phone, monkeypatch):
    monkeypatch.setattr(my_survey, "within", lambda *_args, **_how: True)
    good, seed = token_of(link), random.Random(7)
    signs = string.ascii_letters + string.digits + "-_.=+ /%"
    before, tried = facts(), set()
    while len(tried) < 1000:
        place, altered = seed.randrange(len(good)), list(good)
        match seed.randrange(4):
            case 0:
                altered[place] = seed.choice(signs)
            case 1:
                del altered[place]
            case 2:
                altered.insert(place, seed.choice(signs))
            case 3:
                altered[place:] = reversed(altered[place:])
        if (token := "".join(altered)) != good:
            tried.add(token)

    opened = [token for token in tried if signed_for(token) is not None]

    assert opened == []
    for token in sorted(tried)[:40]:
        assert phone.get(ADDRESS, {"a": token}).status_code == 404
        assert phone.post(f"{ADDRESS}?a={token}", filled_in(link)).status_code in (404, 409)
    assert facts() == before
    assert signed_for(good) == link  # the control


def test_too_many_requests_are_put_off(link, phone):
    answers = [phone.get(url(link)).status_code for _n in range(31)]

    assert answers == [200] * 30 + [429]


def test_a_specialist_who_holds_the_call_meanwhile_loses_nothing_but_the_call(
    link, call, specialist, phone
):
    held(call, specialist)
    response = start(call, by=specialist, now=NOW)
    [question, *_others] = questions_of(response)
    answer(call.pk, question.pk, 8, by=specialist, now=NOW)

    phone.post(url(link), filled_in(link))

    with pytest.raises(Refused):
        finish(call, by=specialist, now=NOW)
    response.refresh_from_db()
    assert (response.score, response.interviewer) == (Decimal("900.00"), None)


def test_who_was_interviewed_meanwhile_cannot_answer_again(link, call, specialist, phone):
    held(call, specialist)
    response = start(call, by=specialist, now=NOW)
    for question in questions_of(response):
        answer(call.pk, question.pk, 8, by=specialist, now=NOW)
    finish(call, by=specialist, now=NOW)
    before = facts()

    assert phone.post(url(link), filled_in(link)).status_code == 404
    assert facts() == before


def test_who_was_not_reached_gets_a_link_once(store, other_store, specialist):
    failed, old, waits = (a_survey_call(store) for _n in range(3))
    strange = a_held_call(other_store)
    for one, at in ((failed, NOW), (old, NOW - 3 * DAY), (strange, NOW)):
        held(one, one.holder or specialist)
        fail_after_three(one, now=at)
        one.save()

    assert send_links(now=NOW) == 2
    assert send_links(now=NOW + HOURS) == 0

    assert set(SurveyLink.objects.values_list("response__call", flat=True)) == {
        failed.pk,
        strange.pk,
    }
    assert Message.objects.filter(key="survey").count() == 2
    assert SurveyLink.objects.get(response__call=failed).made_by is None
    assert waits.status == CallStatus.WAITING


def test_the_call_screen_sends_it(client, store, specialist):
    call = a_held_call(store, specialist)
    client.force_login(specialist)
    there = reverse("ssi:link-send", args=[call.pk])
    assertContains(client.get(reverse("care:call", args=[call.pk])), there)

    assertRedirects(client.post(there), reverse("care:call", args=[call.pk]))

    assert SurveyLink.objects.get().response.call == call
    assertContains(client.post(there, follow=True), "10:00")


def test_our_people_read_the_message_without_the_key_of_the_page(client, link, manager):
    """Else they could answer in the customer's name."""
    client.force_login(manager)
    line = reverse("desk:customer-timeline", args=[link.response.customer_id])

    assertContains(client.get(line), "/ssi/my/?a=…")
    for there in (line, reverse("messaging:message-list")):
        assertNotContains(client.get(there), token_of(link))
