"""The general manager's five minutes: what waits, what is short, what is late (REP-07)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.reports.actions import steps, writing
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget
from tests import factories
from tests.complaints.pages import a_response
from tests.penalties.pages_life import a_proposal
from tests.reports.months import (
    FIRST_OF_DECEMBER,
    NOVEMBER,
    a_contract,
    make_rows,
)
from tests.service.workshop import make_appointment
from tests.ssi.made import finished_response

pytestmark = pytest.mark.django_db
NOW = FIRST_OF_DECEMBER
DECEMBER, OCTOBER = date(2026, 12, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss(client, store):
    user = factories.make_user("boss", store, Role.GENERAL_MANAGER)
    client.force_login(user)
    return user


def before_the_boss(store, month):
    """A report that was submitted and reviewed."""
    number = f"{store.code}{month}"
    specialist = factories.make_user(f"s{number}", store, Role.CARE_SPECIALIST)
    report = writing.write_report(store, month, now=NOW)
    for figure in ("insurance", "churn"):
        steps.note_action(report, figure, cause="x", action="y")
    report = steps.submit_report(report, by=specialist, now=NOW)
    manager = factories.make_user(f"m{number}", store, Role.CARE_MANAGER)
    return steps.review_report(report, analysis="a", plan="p", focus="f", by=manager, now=NOW)


def everything_of(store, clock="10:00"):
    a_proposal(store, status="appealed", appealed_at=NOW)
    of_manager = factories.make_user(f"cm{clock}{store.code}", store, Role.CARE_MANAGER)
    a_proposal(store, person=of_manager, status="explained", explained_at=NOW)
    a_proposal(store, status="explained", explained_at=NOW)  # the care manager's to decide
    a_response(store)  # late since the 23rd
    factories.make_call(store, due_on=date(2026, 11, 30))
    factories.make_call(store, due_on=DECEMBER)
    finished_response(store, 5, on=DECEMBER)
    finished_response(store, 9, on=DECEMBER)
    finished_response(store, 5, on=date(2026, 11, 30))
    make_appointment(store, clock, on=DECEMBER, now=NOW)


def page_of(client):
    return client.get(reverse("reports:five"))


def test_nothing_waits_and_nothing_is_short(client, store, boss):
    page = page_of(client)

    five = page.context["five"]
    assert (five.waiting, five.waits, five.low, five.has_targets) == ([], 0, [], False)
    assert [one.number for one in (*five.late, *five.today)] == [0] * 8
    assertContains(page, "empty-title")
    assertContains(page, reverse("reports:targets"))


def test_what_waits_for_the_general_manager(client, store, other_store, boss):
    for each in (store, other_store):
        everything_of(each)
    old, new = before_the_boss(store, OCTOBER), before_the_boss(store, NOVEMBER)
    before_the_boss(other_store, NOVEMBER)
    writing.write_report(store, date(2026, 9, 1), now=NOW)  # a draft waits for somebody else

    page = page_of(client)

    five = page.context["five"]
    assert [one.number for one in five.waiting] == [2, 1, 1, 1]
    reports, appeals, others, responses = five.waiting
    assert [(item.url, item.late) for item in reports.items] == [
        (reverse("reports:report", args=[old.pk]), True),
        (reverse("reports:report", args=[new.pk]), False),
    ]
    assert five.waits == 5
    assert (appeals.url, others.url) == (reverse("penalties:decisions"),) * 2
    assert responses.items[0].late
    for one in five.waiting:
        assertContains(page, one.url)
        for item in one.items:
            assert client.get(item.url).status_code == 200


def test_each_number_is_that_of_the_page_behind_it(client, store, other_store, boss):
    for each in (store, other_store):
        everything_of(each)

    five = page_of(client).context["five"]

    assert [one.number for one in five.late] == [1, 1, 0, 0]
    assert [one.number for one in five.today] == [0, 1, 0, 1]
    for one in (*five.late, *five.today):
        assert client.get(one.url).status_code == 200
    assert len(client.get(five.late[0].url).context["rows"]) == 1
    assert {(one.low, one.of) for one in five.low} == {(1, 2)}
    assert len(client.get(five.low[0].url).context["rows"]) == 1


def test_what_is_short_this_month_and_last(client, store, other_store, boss):
    for each, value in ((store, 70), (other_store, 99)):
        FigureTarget.objects.create(
            store=each, figure=Figure.INSURANCE, effective_from="2026-01-01", target=value
        )
        FigureTarget.objects.create(
            store=each, figure=Figure.CHURN, effective_from="2026-01-01", target=100
        )
    make_rows(Figure.INSURANCE, store, other_store)
    a_contract(store, on=DECEMBER, insurance_amount=Decimal(1))

    page = page_of(client)

    [(this, now_short), (last, then_short)] = page.context["five"].short
    assert (this, now_short, last) == (DECEMBER, [], NOVEMBER)
    assert [(c.figure, c.value, c.target) for c in then_short] == [
        (Figure.INSURANCE, Decimal("66.67"), 70)
    ]
    assertContains(page, "month=2026-11")
    assertNotContains(page, "month=2026-10")


@pytest.mark.parametrize("times", [1, 3])
def test_rows_cost_no_queries_of_their_own(client, store, boss, times, django_assert_num_queries):
    FigureTarget.objects.create(
        store=store, figure=Figure.INSURANCE, effective_from="2026-01-01", target=70
    )
    for clock in ("10:00", "14:00", "16:00")[:times]:
        everything_of(store, clock)
    for month in (NOVEMBER, OCTOBER, date(2026, 9, 1))[:times]:
        before_the_boss(store, month)
    page_of(client)
    with django_assert_num_queries(39):
        page_of(client)
