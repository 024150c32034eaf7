"""Two at one moment: a survey is begun once, and answered once (SSI-03)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import transaction

from apps.core.errors import Refused
from apps.desk import invariants
from apps.ssi.actions import links, responses
from apps.ssi.actions.links import answer_by_link, send_link
from apps.ssi.actions.responses import finish, start
from apps.ssi.actions.scoring import Given
from apps.ssi.models import Response, SurveyLink
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW
from tests.ssi.asked import a_held_call, a_survey_call, asked_through, questions_of

pytestmark = pytest.mark.django_db(transaction=True)


def answers(link, value):
    link = SurveyLink.objects.select_related("response").get(pk=link.pk)
    given = {question.pk: Given(value) for question in questions_of(link.response)}
    return link, given


def two_answers(store, specialist):
    """The first is not committed yet when the second comes."""
    link = send_link(a_survey_call(store), by=specialist, now=NOW)
    first, second = answers(link, 9), answers(link, 2)

    def from_another_phone():
        try:
            answer_by_link(*second, {}, complaint="", remark="", now=NOW)
        except Refused as refusal:
            return refusal
        return "counted"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            answer_by_link(*first, {}, complaint="", remark="", now=NOW)
            answer = pool.submit(closing, from_another_phone)
            wait_until_someone_waits_for_a_lock()
        return answer.result()


def test_of_two_answers_by_one_link_the_first_counts(store, specialist):
    assert isinstance(two_answers(store, specialist), Refused)
    assert Response.objects.get().score == Decimal("900.00")
    assert invariants.broken() == {}


def test_control_without_the_locks_the_second_overwrites_the_first(store, specialist, monkeypatch):
    monkeypatch.setattr(links, "locked", lambda row: row)

    assert two_answers(store, specialist) == "counted"
    assert Response.objects.get().score == Decimal("200.00")


def begun_twice(store, specialist):
    call = a_held_call(store, specialist)

    def in_another_tab():
        return start(call, by=specialist, now=NOW).pk

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = start(call, by=specialist, now=NOW).pk
            answer = pool.submit(closing, in_another_tab)
            wait_until_someone_waits_for_a_lock()
        return first, answer.result()


def test_begun_in_two_tabs_it_is_one_survey(store, specialist):
    first, second = begun_twice(store, specialist)

    assert first == second == Response.objects.get().pk


def test_control_without_the_lock_the_second_tab_meets_the_unique_key(
    store, specialist, monkeypatch
):
    monkeypatch.setattr(responses, "locked", lambda row: row)

    with pytest.raises(Exception, match="ssi_response"):
        begun_twice(store, specialist)


def test_finished_while_the_customer_answers_one_of_them_counts(store, specialist):
    call = a_held_call(store, specialist)
    asked_through(call, specialist, 9)
    link = send_link(call, by=specialist, now=NOW)
    his = answers(link, 2)

    def on_his_phone():
        try:
            answer_by_link(*his, {}, complaint="", remark="", now=NOW)
        except Refused as refusal:
            return refusal
        return "counted"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            finish(call, by=specialist, now=NOW)
            answer = pool.submit(closing, on_his_phone)
            wait_until_someone_waits_for_a_lock()
        assert isinstance(answer.result(), Refused)
    response = Response.objects.get()
    assert (response.score, response.interviewer) == (Decimal("900.00"), specialist)
