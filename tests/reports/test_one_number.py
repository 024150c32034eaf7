"""The same number wherever it is read: on the page where the work is done, among the rows, in the
month's report and its file, and in the evidence of a proposal (REP-08)."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.penalties.actions.detect import detect
from apps.penalties.choices import Clause
from apps.penalties.models import Penalty
from apps.reports.actions.writing import write_report
from apps.reports.choices import Figure
from tests.desk.test_exports import export, rows_of
from tests.factories import SHANGHAI, make_user
from tests.reports.archive import draw, place, save
from tests.reports.recount import half_up, recount

pytestmark = pytest.mark.django_db
NOVEMBER, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOW = datetime(2026, 12, 1, 8, tzinfo=SHANGHAI)
MONTH = {"month": "2026-11"}


@pytest.fixture
def archive(store, other_store, specialist):
    """November of two stores; one specialist answers for every call of the first."""
    found = draw(20261130, NOVEMBER, NOW)
    with time_machine.travel(NOW, tick=False):
        save(found, place(store), place(other_store))
        Call.objects.filter(store=store).update(owner=specialist)
        yield found


@pytest.fixture
def general(client, store, archive):
    client.force_login(make_user("general", store, Role.GENERAL_MANAGER))
    return client


@pytest.fixture
def by_hand(archive):
    """Figure → (counted, of, value)."""
    return {
        Figure(name): (len(one.hits), len(one.whole), one.value)
        for name, one in recount(archive).items()
    }


def test_the_pages_of_the_work_show_the_figures_of_the_month(general, archive, by_hand):
    def on(name, **asked):
        return general.get(reverse(name), MONTH | asked).context

    analysis = on("care:analysis", period="month", on="2026-11-15")["sheet"]
    shown = {}
    for one, reminded, returned in zip(
        analysis.kinds,
        (Figure.FIRST_REMINDED, Figure.MAINTENANCE_REMINDED),
        (Figure.FIRST_RETURN, Figure.MAINTENANCE_RETURN),
        strict=True,
    ):
        shown[reminded] = (one.reminded[-1].n, one.reminded[-1].of)
        shown[returned] = (one.returned[-1].n, one.returned[-1].of)
    rates = dict(on("care:churn")["rates"])
    shown[Figure.CHURN] = (rates[LAST].n, rates[LAST].of)
    sold = on("reception:penetration")["whole"]
    along = {"insurance": Figure.INSURANCE, "loan": Figure.LOANS, "accessories": Figure.ACCESSORIES}
    for what, figure in along.items():
        shown[figure] = (sold.along[what], sold.cars)
    dsm = on("delivery:dsm-months")["whole"]
    shown[Figure.DSM_IN_TIME] = (dsm.in_time, dsm.in_time + dsm.late + dsm.incomplete)
    index = on("ssi:scores")["sheet"].index.now
    shown[Figure.SSI] = (index.n, index.n)

    assert shown == {figure: by_hand[figure][:2] for figure in shown}
    assert half_up(Fraction(index.total) / index.n) == by_hand[Figure.SSI][2]
    # the workshop's two stand on no page of their own but in the figures
    assert set(Figure) - set(shown) == {Figure.APPOINTMENTS, Figure.SHOW_UP}


def test_the_rows_and_their_file_are_as_many(general, by_hand):
    for figure, (n, of, _value) in by_hand.items():
        asked = MONTH | {"figure": figure}
        page = general.get(reverse("reports:rows"), asked).context["asked"]
        assert (page.n, page.of) == (n, of), figure
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        for what, rows in (("counted", n), ("all", of)):
            answer = export(general, "reports:rows", query=f"{query}&what={what}")
            assert len(rows_of(answer)) == 1 + rows, figure


def test_the_report_and_its_file_say_the_same(general, store, by_hand):
    report = write_report(store, NOVEMBER, now=NOW)

    page = general.get(reverse("reports:report", args=[report.pk]))
    rows = [line.row for line, *_words in page.context["lines"] if line.row.month == NOVEMBER]
    assert {Figure(row.figure): (row.n, row.of, row.value) for row in rows} == by_hand

    _heading, *lines = rows_of(export(general, "reports:list", query=f"report={report.pk}"))
    labels = {str(figure.label): figure for figure in Figure}
    filed = {
        labels[line[2]]: (int(line[7]), int(line[8]), Decimal(line[5]))
        for line in lines
        if line[3] == "2026-11"
    }
    assert filed == by_hand


def test_the_evidence_of_proposals_says_the_same(store, specialist, archive, by_hand):
    detect(first=NOVEMBER, last=LAST, now=NOW, stores=[store])

    reminded, due, value = by_hand[Figure.FIRST_REMINDED]
    assert due >= 10 and value < 95
    rate = Penalty.objects.get(clause=Clause.FIRST_RATE)
    assert (rate.evidence["reminded"], rate.evidence["due"]) == (reminded, due)
    assert len(rate.evidence["calls"]) == due - reminded
    reminded, due, _value = by_hand[Figure.MAINTENANCE_REMINDED]
    missed = Penalty.objects.filter(clause=Clause.REMINDER, evidence__kind=CallKind.MAINTENANCE)
    assert missed.count() == due - reminded > 0
    in_time, decided, _value = by_hand[Figure.DSM_IN_TIME]
    assert Penalty.objects.filter(clause=Clause.DSM_LATE).count() == decided - in_time > 0
