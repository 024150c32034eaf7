"""From the figures of the 1st to the general manager's approval (REP-06, REP-08, REP-09)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from apps.accounts.choices import Role
from apps.accounts.models import Store
from apps.core.errors import Refused
from apps.desk import invariants
from apps.reports.actions import steps, writing
from apps.reports.actions.targets import set_target
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget, MonthlyReport, ReportAction, ReportFigure
from apps.reports.queries import reading
from tests import factories
from tests.concurrency import closing
from tests.reports.months import (
    DAY,
    FIRST_OF_DECEMBER,
    NOVEMBER,
    a_contract,
    at,
    make_rows,
)

pytestmark = pytest.mark.django_db
NOW = FIRST_OF_DECEMBER
WORDS = {"analysis": "雨天多", "plan": "提前三天邀约", "focus": "首保"}


@pytest.fixture
def people(store):
    return {
        "specialist": factories.make_user("specialist", store, Role.CARE_SPECIALIST),
        "manager": factories.make_user("care_m", store, Role.CARE_MANAGER),
        "general": factories.make_user("general", store, Role.GENERAL_MANAGER),
    }


@pytest.fixture
def report(store, other_store):
    """November with 66.67 % of insurance, for which 70 are asked."""
    FigureTarget.objects.create(
        store=store, figure=Figure.INSURANCE, effective_from="2026-01-01", target=70
    )
    FigureTarget.objects.create(
        store=other_store, figure=Figure.LOANS, effective_from="2026-01-01", target=99
    )
    make_rows(Figure.INSURANCE, store, other_store)
    return writing.write_report(store, NOVEMBER, now=NOW)


def explained(report):
    steps.note_action(report, Figure.INSURANCE, cause="没有报价", action="每台车报价")
    return report


def submitted(report, people):
    return steps.submit_report(explained(report), by=people["specialist"], now=NOW)


def reviewed(report, people):
    return steps.review_report(submitted(report, people), **WORDS, by=people["manager"], now=NOW)


def of(report, figure):
    return report.figures.get(figure=figure, month=report.month)


def test_a_report_holds_each_figure_with_its_rows_and_target(store, report):
    row = of(report, Figure.INSURANCE)
    assert (row.n, row.of, row.value, row.target) == (2, 3, Decimal("66.67"), 70)
    assert row.is_final
    assert len(row.counted) == 2
    assert set(row.counted) < set(row.whole)
    assert row.digest == reading.digest_of(row.counted, row.whole)
    assert of(report, Figure.LOANS).target is None
    assert set(report.figures.values_list("figure", flat=True)) == set(Figure.values)
    assert reading.short_of(report.figures.all()) == ["insurance"]


def test_a_draft_is_counted_anew_and_what_was_submitted_never(store, report, people):
    a_contract(store)
    writing.write_report(store, NOVEMBER, now=NOW)
    assert of(report, Figure.INSURANCE).of == 4
    submitted(report, people)
    a_contract(store)

    with pytest.raises(Refused):
        writing.write_report(store, NOVEMBER, now=NOW)
    for change in (
        lambda: ReportFigure.objects.filter(report=report).update(n=99),
        lambda: ReportFigure.objects.filter(report=report).delete(),
        lambda: ReportFigure.objects.create(
            **{"store": store, "report": report, "figure": "ssi", "month": date(2020, 1, 1)},
            **{"n": 0, "of": 0, "digest": "", "is_final": True},
        ),
    ):
        with pytest.raises(DatabaseError, match="submitted"), transaction.atomic():
            change()
    assert of(report, Figure.INSURANCE).of == 4
    assert MonthlyReport.objects.count() == 1


def test_a_month_that_is_not_over_has_no_report(store):
    with pytest.raises(Refused):
        writing.write_report(store, NOVEMBER, now=at(date(2026, 11, 30), 23))
    assert not MonthlyReport.objects.exists()


def test_what_is_short_needs_a_cause_and_an_action(report, people):
    with pytest.raises(Refused, match="保险"):
        steps.submit_report(report, by=people["specialist"], now=NOW)
    with pytest.raises(Refused):
        steps.note_action(report, Figure.INSURANCE, cause=" ", action="x")
    report.refresh_from_db()
    assert (report.status, report.submitted_by, report.actions.count()) == ("draft", None, 0)

    submitted(report, people)
    report.refresh_from_db()
    assert (report.status, report.submitted_by) == ("submitted", people["specialist"])


def test_a_figure_exactly_on_its_target_is_not_short_and_churn_is_better_when_lower():
    assert not reading.is_short(Figure.LOANS, Decimal("70.00"), Decimal("70.00"))
    assert reading.is_short(Figure.LOANS, Decimal("69.99"), Decimal("70.00"))
    assert not reading.is_short(Figure.CHURN, Decimal("10.00"), Decimal("10.00"))
    assert reading.is_short(Figure.CHURN, Decimal("10.01"), Decimal("10.00"))
    assert not reading.is_short(Figure.LOANS, None, Decimal(70))
    assert not reading.is_short(Figure.LOANS, Decimal(1), None)


def test_reviewed_sent_back_reviewed_again_and_approved(report, people):
    reviewed(report, people)
    steps.send_back_report(report, reason="计划太空", by=people["general"], now=NOW)
    report.refresh_from_db()
    assert (report.status, report.sent_back_why) == ("sent_back", "计划太空")

    steps.review_report(report, **WORDS | {"plan": "两周内"}, by=people["manager"], now=NOW)
    steps.approve_report(report, by=people["general"], now=NOW)

    report.refresh_from_db()
    assert (report.status, report.plan, report.focus) == ("approved", "两周内", "首保")
    assert (report.reviewed_by, report.decided_by) == (people["manager"], people["general"])


def test_nobody_takes_the_next_step_on_his_own(report, people):
    steps.submit_report(explained(report), by=people["manager"], now=NOW)
    with pytest.raises(Refused):
        steps.review_report(report, **WORDS, by=people["manager"], now=NOW)
    report.refresh_from_db()
    assert (report.status, report.analysis) == ("submitted", "")

    steps.review_report(report, **WORDS, by=people["specialist"], now=NOW)
    for by in (people["manager"], people["specialist"]):
        with pytest.raises(Refused):
            steps.approve_report(report, by=by, now=NOW)
        with pytest.raises(Refused):
            steps.send_back_report(report, reason="x", by=by, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.decided_by) == ("reviewed", None)


@pytest.mark.parametrize("missing", WORDS)
def test_a_review_says_all_three(report, people, missing):
    submitted(report, people)
    with pytest.raises(Refused):
        steps.review_report(report, **WORDS | {missing: " "}, by=people["manager"], now=NOW)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_it_is_not_sent_back_without_a_reason_nor_approved_before_its_review(report, people):
    submitted(report, people)
    with pytest.raises(Refused):
        steps.approve_report(report, by=people["general"], now=NOW)
    steps.review_report(report, **WORDS, by=people["manager"], now=NOW)
    with pytest.raises(Refused):
        steps.send_back_report(report, reason=" ", by=people["general"], now=NOW)
    report.refresh_from_db()
    assert (report.status, report.sent_back_why) == ("reviewed", "")


def test_an_approved_report_refuses_every_change_but_what_came_of_its_actions(report, people):
    steps.approve_report(reviewed(report, people), by=people["general"], now=NOW)
    todo = report.actions.get()

    with pytest.raises(Refused):
        explained(report)
    with pytest.raises(Refused):
        steps.send_back_report(report, reason="x", by=people["general"], now=NOW)
    rows = ReportAction.objects.filter(report=report)
    for change in (
        lambda: MonthlyReport.objects.filter(pk=report.pk).update(plan="x"),
        lambda: MonthlyReport.objects.filter(pk=report.pk).delete(),
        lambda: rows.update(action="x"),
        lambda: rows.delete(),
        lambda: ReportFigure.objects.filter(report=report).update(value=100),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    steps.note_outcome(todo, outcome="报价率 100%", now=NOW)

    todo.refresh_from_db()
    assert (todo.action, todo.outcome, todo.outcome_at) == ("每台车报价", "报价率 100%", NOW)


def test_the_next_report_opens_with_the_actions_of_the_last(store, report, people):
    submitted(report, people)
    december = writing.write_report(store, date(2026, 12, 1), now=at(date(2027, 1, 1)))

    assert [row.action for row in reading.last_actions(december)] == ["每台车报价"]
    assert not reading.last_actions(report)


@pytest.fixture
def long_open(store, other_store):
    Store.objects.update(opened_on=date(2026, 11, 30))  # in the month that is reported


def test_a_store_has_no_report_of_a_month_before_it_worked_here(store, other_store, long_open):
    Store.objects.filter(pk=store.pk).update(opened_on=date(2026, 12, 1))

    assert writing.write_reports(now=NOW) == 1
    assert MonthlyReport.objects.get().store == other_store
    assert writing.write_reports(now=at(date(2027, 1, 1))) == 3  # December of both, one draft
    assert [row.month for row in MonthlyReport.objects.filter(store=store)] == [date(2026, 12, 1)]


def test_the_clock_writes_last_month_once_and_drafts_anew_each_day(
    store, other_store, people, long_open
):
    assert writing.write_reports(now=NOW) == 2
    assert writing.write_reports(now=NOW) == 0
    report = MonthlyReport.objects.get(store=store)
    assert (report.month, report.written_at) == (NOVEMBER, NOW)
    steps.submit_report(report, by=people["specialist"], now=NOW)

    assert writing.write_reports(now=NOW + DAY) == 1  # the other store's draft
    report.refresh_from_db()
    assert report.written_at == NOW
    assert writing.write_reports(now=at(date(2027, 2, 1))) == 5  # two months of both, one draft
    assert MonthlyReport.objects.filter(store=store).count() == 3


def test_the_1st_is_in_time_and_each_day_after_it_late(report, people):
    assert reading.days_late(report, date(2026, 12, 1)) == 0
    assert reading.days_late(report, date(2026, 12, 3)) == 2
    steps.submit_report(explained(report), by=people["specialist"], now=NOW + 4 * DAY)
    report.refresh_from_db()
    assert reading.days_late(report, date(2027, 5, 1)) == 4


def test_a_target_holds_from_a_coming_day(store, other_store):
    set_target(store, "loans", Decimal(40), effective_from=date(2026, 12, 2), now=NOW)

    assert reading.targets_of(store, date(2026, 12, 1)) == {}
    assert reading.targets_of(store, date(2026, 12, 2)) == {"loans": 40}
    assert reading.targets_of(other_store, date(2026, 12, 2)) == {}
    for day in (date(2026, 12, 1), date(2026, 12, 2)):
        with pytest.raises(Refused):
            set_target(store, "loans", Decimal(50), effective_from=day, now=NOW)
    assert [row.target for row in FigureTarget.objects.filter(store=store)] == [40]


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_write_one_report(store):
    Store.objects.update(opened_on=date(2026, 11, 30))
    with ThreadPoolExecutor(4) as pool:
        for run in [pool.submit(closing, writing.write_reports, now=NOW) for _ in range(4)]:
            run.result()

    report = MonthlyReport.objects.get()
    assert report.figures.count() == len(set(report.figures.values_list("figure", "month")))
    assert set(report.figures.values_list("figure", flat=True)) == set(Figure.values)


def test_a_submitted_figure_that_is_not_its_rows_is_named(store, report, people):
    submitted(report, people)
    assert invariants.no_figure_without_its_rows() == []
    row = of(report, Figure.INSURANCE)

    for wrong in ({"n": 3}, {"value": 70}, {"counted": [*row.counted, 1]}, {"digest": "x"}):
        with pgtrigger.ignore("reports.ReportFigure:submitted"), transaction.atomic():
            ReportFigure.objects.filter(pk=row.pk).update(**wrong)
            broken = invariants.no_figure_without_its_rows()
            transaction.set_rollback(True)
        assert broken == [{"report": report.pk, "figure": "insurance", "row": row.pk}]


def test_a_report_waits_for_whose_step_is_next(report, people, stranger):
    def waits():
        return [name for name, one in people.items() if reading.waiting_for(one).exists()]

    assert waits() == ["specialist", "manager"]
    submitted(report, people)
    assert waits() == ["manager"]
    steps.review_report(report, **WORDS, by=people["manager"], now=NOW)
    assert waits() == ["general"]
    assert not reading.waiting_for(stranger).exists()


def test_one_that_was_submitted_meanwhile_does_not_hold_up_the_others(
    store, other_store, people, monkeypatch, long_open
):
    writing.write_reports(now=NOW)
    whole = writing.write_report

    def slow(of, month, *, now):
        if of == store:
            submit = MonthlyReport.objects.get(store=store)
            steps.submit_report(submit, by=people["specialist"], now=now)
        return whole(of, month, now=now)

    monkeypatch.setattr(writing, "write_report", slow)

    assert writing.write_reports(now=NOW + DAY) == 1
    assert MonthlyReport.objects.get(store=other_store).written_at == NOW + DAY
    assert MonthlyReport.objects.get(store=store).written_at == NOW
