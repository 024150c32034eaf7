"""Each figure is the rows that it counts, of its own store and month (REP-01…05, REP-10)."""

from datetime import date
from decimal import Decimal

import pytest

from apps.reports.choices import Figure
from apps.reports.figures import catalogue
from apps.ssi.choices import Round
from tests.reports.months import (
    DAY,
    DUE,
    FIRST_OF_DECEMBER,
    NOVEMBER,
    a_sold_car,
    at,
    make_rows,
)
from tests.ssi.made import finished_response

pytestmark = pytest.mark.django_db
JANUARY = at(date(2027, 1, 2))


def counted(figure, store, first=NOVEMBER, now=JANUARY):
    return catalogue.counted(figure, catalogue.month_of(store, first, now))


@pytest.mark.parametrize("figure", [figure for figure in Figure if figure != Figure.SSI])
def test_each_figure_is_exactly_its_rows(figure, store, other_store):
    one, two, not_counted = make_rows(figure, store, other_store)

    found = counted(figure, store)

    assert {row.pk for row in found.hits} == {one.pk, two.pk}
    assert {row.pk for row in found.whole} == {one.pk, two.pk, not_counted.pk}
    assert (found.n, found.of, found.value, found.is_final) == (2, 3, Decimal("66.67"), True)
    assert found.address == f"/reports/rows/?figure={figure}&month=2026-11&store={store.pk}"
    assert counted(figure, store, date(2025, 1, 1)).of == 0


def test_the_index_is_a_mean_of_the_latest_model_of_buyers(store, other_store):
    rows = make_rows(Figure.SSI, store, other_store)
    finished_response(store, 2, on=DUE, round=Round.LOST)

    found = counted(Figure.SSI, store)

    assert {row.pk for row in found.whole} == {row.pk for row in rows}
    assert (found.n, found.of, found.value) == (3, 3, Decimal("900.00"))


def test_of_nothing_there_is_no_value(store, other_store):
    make_rows(Figure.INSURANCE, other_store)

    for one in catalogue.of_month(store, NOVEMBER, JANUARY):
        assert (one.n, one.of, one.value) == (0, 0, None)


def test_a_hundred_per_cent_is_all_of_them():
    assert catalogue.share(99_999, 100_000) == Decimal("99.99")
    assert catalogue.share(100_000, 100_000) == 100
    assert catalogue.share(1, 3) == Decimal("33.33")
    assert catalogue.share(1, 8000) == Decimal("0.01")
    assert catalogue.share(0, 0) is None


@pytest.mark.parametrize(
    ("figure", "last_open"),
    [
        (Figure.FIRST_RETURN, date(2026, 12, 31)),
        (Figure.MAINTENANCE_RETURN, date(2026, 12, 30)),
        (Figure.INSURANCE, date(2026, 11, 30)),
    ],
)
def test_a_figure_is_final_when_nothing_can_come_to_it_any_more(store, figure, last_open):
    assert not counted(figure, store, now=at(last_open, 23)).is_final
    assert counted(figure, store, now=at(last_open + DAY, 0)).is_final


def test_a_report_holds_the_return_rates_until_they_are_final_once(store):
    a_sold_car(store, DUE)

    def months(first, now):
        rows = catalogue.of_report(store, first, now)
        return [
            (f"{one.month.first:%Y-%m}", one.is_final)
            for one in rows
            if one.figure == Figure.FIRST_RETURN
        ]

    november = months(NOVEMBER, FIRST_OF_DECEMBER)
    assert november == [("2026-11", False), ("2026-10", False)]
    # 31 days after the end of October are not over on the 1st of December: it comes once more
    december = months(date(2026, 12, 1), at(date(2027, 1, 1)))
    assert december == [("2026-12", False), ("2026-11", True), ("2026-10", True)]
