"""The day sheet, the list of responses, one response, and answers put right (SSI-03, SSI-10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.audit.models import Access
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.desk.exporting import LISTINGS
from apps.ssi.actions.responses import finish
from apps.ssi.choices import Mark, Round
from apps.ssi.models import Response
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.ssi.asked import YESTERDAY, a_delivery, a_held_call, a_survey_call, asked_through
from tests.ssi.made import finished_response, lost_purchase

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHEET, LIST = reverse("ssi:sheet"), reverse("ssi:responses")


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def buyer(store, name, **fields):
    return a_delivery(store, customer=make_customer(store, name), **fields)


def test_the_sheet_shows_who_was_delivered_to_yesterday_and_what_came_of_it(
    page, store, other_store, specialist
):
    a_survey_call(other_store, buyer(other_store, "外店客户"))
    asked, waits, none = (buyer(store, name, consultant="小王") for name in ("甲", "乙", "丙"))
    buyer(store, "今天提车", on=TODAY)
    buyer(store, "前天提车", on=YESTERDAY - DAY)
    call = a_held_call(store, specialist, delivery=asked)
    asked_through(call, specialist)
    finish(call, by=specialist, now=NOW)
    a_survey_call(store, waits)

    sheet = page.get(SHEET)

    for shown in ("甲", "乙", "丙", "小王", "900.00"):
        assertContains(sheet, shown)
    for hidden in ("外店客户", "今天提车", "前天提车"):
        assertNotContains(sheet, hidden)
    assertContains(sheet, reverse("ssi:response", args=[call.ssi_response.pk]))
    assert [none.customer.name] == [
        line.customer.name for line in sheet.context["lines"] if line.call is None
    ]
    assert (sheet.context["answered"], sheet.context["waiting"]) == (1, 1)


def test_todays_sheet_has_what_is_open_from_earlier_days_and_an_old_one_has_not(page, store):
    a_survey_call(store, buyer(store, "还没接通", on=YESTERDAY - 2 * DAY))

    assertContains(page.get(SHEET), "还没接通")
    assertNotContains(page.get(SHEET, {"on": YESTERDAY}), "还没接通")
    assertContains(page.get(SHEET, {"on": YESTERDAY - DAY}), "还没接通")


def test_the_second_round_and_lost_buyers_have_their_tabs(page, store):
    sold = buyer(store, "老客户", on=TODAY - 120 * DAY)
    a_survey_call(store, sold, kind=CallKind.SSI_SECOND)
    lost_purchase(store, customer=make_customer(store, "战败客户"), closed_at=NOW - DAY)

    second, lost = (page.get(SHEET, {"round": name}) for name in ("second", "lost"))

    assertContains(second, "老客户")
    assertNotContains(second, "战败客户")
    assertContains(lost, "战败客户")
    assertNotContains(page.get(SHEET), "战败客户")


def test_the_sheet_asks_the_same_of_the_database_for_one_and_three(page, store):
    def spent():
        with CaptureQueriesContext(connection) as queries:
            page.get(SHEET)
        return len(queries)

    a_survey_call(store, buyer(store, "甲"))
    spent()
    one = spent()
    for name in "乙丙":
        a_survey_call(store, buyer(store, name))
    assert spent() == one


def test_an_empty_sheet_says_so(page):
    assertContains(page.get(SHEET), "没有需要回访的客户")


def test_the_list_is_narrowed_by_each_of_its_filters(page, store, other_store, specialist):
    seller = make_user("seller", store, Role.SALES_CONSULTANT)
    finished_response(other_store)
    usual = finished_response(store, interviewer=specialist, consultant=seller)
    marked = finished_response(store, marks=[Mark.CHANGED], on=TODAY - 40 * DAY)
    lost = finished_response(store, round=Round.LOST)
    low = a_held_call(store, specialist)
    asked_through(low, specialist, 9, low={"deal": 3})
    finish(low, by=specialist, now=NOW)
    low = Response.objects.get(call=low)

    def listed(**asked):
        return {row.pk for row in page.get(LIST, asked).context["rows"]}

    assert listed() == {usual.pk, marked.pk, lost.pk, low.pk}
    assert listed(month="2026-10") == {marked.pk}
    assert listed(round="lost") == {lost.pk}
    assert listed(consultant=seller.pk) >= {usual.pk} and marked.pk not in listed(
        consultant=seller.pk
    )
    assert listed(interviewer=specialist.pk) == {usual.pk, low.pk}
    assert listed(interviewer="customer") == {marked.pk, lost.pk}
    assert listed(mark="changed") == listed(mark="any", month="2026-10") == {marked.pk}
    assert listed(low="on") == {low.pk}


def test_the_list_goes_page_by_page_at_the_same_cost(page, store):
    for n in range(52):
        finished_response(store, on=TODAY - n // 10 * DAY)

    first = page.get(LIST)
    second = page.get(LIST, {"after": first.context["next"]})

    shown = [row.pk for row in (*first.context["rows"], *second.context["rows"])]
    rows = Response.objects.filter(store=store).order_by("-on", "-pk")
    assert shown == list(rows.values_list("pk", flat=True))
    assert second.context["next"] is None


def test_a_response_shows_everything_and_the_look_is_noted(page, store, manager, specialist):
    call = a_held_call(store, specialist)
    asked_through(call, specialist, 9, low={"delivery": 4})
    finish(call, complaint="贴膜起泡", by=specialist, now=NOW + timedelta(minutes=8))
    response = Response.objects.get(call=call)

    shown = page.get(reverse("ssi:response", args=[response.pk]))

    for text in ("贴膜起泡", "太慢", "790.00", response.customer.name, "published"):
        assertContains(shown, text, count=None if text != "published" else 0)
    assertContains(shown, reverse("ssi:response-correct", args=[response.pk]))
    assert Access.objects.filter(user=manager, object_pk=response.customer.pk).count() == 1


def test_answers_are_put_right_on_a_page_and_the_response_is_marked(page, store, specialist):
    call = a_held_call(store, specialist)
    asked_through(call, specialist, 9)
    finish(call, by=specialist, now=NOW + timedelta(minutes=8))
    response = Response.objects.get(call=call)
    there = reverse("ssi:response-correct", args=[response.pk])
    form = page.get(there).context["form"]
    data = {name: form[name].initial for name in form.fields}
    assert set(data.values()) == {"9"}
    assert page.post(there, data).status_code == 409
    first = next(iter(data))

    done = page.post(there, data | {first: "na"})

    assertRedirects(done, reverse("ssi:response", args=[response.pk]))
    response.refresh_from_db()
    assert (response.marks, response.score) == ([Mark.CHANGED], Decimal("900.00"))
    assert page.post(there, data | {first: "11"}).status_code == 422


def test_another_store_s_response_is_not_there(client, store, stranger):
    response = finished_response(store)
    client.force_login(stranger)

    for name in ("response", "response-correct"):
        assert client.get(reverse(f"ssi:{name}", args=[response.pk])).status_code == 404


def test_both_lists_can_be_taken_out(store, manager):
    finished_response(store)
    a_survey_call(store)

    for name in ("ssi:sheet", "ssi:responses"):
        lines = list(LISTINGS[name].lines(LISTINGS[name].rows(manager, {}, TODAY)))
        assert len(lines) == 2
    assert Call.objects.filter(store=store).count() == 1
