"""What may be done with a contract of sale at which step (REC-08, REC-12). No database."""

from collections.abc import Callable
from decimal import Decimal

from apps.reception.choices.order import OrderStatus

SELL, APPROVE, NOBODY = "reception.sell", "reception.approve_sales", ""
STEPS = (
    OrderStatus.DRAFT,
    OrderStatus.SIGNED,
    OrderStatus.DEPOSITED,
    OrderStatus.DELIVERED,
    OrderStatus.CANCELLED,
)
# REC-12: who may still change what. It narrows from left to right and never widens again.
MAY_CHANGE: dict[str, tuple[str, str, str, str, str]] = {
    # column or thing    being written  signed   deposit paid  delivered  cancelled
    "trim": (SELL, APPROVE, APPROVE, NOBODY, NOBODY),
    "colour": (SELL, APPROVE, APPROVE, NOBODY, NOBODY),
    "price_amount": (SELL, APPROVE, APPROVE, NOBODY, NOBODY),
    "deposit_amount": (SELL, APPROVE, NOBODY, NOBODY, NOBODY),
    "insurance_amount": (SELL, SELL, APPROVE, NOBODY, NOBODY),
    "accessories_amount": (SELL, SELL, APPROVE, NOBODY, NOBODY),
    "promised_on": (SELL, SELL, APPROVE, NOBODY, NOBODY),
    "consultant": (APPROVE, APPROVE, APPROVE, NOBODY, NOBODY),
    "remark": (SELL, SELL, SELL, APPROVE, NOBODY),
    "stock_car": (SELL, SELL, SELL, NOBODY, NOBODY),  # a car for an order that has none
    "other_car": (SELL, SELL, APPROVE, NOBODY, NOBODY),  # another one, or none
    "trade_in": (SELL, SELL, APPROVE, NOBODY, NOBODY),
    "papers": (SELL, SELL, SELL, APPROVE, NOBODY),
    "loan": (SELL, SELL, SELL, SELL, NOBODY),  # the bank may pay after the delivery
    "cancel": (SELL, SELL, APPROVE, NOBODY, NOBODY),
}
FIELDS = (  # of the form, in its order
    *("trim", "colour", "price_amount", "deposit_amount", "insurance_amount"),
    *("accessories_amount", "promised_on", "consultant", "remark"),
)
DEPOSIT_MOST = Decimal("0.20")  # 民法典 586: a deposit 定金 over 20 % of the contract does not bind


def may_change(what: str, status: str, has_perm: Callable[[str], bool]) -> bool:
    """Whether a person with these permissions may change ``what`` of an order of this status."""
    needed = MAY_CHANGE[what][STEPS.index(OrderStatus(status))]
    return bool(needed) and has_perm(needed)


def changeable(status: str, has_perm: Callable[[str], bool]) -> frozenset[str]:
    """Everything of ``MAY_CHANGE`` that such a person may change now."""
    return frozenset(what for what in MAY_CHANGE if may_change(what, status, has_perm))


def most_deposit(price: Decimal) -> Decimal:
    return (price * DEPOSIT_MOST).quantize(Decimal("0.01"))


def discount_holds(guide: Decimal | None, price: Decimal, percent: int) -> bool:
    """Whether ``price`` is not further below the guide price than ``percent`` of it (REC-07).

    Nothing to hold to without a guide price.
    """
    return guide is None or price >= guide * (100 - percent) / 100
