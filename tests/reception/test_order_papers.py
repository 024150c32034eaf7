"""Papers, loans and used cars of a contract (REC-06, REC-08)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from apps.core.errors import Refused
from apps.customers import sealing
from apps.reception.actions.orders import cancel
from apps.reception.actions.papers import (
    change_loan,
    drop_trade_in,
    move_loan,
    note_paper,
    start_loan,
    value_trade_in,
    verify_trade_in,
)
from apps.reception.models import LoanApplication, OrderPaper, TradeIn
from apps.reception.queries.papers import gaps, paper_lines
from tests.factories import NOW, TODAY
from tests.reception.sold import boss, make_car, make_order, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


DAY = timedelta(days=1)
ID, OTHER_ID = "11010519491231002X", "440308199901101512"
SEEN = ["original", "name", "copy"]
LOAN = {"lender": "上汽通用金融", "amount": Decimal(90000), "months": 36, "note": ""}
LOAN |= {"papers": ["income", "id_card", "statements"]}
USED = {"plate": "沪A12345", "vin": "LSVAM4187C2184841", "model": "朗逸", "km": 65000}
USED |= {"registered_on": None, "condition": "fair", "findings": "左后门补漆"}
USED |= {"papers": ["registration", "permit", "free"]}


@pytest.fixture
def order(store):
    return make_order(store, status="signed")


def look(order, kind="id_card", number=ID, **fields):
    said = {"valid_until": None, "checks": SEEN, "by": person(order.store), "now": NOW}
    return note_paper(order, kind, number=number, **said | fields)


def ask(order, **terms):
    return start_loan(order, LOAN | terms, by=person(order.store), now=NOW)


def go(loan, to, **fields):
    said = {"by": person(loan.store), "version": None, "now": NOW}
    return move_loan(loan, to, **said | fields)


def test_an_id_card_is_checked_and_its_number_goes_into_the_archive(order):
    look(order, number="11010519491231 002x")

    paper = OrderPaper.objects.get()
    assert paper.checks == SEEN and paper.by == person(order.store)
    assert ID not in paper.number_sealed and sealing.open(paper.number_sealed) == ID
    order.customer.refresh_from_db()
    assert sealing.open(order.customer.id_number_sealed) == ID
    assert [(line.kind, line.number) for line in paper_lines(order)][0] == (
        "id_card",
        "110****002X",
    )


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"checks": ["original"]}, "original"),
        ({"checks": ["name", "copy"]}, "original"),
        ({"valid_until": TODAY - DAY}, "expired"),
        ({"number": "110105194912310021"}, "cannot be"),
        ({"number": ""}, "cannot be"),
    ],
)
def test_a_paper_that_was_not_looked_at_properly_is_refused(order, wrong, match):
    with pytest.raises(Refused, match=match):
        look(order, **wrong)
    assert not OrderPaper.objects.exists()
    order.customer.refresh_from_db()
    assert order.customer.id_number_hash == ""


def test_another_id_number_than_the_archives_is_refused(order):
    look(order)
    with pytest.raises(Refused, match="another ID number"):
        look(order, number=OTHER_ID)
    assert sealing.open(OrderPaper.objects.get().number_sealed) == ID


def test_a_paper_looked_at_again_replaces_what_was_said(order):
    look(order, "licence", number="A1")
    look(order, "licence", number="A2", valid_until=TODAY, by=boss(order.store))

    paper = OrderPaper.objects.get()
    assert (sealing.open(paper.number_sealed), paper.valid_until) == ("A2", TODAY)
    assert paper.by == boss(order.store)


def test_after_the_delivery_only_the_manager_notes_papers(store):
    order = make_order(store, status="delivered")
    with pytest.raises(Refused):
        look(order)
    assert look(order, by=boss(store)).kind == "id_card"


def test_a_loan_goes_its_way(order):
    loan = ask(order)
    assert (loan.status, loan.papers) == ("preparing", ["id_card", "income", "statements"])
    loan = go(loan, "submitted")
    loan = go(loan, "approved", now=NOW + DAY)
    loan = go(loan, "paid_out", now=NOW + 2 * DAY, note="已到账")

    assert (loan.submitted_at, loan.decided_at, loan.paid_out_at) == (
        NOW,
        NOW + DAY,
        NOW + 2 * DAY,
    )
    assert (loan.status, loan.note, loan.version) == ("paid_out", "已到账", 4)
    with pytest.raises(Refused):
        go(loan, "withdrawn")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal("150000.01")},
        {"amount": Decimal(-5)},
        {"months": 0},
        {"months": 97},
    ],
)
def test_a_loan_that_cannot_be_is_refused(order, wrong):
    with pytest.raises(Refused):
        ask(order, **wrong)
    assert not LoanApplication.objects.exists()


def test_a_loan_without_its_papers_is_not_handed_in(order):
    loan = ask(order, papers=["id_card"])
    with pytest.raises(Refused, match="、"):
        go(loan, "submitted")
    terms = LOAN | {"lender": "工商银行"}
    loan = change_loan(loan, terms, by=person(order.store), version=1)

    assert (go(loan, "submitted").status, loan.lender) == ("submitted", "工商银行")
    with pytest.raises(Refused, match="handed in"):
        change_loan(loan, terms, by=person(order.store), version=3)


def test_one_loan_at_a_time_and_another_after_a_refusal(order):
    loan = go(ask(order), "submitted")
    with pytest.raises(Refused, match="already"):
        ask(order)
    with pytest.raises(Refused, match="why"):
        go(loan, "refused")
    go(loan, "refused", note="征信不足")

    assert ask(order, lender="工商银行").status == "preparing"


def test_a_cancelled_order_withdraws_its_loan(order):
    loan = go(ask(order), "submitted")
    cancel(order, reason="loan", by=person(order.store), version=None, now=NOW)
    loan.refresh_from_db()
    assert loan.status == "withdrawn"


def test_a_used_car_is_verified_then_valued(order):
    by = person(order.store)
    with pytest.raises(Refused, match="Verify"):
        value_trade_in(order, Decimal(30000), agreed=True, by=by, now=NOW)
    verify_trade_in(order, USED | {"papers": ["permit"]}, by=by)
    with pytest.raises(Refused, match="Verify"):
        value_trade_in(order, Decimal(30000), agreed=True, by=by, now=NOW)
    verify_trade_in(order, USED, by=by)
    value_trade_in(order, Decimal(30000), agreed=True, by=by, now=NOW)

    row = TradeIn.objects.get()
    assert (row.value_amount, row.valued_by, row.is_agreed) == (30000, by, True)
    verify_trade_in(order, USED, by=by)
    row.refresh_from_db()
    assert row.value_amount == 30000  # the same said again
    verify_trade_in(order, USED | {"km": 70000}, by=by)
    row.refresh_from_db()
    assert (row.km, row.value_amount, row.is_agreed) == (70000, None, False)
    drop_trade_in(order, by=by)
    drop_trade_in(order, by=by)
    assert not TradeIn.objects.exists()


@pytest.mark.parametrize("wrong", [{"vin": "LSVAM"}, {"plate": "A1"}])
def test_a_used_car_that_cannot_be_is_refused(order, wrong):
    with pytest.raises(Refused):
        verify_trade_in(order, USED | wrong, by=person(order.store))
    assert not TradeIn.objects.exists()


def test_the_new_car_is_not_taken_in_exchange(store):
    order = make_order(store, stock_car=make_car(store, vin=USED["vin"]))
    with pytest.raises(Refused, match="new car"):
        verify_trade_in(order, USED, by=person(store))


def test_after_the_deposit_only_the_manager_values(store):
    order = make_order(store, status="deposited")
    with pytest.raises(Refused):
        verify_trade_in(order, USED, by=person(store))
    assert verify_trade_in(order, USED, by=boss(store)).plate == "沪A12345"


def test_what_a_contract_lacks_before_the_hand_over(store):
    order, by = make_order(store), person(store)
    assert gaps(order) == ["signature", "deposit", "car", "identity"]

    ready = make_order(store, status="deposited", copy_given_at=NOW, stock_car=make_car(store))
    look(ready)
    assert gaps(ready) == []
    loan = ask(ready)
    verify_trade_in(ready, USED, by=boss(store))
    assert gaps(ready) == ["loan", "trade_in"]
    go(go(loan, "submitted"), "approved")
    value_trade_in(ready, Decimal(1), agreed=True, by=boss(store), now=NOW)
    assert gaps(ready) == []
    assert by.store == store


def test_papers_loan_and_used_car_by_their_pages(client, store, order):
    client.force_login(person(store))
    page = lambda name, *more: reverse(f"reception:{name}", args=[order.pk, *more])  # noqa: E731
    with time_machine.travel(NOW, tick=False):
        paper = {"number": ID, "checks": SEEN}
        assert client.post(page("order-paper", "passport"), paper).status_code == 404
        assert client.post(page("order-paper", "id_card"), {"number": ID}).status_code == 409
        assert client.post(page("order-paper", "id_card"), paper).status_code == 302
        loan = {"lender": "工行", "amount": "90000", "months": "36"}
        assert client.post(page("order-loan"), loan | {"months": "0"}).status_code == 422
        assert client.post(page("order-loan"), loan).status_code == 302
        more = loan | {"version": "1", "papers": ["id_card", "income", "statements"]}
        assert client.post(page("order-loan"), more).status_code == 302
        move = page("order-loan-move")
        assert client.post(move, {"version": "1", "to": "submitted"}).status_code == 409
        assert client.post(move, {"version": "2", "to": "submitted"}).status_code == 302
        used = {**USED, "registered_on": ""}
        assert client.post(page("order-trade-in"), used).status_code == 302
        value = {"amount": "30000", "agreed": "on"}
        assert client.post(page("order-value"), value).status_code == 302
        shown = client.get(page("order")).content.decode()

    assert "110****002X" in shown and ID not in shown
    assert "¥30,000" in shown and "沪A12345" in shown
    assert LoanApplication.objects.get().status == "submitted"
