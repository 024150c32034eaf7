"""Who may change what of an order at which step (REC-12), and how money is limited."""

from decimal import Decimal

import pytest

from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder
from apps.reception.policy import order as policy

CONSULTANT, MANAGER = {"reception.sell"}, {"reception.sell", "reception.approve_sales"}
# c: consultant and manager, m: the manager only, -: nobody
TABLE = """
    trim                c m m - -
    colour              c m m - -
    price_amount        c m m - -
    deposit_amount      c m - - -
    insurance_amount    c c m - -
    accessories_amount  c c m - -
    promised_on         c c m - -
    consultant          m m m - -
    remark              c c c m -
    stock_car           c c c - -
    other_car           c c m - -
    trade_in            c c m - -
    papers              c c c m -
    loan                c c c c -
    cancel              c c m - -
"""
STEPS = ("draft", "signed", "deposited", "delivered", "cancelled")
CASES = [
    (what, step, mark)
    for what, *marks in (line.split() for line in TABLE.split("\n") if line.strip())
    for step, mark in zip(STEPS, marks, strict=True)
]


@pytest.mark.parametrize(("what", "step", "mark"), CASES)
def test_who_may_change_what_at_which_step(what, step, mark):
    found = [policy.may_change(what, step, set(who).__contains__) for who in (CONSULTANT, MANAGER)]

    assert found == [mark == "c", mark in "cm"]


def test_the_table_speaks_of_everything_and_of_every_step():
    assert {what for what, _step, _mark in CASES} == set(policy.MAY_CHANGE)
    assert set(policy.STEPS) == set(OrderStatus)
    columns = {field.name for field in SalesOrder._meta.fields}
    assert set(policy.FIELDS) <= columns & set(policy.MAY_CHANGE)


def test_it_narrows_and_never_widens():
    rank = {policy.SELL: 2, policy.APPROVE: 1, policy.NOBODY: 0}
    for needed in policy.MAY_CHANGE.values():
        ranks = [rank[one] for one in needed]
        assert ranks == sorted(ranks, reverse=True)


def test_without_a_permission_nothing_may_be_changed():
    assert all(not policy.changeable(step, set().__contains__) for step in OrderStatus)


def test_a_deposit_binds_up_to_a_fifth_of_the_price():
    assert policy.most_deposit(Decimal("123456.78")) == Decimal("24691.36")


@pytest.mark.parametrize(
    ("price", "percent", "holds"),
    [("97000", 3, True), ("96999.99", 3, False), ("90000", 10, True), ("1", 100, True)],
)
def test_a_discount_holds_up_to_its_limit(price, percent, holds):
    assert policy.discount_holds(Decimal(100000), Decimal(price), percent) is holds


def test_without_a_guide_price_there_is_nothing_to_hold_to():
    assert policy.discount_holds(None, Decimal(1), 0)
