"""Several months at once say what the catalogue says of each (REP-08)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.care.models import CarePolicy
from apps.core.dates import add_months
from apps.reports.choices import Figure
from apps.reports.figures import catalogue
from apps.reports.figures.series import Live, live
from apps.ssi.models import SurveyModel
from tests.factories import make_customer, make_vehicle
from tests.reports.months import (
    DAY,
    NOVEMBER,
    a_contract,
    a_cycle,
    a_record,
    a_sold_car,
    an_order,
    at,
    make_rows,
)
from tests.ssi.made import finished_response

pytestmark = pytest.mark.django_db
MONTHS = [add_months(NOVEMBER, -2), add_months(NOVEMBER, -1), NOVEMBER, add_months(NOVEMBER, 1)]
OCTOBER = MONTHS[1]
NOW = at(date(2026, 12, 10))


def at_the_edges(store):
    """Just before and just after midnight, where UTC has another month."""
    night = at(NOVEMBER, 0) + timedelta(minutes=20)
    for when in (night, night - timedelta(minutes=40)):
        order = a_contract(store, insurance_amount=Decimal(1), accessories_amount=Decimal(1))
        type(order).objects.filter(pk=order.pk).update(delivered_at=when)
        record = a_record(store, late=False)
        type(record).objects.filter(pk=record.pk).update(due_at=when, entered_at=when)
    a_sold_car(store, due=NOVEMBER - DAY)
    a_sold_car(store, due=NOVEMBER)
    a_cycle(store, event_on=NOVEMBER - DAY)
    an_order(
        *(store, make_vehicle(store)),
        **{"opened_at": night, "in_on": NOVEMBER - DAY, "status": "waiting"},
        customer=make_customer(store),
    )
    finished_response(store, 5, on=NOVEMBER - DAY)


@pytest.mark.parametrize("figure", Figure)
def test_the_months_together_say_what_the_catalogue_says_of_each(store, other_store, figure):
    make_rows(figure, store)
    at_the_edges(store)
    finished_response(other_store, 2, on=NOVEMBER)
    a_contract(other_store, on=NOVEMBER)

    found = live(store, {figure: MONTHS}, NOW)

    assert [month for _figure, month in found] == MONTHS
    for month in MONTHS:
        one = catalogue.counted(figure, catalogue.month_of(store, month, NOW))
        beside = found[figure, month]
        assert (beside.n, beside.of, beside.value) == (one.n, one.of, one.value), month
        assert beside.is_final == one.is_final
    assert found[figure, NOVEMBER].of > 0


def test_numbers_that_change_hold_for_their_own_months(store):
    """A first service 20 days late counts while 31 days are allowed, and not when ten are."""
    CarePolicy.objects.filter(store=store).update(effective_from=date(2020, 1, 1))
    held = CarePolicy.objects.filter(store=store).first() or CarePolicy(store=store)
    held.pk, held._state.adding = None, True
    held.effective_from, held.first_service_return_days = NOVEMBER, 10
    held.save()
    for due in (date(2026, 9, 12), date(2026, 10, 12), date(2026, 11, 12)):
        a_sold_car(store, due + 20 * DAY, due=due)

    found = live(store, {Figure.FIRST_RETURN: MONTHS}, NOW)

    assert [one.n for one in found.values()] == [1, 1, 0, 0]
    assert [one.of for one in found.values()] == [1, 1, 1, 0]


def test_a_score_says_by_which_survey_it_was_asked(store):
    old = SurveyModel.objects.get(store=store, code="published_2023")
    finished_response(store, 3, on=OCTOBER)
    finished_response(store, 9, on=NOVEMBER)

    found = live(store, {Figure.SSI: [OCTOBER, NOVEMBER]}, NOW)

    assert found == {
        (Figure.SSI, OCTOBER): Live(1, 1, Decimal("300.00"), True, old.pk),
        (Figure.SSI, NOVEMBER): Live(1, 1, Decimal("900.00"), True, old.pk),
    }


@pytest.mark.parametrize("number", [2, 4])
def test_more_months_cost_no_queries_but_those_of_the_churn_rate(
    store, number, django_assert_num_queries
):
    figures = [figure for figure in Figure if figure != Figure.CHURN]
    months = MONTHS[-number:]

    with django_assert_num_queries(1 + len(figures)):
        live(store, {figure: months for figure in figures}, NOW)
    with django_assert_num_queries(1 + number):
        live(store, {Figure.CHURN: months}, NOW)
    with django_assert_num_queries(0):
        live(store, {Figure.CHURN: []}, NOW)
