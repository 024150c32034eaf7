"""The pages of the month reports: figures with their rows, steps, targets (REP-06…09)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.reports.actions import steps, writing
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget, MonthlyReport
from tests import factories
from tests.desk.test_exports import export, rows_of
from tests.reports.months import DAY, FIRST_OF_DECEMBER, NOVEMBER, a_contract, make_rows

pytestmark = pytest.mark.django_db
NOW = FIRST_OF_DECEMBER


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(store):
    return {
        "specialist": factories.make_user("specialist", store, Role.CARE_SPECIALIST),
        "manager": factories.make_user("care_m", store, Role.CARE_MANAGER),
        "general": factories.make_user("general", store, Role.GENERAL_MANAGER),
    }


@pytest.fixture
def report(store, other_store):
    for each in (store, other_store):
        FigureTarget.objects.create(
            store=each, figure=Figure.INSURANCE, effective_from="2026-01-01", target=70
        )
    make_rows(Figure.INSURANCE, store, other_store)
    writing.write_report(other_store, NOVEMBER, now=NOW)
    return writing.write_report(store, NOVEMBER, now=NOW)


def url(name, *args):
    return reverse(f"reports:{name}", args=args)


def test_from_the_first_cause_to_the_approval_by_pages(client, report, people):
    page = url("report", report.pk)
    client.force_login(people["specialist"])
    refused = client.post(url("submit", report.pk))
    assert refused.status_code == 409
    action = url("action", report.pk, "insurance")
    assert client.post(action, {"cause": "", "action": "x"}).status_code == 422
    typed = {"cause": "没有报价", "action": "每台车报价", "owner": people["specialist"].pk}
    assertRedirects(client.post(action, typed | {"due_on": "2026-12-15"}), page)
    assertContains(client.get(page), "每台车报价")
    assertRedirects(client.post(url("submit", report.pk)), page)
    assert client.post(url("count", report.pk)).status_code == 409

    client.force_login(people["manager"])
    review = url("review", report.pk)
    assert client.post(review, {"analysis": "a", "plan": "", "focus": "f"}).status_code == 422
    said = {"analysis": "雨天多", "plan": "提前邀约", "focus": "首保"}
    assertRedirects(client.post(review, said), page)

    client.force_login(people["general"])
    assertRedirects(client.post(url("send-back", report.pk), {"reason": "太空"}), page)
    assertContains(client.get(page), "太空")
    client.force_login(people["manager"])
    assertContains(client.get(review), "提前邀约")
    assertRedirects(client.post(review, said | {"plan": "两周内"}), page)
    client.force_login(people["general"])
    assertRedirects(client.post(url("approve", report.pk)), page)
    assertContains(client.get(page), "两周内")
    assert client.post(url("send-back", report.pk), {"reason": "x"}).status_code == 409
    report.refresh_from_db()
    assert (report.status, report.plan, report.decided_by) == (
        *("approved", "两周内"),
        people["general"],
    )


def test_the_rows_of_a_figure_are_those_that_were_counted(client, store, report, people):
    client.force_login(people["manager"])
    row = report.figures.get(figure="insurance")
    steps.note_action(report, "insurance", cause="x", action="y")
    steps.submit_report(report, by=people["specialist"], now=NOW)
    a_contract(store, insurance_amount=1)  # afterwards

    def shown(**asked):
        return {one.pk for one in client.get(url("rows"), asked).context["rows"]}

    assertContains(client.get(url("report", report.pk)), f"?of={row.pk}")
    assert shown(of=row.pk) == set(row.counted)
    assert shown(of=row.pk, what="all") == set(row.whole)
    assert shown(of=row.pk, what="others") == set(row.whole) - set(row.counted)
    now = {"figure": "insurance", "month": "2026-11"}
    assert len(shown(**now)) == 3
    assert len(shown(**now, what="others")) == 1
    assert len(shown(**now, what="all")) == 4
    assert len(rows_of(export(client, "reports:rows", query=f"of={row.pk}"))) == 1 + 2


@pytest.mark.parametrize("figure", Figure)
def test_every_figure_shows_its_rows(client, store, other_store, people, figure):
    make_rows(figure, store, other_store)
    client.force_login(people["manager"])

    page = client.get(url("rows"), {"figure": figure, "month": "2026-11", "what": "all"})

    assert len(page.context["rows"]) == 3
    assert [row.pk for row in page.context["rows"] if not row.on] == []
    for row in page.context["rows"]:
        assertContains(page, str(row.car or row.customer))


def test_another_stores_report_and_rows_do_not_exist(client, report, people, other_store):
    theirs = MonthlyReport.objects.get(store=other_store)
    client.force_login(people["manager"])

    assert client.get(url("report", theirs.pk)).status_code == 404
    assert client.get(url("rows"), {"of": theirs.figures.first().pk}).status_code == 404
    asked = {"figure": "loans", "store": other_store.pk}
    assert client.get(url("rows"), asked).status_code == 404
    assert client.get(url("rows")).status_code == 404
    assert client.get(url("rows"), {"figure": "x"}).status_code == 404
    assert client.get(url("list"), {"store": other_store.pk}).status_code == 404


def test_the_list_tells_what_is_late(client, store, report, people):
    client.force_login(people["manager"])
    assert client.get(url("list")).context["rows"] == [(report, 0)]
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        client.force_login(people["manager"])
        page = client.get(url("list"))
        assert page.context["rows"] == [(report, 2)]
        assertContains(page, url("report", report.pk))


def test_an_empty_list_says_so(client, store, people):
    client.force_login(people["manager"])
    assertContains(client.get(url("list")), "empty-title")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(
    client, store, report, people, rows, django_assert_num_queries
):
    for back in range(1, rows):
        MonthlyReport.objects.create(store=store, month=date(2026, 11 - back, 1), written_at=NOW)
        steps.note_action(report, Figure.values[back], cause="x", action="y")
        a_contract(store, insurance_amount=1)
    client.force_login(people["manager"])
    behind = {"figure": "insurance", "month": "2026-11", "what": "all"}
    pages = [(url("list"), {}, 7), (url("report", report.pk), {}, 10), (url("rows"), behind, 9)]

    for page, asked, queries in pages:
        client.get(page, asked)
        with django_assert_num_queries(queries):
            client.get(page, asked)


def test_a_report_can_be_taken_out(client, store, report, people):
    client.force_login(people["manager"])

    heading, *lines = rows_of(export(client, "reports:list", query=f"report={report.pk}"))

    assert len(lines) == report.figures.count()
    insurance = next(line for line in lines if line[2] == str(Figure.INSURANCE.label))
    assert insurance[3:] == ["2026-11", insurance[4], "66.67", "70.0", "2", "3"]
    assert len(heading) == 9


def test_last_months_actions_come_first_and_take_their_outcome(client, store, report, people):
    steps.note_action(report, "insurance", cause="没有报价", action="每台车报价")
    december = writing.write_report(
        store, date(2026, 12, 1), now=factories.NOW.replace(year=2027, month=1, day=1)
    )
    todo = report.actions.get()
    client.force_login(people["specialist"])
    page = url("report", december.pk)
    assertContains(client.get(page), url("outcome", todo.pk))

    answer = client.post(f"{url('outcome', todo.pk)}?next={page}", {"outcome": "报价率 100%"})

    assertRedirects(answer, page)
    assertContains(client.get(page), "报价率 100%")


def test_targets_are_set_from_tomorrow_on(client, store, other_store, people):
    client.force_login(people["general"])
    FigureTarget.objects.create(
        store=other_store, figure="loans", effective_from="2026-01-01", target=99
    )
    typed = {"figure": "loans", "target": "40", "effective_from": "2026-12-02"}
    assertRedirects(client.post(url("target-new"), typed), url("targets"))
    assert client.post(url("target-new"), typed).status_code == 409
    too_much = typed | {"target": "101", "effective_from": "2026-12-03"}
    assert client.post(url("target-new"), too_much).status_code == 422
    today = typed | {"effective_from": "2026-12-01"}
    assert client.post(url("target-new"), today).status_code == 409

    page = client.get(url("targets"))

    [loans] = [line for line in page.context["lines"] if line["figure"] == "loans"]
    assert (loans["holds"], [row.target for row in loans["will"]]) == (None, [40])
    assertNotContains(page, "99.00")
