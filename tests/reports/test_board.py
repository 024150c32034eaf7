"""The managers' board: months with targets, frozen before live, by store, as a file (REP-07)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.core.dates import add_months
from apps.reports.actions import steps, writing
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget
from tests import factories
from tests.desk.test_exports import export, rows_of
from tests.reports.months import (
    FIRST_OF_DECEMBER,
    NOVEMBER,
    a_contract,
    a_sold_car,
    at,
    make_rows,
)

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


@pytest.fixture
def group(client, store, other_store):
    user = factories.make_user("group", store, Role.GROUP_MANAGER)
    user.reads.add(store, other_store)
    client.force_login(user)
    return user


def url(name="board"):
    return reverse(f"reports:{name}")


def target(store, figure, value, since="2026-01-01"):
    FigureTarget.objects.create(store=store, figure=figure, effective_from=since, target=value)


def submitted(store, month, by, now=NOW):
    report = writing.write_report(store, month, now=now)
    for figure in report.figures.values_list("figure", flat=True).distinct():
        steps.note_action(report, figure, cause="x", action="y")
    return steps.submit_report(report, by=by, now=now)


def lines_on(page):
    """Figure → its cells, the oldest first."""
    sections = page.context["sections"]
    return {line.figure: line.cells for one in sections for line, _words in one["lines"]}


def months_of_insurance(*stores):
    """October: one of two; November: two of three; December: none of one."""
    for each in stores:
        a_contract(each, on=date(2026, 10, 31), insurance_amount=Decimal(1))
        a_contract(each, on=OCTOBER)
    make_rows(Figure.INSURANCE, *stores)
    for each in stores:
        a_contract(each, on=DECEMBER)


def test_each_month_stands_beside_its_target(client, store, other_store, boss):
    target(store, Figure.INSURANCE, 60)
    target(store, Figure.INSURANCE, 50, since="2026-12-31")
    target(other_store, Figure.INSURANCE, 99)
    months_of_insurance(store, other_store)
    a_contract(other_store, insurance_amount=Decimal(1))

    page = client.get(url())

    assert [month for month, _report in page.context["months"]][0] == DECEMBER
    cells = lines_on(page)[Figure.INSURANCE]
    assert len(cells) == 13
    told = [(c.n, c.of, c.value, c.target, c.is_final, c.is_short, c.is_met) for c in cells[-3:]]
    assert told == [
        (1, 2, Decimal("50.00"), 60, True, True, False),
        (2, 3, Decimal("66.67"), 60, True, False, True),
        (0, 1, Decimal("0.00"), 50, False, True, False),
    ]
    assert [c.value for c in cells[:-3]] == [None] * 10
    assert set(lines_on(page)) == set(Figure)
    assertContains(page, f"/reports/rows/?figure=insurance&amp;month=2026-11&amp;store={store.pk}")
    rows = client.get(cells[-2].address)
    assert len(rows.context["rows"]) == 2


def test_of_the_churn_rate_less_is_better(client, store, boss):
    target(store, Figure.CHURN, 60)
    make_rows(Figure.CHURN, store)
    cell = lines_on(client.get(url()))[Figure.CHURN][-2]
    assert (cell.n, cell.of, cell.is_short) == (2, 3, True)


def test_what_was_submitted_is_shown_and_not_counted_again(client, store, boss):
    months_of_insurance(store)
    target(store, Figure.INSURANCE, 60)
    report = submitted(store, NOVEMBER, boss)
    row = report.figures.get(figure="insurance")
    a_contract(store, on=NOVEMBER)  # afterwards: now two of four
    FigureTarget.objects.filter(figure="insurance").update(target=40)

    page = client.get(url())

    cell = lines_on(page)[Figure.INSURANCE][-2]
    assert (cell.n, cell.of, cell.value, cell.target) == (2, 3, Decimal("66.67"), 60)
    assert cell.address == f"/reports/rows/?of={row.pk}"
    assertContains(page, reverse("reports:report", args=[report.pk]))
    assert (DECEMBER, None) in page.context["months"]


def test_a_draft_is_not_shown_since_it_is_still_counted(client, store, boss):
    months_of_insurance(store)
    writing.write_report(store, NOVEMBER, now=NOW)
    a_contract(store, on=NOVEMBER)

    cell = lines_on(client.get(url()))[Figure.INSURANCE][-2]

    assert (cell.n, cell.of, cell.row) == (2, 4, None)


def test_a_return_rate_is_so_far_until_a_later_report_says_it_at_last(client, store, boss):
    a_sold_car(store, due=date(2026, 9, 12))
    september = submitted(store, date(2026, 9, 1), boss, now=at(OCTOBER))
    # what the report of the month itself could not know yet
    a_sold_car(store, date(2026, 9, 20), due=date(2026, 9, 12))

    cell = lines_on(client.get(url()))[Figure.FIRST_RETURN][-4]

    assert (cell.n, cell.of, cell.is_final) == (0, 1, False)
    assert cell.report == september.pk
    october = submitted(store, OCTOBER, boss)
    cell = lines_on(client.get(url()))[Figure.FIRST_RETURN][-4]
    assert (cell.n, cell.of, cell.is_final, cell.report) == (1, 2, True, october.pk)


def test_one_figure_month_by_month_with_what_changed(client, store, other_store, boss):
    months_of_insurance(store, other_store)

    page = client.get(url(), {"figure": "insurance", "months": "6"})

    changes = page.context["one"]["line"].changes
    assert [(c.month, change, better) for c, change, better in changes[:3]] == [
        (DECEMBER, Decimal("-66.67"), False),
        (NOVEMBER, Decimal("16.67"), True),
        (OCTOBER, None, False),
    ]
    assert len(changes) == 6
    chart = page.context["one"]["chart"]
    assert chart["days"][-1] == "2026-12"
    assert chart["series"][0]["values"] == [None, None, None, 50.0, 66.67, 0.0]
    assert "store_lines" not in page.context


def test_the_churn_rates_of_long_past_months_come_after_the_page(client, store, other_store, boss):
    make_rows(Figure.CHURN, store, other_store)

    page = client.get(url(), {"months": "6"})

    cells = lines_on(page)[Figure.CHURN]
    assert [cell.pending for cell in cells] == [True] * 4 + [False] * 2
    part = f"{url('board-part')}?months=6&amp;group=care"
    assertContains(page, f'hx-get="{part}"')
    assertNotContains(page, "group=sales")
    answer = client.get(url("board-part"), {"months": "6", "group": "care"})
    lines = {line.figure: line for line, _words in answer.context["section"]["lines"]}
    assert [cell.pending for cell in lines[Figure.CHURN].cells] == [False] * 6
    assert (lines[Figure.CHURN].cells[-2].n, lines[Figure.CHURN].cells[-2].of) == (2, 3)
    assertNotContains(answer, "hx-get")
    alone = client.get(url("board-part"), {"figure": "churn"})
    assert not alone.context["one"]["line"].pending
    assert client.get(url("board-part")).status_code == 404
    assert client.get(url("board-store")).status_code == 404


def test_who_reads_several_stores_sees_a_line_of_each(client, store, other_store, group):
    stranger = factories.make_store("S9", "他店")
    months_of_insurance(store, other_store, stranger)
    a_contract(other_store, insurance_amount=Decimal(1))
    submitted(store, NOVEMBER, factories.make_user("care", store, Role.CARE_MANAGER))
    asked = {"figure": "insurance", "months": "6"}

    page = client.get(url(), asked)

    lines = page.context["store_lines"]
    assert [line.store for line in lines] == [store, other_store]
    assert [(c.n, c.of, c.pending) for c in lines[0].cells[-2:]] == [(2, 3, False), (0, 0, True)]
    assert all(cell.pending for cell in lines[1].cells)
    line = client.get(url("board-store"), asked | {"store": other_store.pk}).context["line"]
    assert [(c.n, c.of) for c in line.cells[-3:]] == [(1, 2), (3, 4), (0, 1)]
    assertNotContains(page, "他店")
    for name in ("board", "board-part", "board-store"):
        theirs = client.get(url(name), asked | {"store": stranger.pk})
        assert theirs.status_code == 404


def test_the_file_says_what_the_page_says(client, store, other_store, boss):
    target(store, Figure.INSURANCE, 60)
    months_of_insurance(store, other_store)
    make_rows(Figure.CHURN, store)

    _heading, *lines = rows_of(export(client, "reports:board", query="months=6"))

    assert len(lines) == 6 * len(Figure)
    asked = {"months": "6", "group": "care"}
    page = lines_on(client.get(url(), asked))
    care = client.get(url("board-part"), asked).context["section"]["lines"]
    page |= {line.figure: line.cells for line, _words in care}
    shown = [
        [str(figure.label), f"{c.month:%Y-%m}", str(c.n), str(c.of)]
        for figure in Figure
        for c in page[figure][::-1]
    ]
    assert [[line[1], line[2], line[7], line[8]] for line in lines] == shown
    november = next(line for line in lines if line[1:3] == [Figure.INSURANCE.label, "2026-11"])
    assert november[0] == str(store)
    assert november[3:5] == ["66.67", "60.0"]


def test_the_file_of_one_figure_has_every_store(client, store, other_store, group):
    months_of_insurance(store, other_store)
    query = f"figure=insurance&months=6&store={other_store.pk}"

    _heading, *lines = rows_of(export(client, "reports:board", query=query))

    assert [line[0] for line in lines] == [str(store)] * 6 + [str(other_store)] * 6
    assert [line[7:9] for line in lines[6:8]] == [["0", "1"], ["2", "3"]]


@pytest.mark.parametrize(("rows", "months"), [(1, 6), (3, 6), (3, 13)])
def test_neither_rows_nor_months_cost_queries(
    client, store, boss, rows, months, django_assert_num_queries
):
    for back in range(rows):
        month = add_months(NOVEMBER, -back)
        a_contract(store, on=month, insurance_amount=Decimal(1))
        a_sold_car(store, due=month)
        target(store, Figure.values[back], 50)
    submitted(store, OCTOBER, boss)
    client.get(url())
    with django_assert_num_queries(33):  # two spans: before October, and after it
        client.get(url(), {"months": months})


def test_what_cannot_be_understood_is_left_out(client, store, boss):
    asked = {"month": "2099-01", "months": "7", "figure": "x", "after": "y", "group": "z"}
    page = client.get(url(), asked)
    assert page.status_code == 200
    assert page.context["this"].last == DECEMBER
    earlier = client.get(url(), {"month": "2026-10"})
    assert earlier.context["this"].last == OCTOBER
