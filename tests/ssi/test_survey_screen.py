"""The survey screen: question after question by keyboard, at no more than six queries (SSI-03)."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.care.choices import CallStatus
from apps.care.models import Attempt
from apps.complaints.models import QuickResponse
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Answer, Response, StandardAnswer, SurveyStandard
from tests.factories import NOW
from tests.ssi.asked import a_held_call, questions_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call(store, other_store, specialist):
    a_held_call(other_store)
    return a_held_call(store, specialist)


@pytest.fixture
def page(client, specialist):
    client.force_login(specialist)
    return client


@pytest.fixture
def begun(page, call):
    page.post(reverse("ssi:survey-start", args=[call.pk]))
    return Response.objects.get(call=call)


def url(name, call, *more):
    return reverse(f"ssi:{name}", args=[call.pk, *more])


def press(page, call, question, value, **data):
    there = url("survey-answer", call, question.pk)
    return page.post(there, {"value": value} | data, **HTMX)


def test_the_call_screen_leads_to_the_survey_and_the_survey_back(page, call):
    assertContains(page.get(reverse("care:call", args=[call.pk])), url("survey-start", call))

    assertRedirects(page.post(url("survey-start", call)), url("survey", call))

    shown = page.get(url("survey", call))
    assertContains(shown, call.customer.main_phone)
    assertContains(shown, url("survey-verify", call))
    assertContains(page.get(reverse("care:call", args=[call.pk])), "继续问卷", count=0)


def test_each_key_keeps_an_answer_and_shows_the_next_question(page, call, begun):
    [first, second, *_others] = questions_of(begun)
    page.post(url("survey-verify", call), {"all": "yes"})

    shown = press(page, call, first, "10")

    assertContains(shown, second.text)
    assertNotContains(shown, "<html")
    press(page, call, second, "na")
    assert list(Answer.objects.order_by("pk").values_list("value", flat=True)) == [10, None]
    begun.refresh_from_db()
    assert (begun.name_right, begun.phone_right, begun.car_right) == (True, True, True)


def test_an_answer_costs_no_more_than_six_queries(page, call, begun):
    questions = questions_of(begun)
    press(page, call, questions[0], "9")

    with CaptureQueriesContext(connection) as spent:
        press(page, call, questions[1], "9")

    asked = [q["sql"] for q in spent if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 6, asked


def test_a_low_answer_waits_for_a_word_and_is_kept_with_it(page, call, begun):
    [first, second, *_others] = questions_of(begun)

    waits = press(page, call, first, "4")

    assertContains(waits, 'name="word"', status_code=422)
    assertContains(waits, first.text, status_code=422)
    assert not Answer.objects.exists()
    assertContains(press(page, call, first, "4", word="等太久"), second.text)
    answer = Answer.objects.get()
    assert (answer.value, answer.word) == (4, "等太久")


def test_the_survey_opens_where_it_was_broken_off(page, call, begun):
    page.post(url("survey-verify", call), {"name": "yes", "phone": "no"})
    [first, second, *_others] = questions_of(begun)
    press(page, call, first, "9")

    assertContains(page.get(url("survey", call)), url("survey-answer", call, second.pk))
    assertContains(
        page.get(url("survey", call), {"step": first.pk}), url("survey-answer", call, first.pk)
    )
    begun.refresh_from_db()
    assert (begun.name_right, begun.phone_right, begun.car_right) == (True, False, None)


def test_without_javascript_an_answer_leads_to_the_next_question(page, call, begun):
    [first, second, *_others] = questions_of(begun)
    there = url("survey-answer", call, first.pk)

    assertRedirects(page.post(there, {"value": "9"}), f"{url('survey', call)}?step={second.pk}")


@pytest.mark.parametrize("value", ["0", "11", "999", "ten", ""])
def test_nonsense_is_refused(page, call, begun, value):
    assert press(page, call, questions_of(begun)[0], value).status_code == 409
    assert not Answer.objects.exists()


def test_standards_and_the_end(page, call, store, begun):
    questions = questions_of(begun)
    for question in questions[:-1]:
        press(page, call, question, "9")
    early = page.post(url("survey-finish", call), {"complaint": "贴膜起泡"})
    assertContains(early, "贴膜起泡", status_code=409)
    assertContains(early, questions[-1].text, status_code=409)
    assertContains(press(page, call, questions[-1], "9"), url("survey-standards", call))
    [standard, *_others] = SurveyStandard.objects.filter(model=begun.model)
    page.post(url("survey-standards", call), {f"s{standard.pk}": "no"})
    assert StandardAnswer.objects.get().kept is False

    end = page.get(url("survey", call), {"step": "end"})
    assertContains(end, "不引导客户打分")
    said = {"complaint": "贴膜起泡", "remark": "周末再联系", "ticks": ["0", "2"]}
    done = page.post(url("survey-finish", call), said)

    assertRedirects(done, reverse("care:call", args=[call.pk]))
    begun.refresh_from_db()
    call.refresh_from_db()
    assert (begun.status, begun.complaint) == (ResponseStatus.DONE, "贴膜起泡")
    assert Attempt.objects.get(call=call).ticks == [0, 2]
    assert (begun.remark, call.status) == ("周末再联系", CallStatus.REACHED)
    assert QuickResponse.objects.get(store=store).text == "贴膜起泡"
    assertRedirects(page.get(url("survey", call)), reverse("care:call", args=[call.pk]))


def test_another_can_neither_read_nor_answer_it(client, call, begun, other_specialist, stranger):
    [first, *_others] = questions_of(begun)
    client.force_login(other_specialist)
    assertRedirects(
        client.get(url("survey", call)),
        reverse("care:call", args=[call.pk]),
        fetch_redirect_response=False,
    )
    assert press(client, call, first, "9").status_code == 409
    client.force_login(stranger)
    assert client.get(url("survey", call)).status_code == 404
    assert press(client, call, first, "9").status_code == 404
    assert not Answer.objects.exists()
