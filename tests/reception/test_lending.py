"""Loans and purchase tax as dated rows that the sales manager keeps (REC-07)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reception.actions import lending
from apps.reception.models import LoanProduct, PurchaseTax
from apps.reception.queries.quotations import loans_on
from tests.factories import NOW, TODAY, make_user
from tests.reception.quoting import make_loan, make_trim

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    """Refusals are told in the language that the tests read."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(client, store):
    client.force_login(make_user("boss", store, Role.SALES_MANAGER))
    return client


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


OFFER = {
    **{"lender": "工商银行", "name": "低息", "annual_percent": "3.5", "terms": "12，24, 36"},
    **{"least_down_percent": "20", "most_amount": "150000", "effective_from": "2026-11-23"},
}


def test_a_new_store_starts_with_the_law(store):
    rows = PurchaseTax.objects.filter(store=store).values_list(
        "effective_from", "rate_percent", "vat_percent", "relief_percent", "relief_cap_amount"
    )
    assert list(rows) == [
        (date(2024, 1, 1), 10, 13, 100, 30000),
        (date(2026, 1, 1), 10, 13, 50, 15000),
        (date(2028, 1, 1), 10, 13, 0, 0),
    ]
    in_force = PurchaseTax.objects.in_force
    assert in_force(store, date(2027, 12, 31)).relief_percent == 50
    assert in_force(store, date(2028, 1, 1)).relief_percent == 0


def test_a_loan_is_entered_and_offered(page, store):
    assert page.post(url("loan-new"), OFFER).status_code == 302

    [loan] = loans_on(store, TODAY)
    assert (loan.annual_percent, loan.terms) == (Decimal("3.50"), [12, 24, 36])
    assert (loan.least_down_percent, loan.most_amount) == (20, 150000)
    assert loans_on(store, TODAY - DAY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": "0"},
        {"terms": "0, 12"},
        {"terms": "12, 85"},
        {"terms": "a year"},
        {"terms": "-12"},
        {"terms": "²"},
        {"annual_percent": "130"},
        {"annual_percent": "-1"},
        {"least_down_percent": "130"},
        {"least_down_percent": "100"},
        {"least_down_percent": "-1"},
        {"most_amount": "-1"},
        {"until": "2026-11-22"},
        {"lender": ""},
    ],
)
def test_a_loan_that_cannot_be_is_not_entered(page, wrong):
    assert page.post(url("loan-new"), OFFER | wrong).status_code == 422
    assert not LoanProduct.objects.exists()


def test_a_loan_for_the_model_of_another_store_is_not_entered(page, other_store):
    strange = make_trim(other_store).car_model
    answer = page.post(url("loan-new"), OFFER | {"car_model": strange.pk})
    assert answer.status_code == 422
    with pytest.raises(Refused, match="model of this store"):
        lending.add_loan(
            PurchaseTax.objects.exclude(store=other_store).first().store,
            {"car_model": strange, "lender": "x", "name": "x", "annual_percent": 1, "terms": [12]}
            | {"effective_from": TODAY},
        )
    assert not LoanProduct.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"annual_percent": 37}, {"terms": []}, {"terms": [0]}, {"least_down_percent": 100}]
)
def test_the_database_keeps_no_loan_that_cannot_be(store, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_loan(store, **{"annual": str(wrong.get("annual_percent", 3))} | _without(wrong))


def _without(wrong):
    return {name: value for name, value in wrong.items() if name != "annual_percent"}


def test_the_last_day_of_a_loan_is_set(page, store, other_store):
    loan, strange = make_loan(store), make_loan(other_store)

    assert page.post(url("loan-end", loan.pk), {"until": "2026-11-23"}).status_code == 302
    assert page.post(url("loan-end", strange.pk), {"until": "2026-11-23"}).status_code == 404

    assert loans_on(store, TODAY) == [loan] and loans_on(store, TODAY + DAY) == []
    strange.refresh_from_db()
    assert strange.until is None


def test_a_loan_does_not_end_in_the_past_or_before_it_began(page, store):
    loan = make_loan(store, effective_from=TODAY + DAY)
    for day in ("2026-11-22", "2026-11-23"):
        assert page.post(url("loan-end", loan.pk), {"until": day}).status_code == 409
    loan.refresh_from_db()
    assert loan.until is None


def test_a_new_tax_row_holds_from_its_day_and_a_day_that_began_does_not_change(page, store):
    row = {"rate_percent": "5", "vat_percent": "13", "relief_percent": "100"}
    row["relief_cap_amount"] = "15000"
    answers = [
        page.post(url("tax-new"), row | {"effective_from": day}).status_code
        for day in ("2026-11-23", "2026-11-24", "2028-01-01")
    ]

    assert answers == [409, 302, 302]
    held = PurchaseTax.objects.in_force
    assert held(store, TODAY).rate_percent == 10
    assert held(store, TODAY + DAY).rate_percent == 5
    assert held(store, date(2028, 1, 1)).relief_percent == 100
    assert PurchaseTax.objects.filter(store=store).count() == 4


@pytest.mark.parametrize(
    "wrong", [{"rate_percent": "130"}, {"vat_percent": "-1"}, {"relief_cap_amount": "-5"}]
)
def test_a_tax_that_cannot_be_is_not_entered(page, store, wrong):
    row = {"rate_percent": "5", "vat_percent": "13", "relief_percent": "50"}
    row |= {"relief_cap_amount": "1", "effective_from": "2026-12-01"} | wrong
    assert page.post(url("tax-new"), row).status_code == 422
    assert PurchaseTax.objects.filter(store=store).count() == 3


def test_the_page_asks_as_often_with_three_loans_as_with_one(page, store, other_store):
    make_loan(other_store, name="陌生人的贷款")
    make_loan(store, name="甲", car_model=make_trim(store).car_model)
    answer = page.get(url("loan-list"))
    assert "甲" in answer.text and "陌生人的贷款" not in answer.text
    counted = len(page_queries(page))
    make_loan(store, name="乙", car_model=make_trim(store).car_model)
    make_loan(store, name="丙", until=TODAY - DAY)
    assert len(page_queries(page)) == counted


def page_queries(page):
    with CaptureQueriesContext(connection) as queries:
        page.get(url("loan-list"))
    return queries
