"""A contract from the scheme that the customer chose (REC-07, REC-08)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from apps.core.errors import Refused
from apps.reception.actions.orders import order_quoted
from apps.reception.actions.quotations import accept, decide_discount, explain_lines
from apps.reception.models import LoanApplication, SalesOrder
from tests.factories import NOW
from tests.reception.quoting import TODAY, line, make_loan, make_opportunity, make_scheme
from tests.reception.sold import boss

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


SOON = {"promised_on": TODAY + timedelta(days=14), "deposit_amount": Decimal(5000)}


def choose(row):
    everything = [one.pk for one in row.lines.all()]
    by = row.opportunity.consultant
    explain_lines(row, everything, version=row.version, now=NOW, by=by)
    row.refresh_from_db()
    return accept(row, version=row.version, now=NOW, by=by)


def quoted(store, **fields):
    return make_scheme(
        store,
        line("discount", "2000"),
        line("insurance", "950", "交强险"),
        line("insurance", "4000", "商业险"),
        line("accessory", "1800", "贴膜"),
        line("gift", "300", "脚垫"),
        colour="黑",
        **fields,
    )


def test_the_contract_says_what_the_scheme_said(store):
    row = choose(quoted(store))
    order = order_quoted(row, SOON, by=row.opportunity.consultant, now=NOW)

    order.refresh_from_db()
    assert (order.quotation, order.trim, order.colour) == (row, row.trim, "黑")
    assert (order.price_amount, order.insurance_amount, order.accessories_amount) == (
        Decimal("111000.00"),
        Decimal("4950.00"),
        Decimal("1800.00"),
    )
    assert (order.promised_on, order.deposit_amount) == (SOON["promised_on"], Decimal(5000))
    assert not order.loans.exists()


def test_its_loan_is_asked_for(store):
    row = choose(quoted(store, loan=make_loan(store), months=36, down_percent=Decimal(30)))
    order = order_quoted(row, SOON, by=row.opportunity.consultant, now=NOW)

    loan = LoanApplication.objects.get()
    assert (loan.order, loan.lender, loan.months, loan.status) == (
        order,
        "工商银行",
        36,
        "preparing",
    )
    assert loan.amount == row.loan_amount > 0


def test_a_price_that_was_approved_holds_in_the_contract(store):
    row = make_scheme(store, line("discount", "9000"), reason="老客户")
    row = decide_discount(row, approved=True, words="", version=1, now=NOW, by=boss(store))

    order = order_quoted(choose(row), SOON, by=row.opportunity.consultant, now=NOW)

    assert order.price_amount == Decimal("104000.00")


def test_only_the_chosen_scheme_becomes_a_contract_and_once(store):
    wanted = make_opportunity(store)
    row, other = quoted(store, opportunity=wanted), quoted(store, opportunity=wanted)
    by = wanted.consultant
    with pytest.raises(Refused, match="not chosen"):
        order_quoted(row, SOON, by=by, now=NOW)
    order_quoted(choose(row), SOON, by=by, now=NOW)

    for again in (row, other):
        with pytest.raises(Refused):
            order_quoted(again, SOON, by=by, now=NOW)
    assert SalesOrder.objects.count() == 1


@time_machine.travel(NOW, tick=False)
def test_from_the_quotations_page_to_the_contract(client, store):
    row = choose(quoted(store))
    client.force_login(row.opportunity.consultant)
    page = reverse("reception:quotation-order", args=[row.pk])
    assert page in client.get(reverse("reception:quotation", args=[row.pk])).content.decode()

    said = {"promised_on": "2026-12-07", "deposit_amount": "5000", "remark": ""}
    assert client.post(page, said | {"deposit_amount": "90000"}).status_code == 409
    answer = client.post(page, said)
    order = SalesOrder.objects.get()
    assert answer["Location"] == reverse("reception:order", args=[order.pk])
    assert reverse("reception:quotation", args=[row.pk]) in client.get(answer.url).content.decode()
