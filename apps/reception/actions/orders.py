"""Contracts of sale: written, explained, signed, paid for, cancelled, delivered (REC-08, REC-12).

Every change holds the contract's row, checks the version that was looked at and counts it up.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.meanwhile import held, save
from apps.checklists import actions as checklists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.checklists.policy import Said
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.models import Vehicle
from apps.reception.actions.papers import start_loan
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.choices.order import (
    LOAN_ENDED,
    LoanStatus,
    OrderStatus,
    StockStatus,
)
from apps.reception.choices.quotation import LineKind, QuotationStatus
from apps.reception.models import Opportunity, Quotation, SalesOrder
from apps.reception.policy import clocks
from apps.reception.policy import order as policy
from apps.reception.queries.numbers import numbers_of
from apps.reception.queries.orders import contract_run, contract_subject, guide_price

MANAGERS = policy.APPROVE
QUOTED = {
    "insurance_amount": LineKind.INSURANCE,
    "accessories_amount": LineKind.ACCESSORY,
}
TOLD = ("promised_on", "deposit_amount", "remark")  # what a quotation does not say


@action
def open_order(
    opportunity: Opportunity, facts: Mapping[str, Any], *, by: User, now: datetime
) -> SalesOrder:
    """A contract is written for a purchase, at a plain price (REC-08).

    Refused: a purchase that is over or has a contract, a price below what ``by`` may give.
    """
    order = _begin(opportunity, now)
    names = [name for name in policy.FIELDS if name in facts and name != "consultant"]
    _set(order, facts, names, by=by, on=timezone.localdate(now))
    order.save()
    return order


@action
def order_quoted(
    quotation: Quotation, facts: Mapping[str, Any], *, by: User, now: datetime
) -> SalesOrder:
    """The scheme that the customer chose becomes a contract: its car, price, insurance and
    accessories, and its loan is asked for (REC-08). ``facts``: promised day, deposit, remark.

    What was approved of its price holds. Refused: a scheme that is not chosen, and as
    ``open_order``.
    """
    order = _begin(quotation.opportunity, now)
    quotation = locked(quotation)
    if quotation.status != QuotationStatus.ACCEPTED:
        raise Refused(_("The customer has not chosen this scheme."))
    order.quotation, order.trim, order.colour = quotation, quotation.trim, quotation.colour
    order.price_amount = quotation.invoice_amount
    lines = list(quotation.lines.all())
    for name, kind in QUOTED.items():
        setattr(order, name, sum((x.amount for x in lines if x.kind == kind), Decimal(0)))
    names = [name for name in TOLD if name in facts]
    _set(order, facts, names, by=by, on=timezone.localdate(now))
    order.save()
    product = quotation.loan_product
    if product is not None:
        terms = {"lender": product.lender, "amount": quotation.loan_amount, "papers": []}
        start_loan(order, terms | {"months": quotation.months}, by=by, now=now)
    return order


def _begin(opportunity: Opportunity, now: datetime) -> SalesOrder:
    """A contract for the purchase, held, with nothing in it yet."""
    opportunity = locked(opportunity)
    if opportunity.status != OpportunityStatus.OPEN:
        raise Refused(
            _("The opportunity is %(status)s: no contract is written for it.")
            % {"status": opportunity.get_status_display()}
        )
    there = opportunity.orders.exclude(status=OrderStatus.CANCELLED).first()
    if there is not None:
        raise Refused(
            _("This purchase has order %(order)s already.") % {"order": there},
            links=[("reception:order", there.pk, str(there))],
        )
    return SalesOrder(
        store_id=opportunity.store_id,
        opportunity=opportunity,
        customer=opportunity.customer,
        consultant=opportunity.consultant,
        made_at=now,
    )


@action
def change_order(
    order: SalesOrder, facts: Mapping[str, Any], *, by: User, version: int, now: datetime
) -> SalesOrder:
    """What stands in the contract is changed, as far as its step still lets (REC-12).

    Refused: a field that ``by`` may not change any more, another configuration or colour than
    that of the car given, a price below what ``by`` may give.
    """
    order = held(order, version)
    names = [n for n in policy.FIELDS if n in facts and facts[n] != getattr(order, n)]
    for name in names:
        if not policy.may_change(name, order.status, by.has_perm):
            raise Refused(
                _("%(field)s: not to be changed by you any more, the order is %(status)s.")
                % {
                    "field": SalesOrder._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                    "status": order.get_status_display(),
                }
            )
    if order.stock_car_id and {"trim", "colour"} & set(names):
        raise Refused(_("The order has a car. Take it from the order first."))
    if names:
        _set(order, facts, names, by=by, on=timezone.localdate(now))
        save(order, *names)
    return order


def _set(
    order: SalesOrder, facts: Mapping[str, Any], names: list[str], *, by: User, on: date
) -> None:
    for name in names:
        setattr(order, name, facts[name])
    if order.trim.store_id != order.store_id or order.consultant.store_id != order.store_id:
        raise Refused(_("This belongs to another store."))
    if "promised_on" in names and order.promised_on and order.promised_on < on:
        raise Refused(_("The promised day is past already. Promise a coming one."))
    _check_amounts(order)
    if {"trim", "price_amount"} & set(names):
        _check_discount(order, by, on)


def _check_amounts(order: SalesOrder) -> None:
    amounts = (order.insurance_amount, order.accessories_amount)
    if order.price_amount <= 0 or any(amount < 0 for amount in amounts):
        raise Refused(_("A price is more than nothing."))
    if order.deposit_amount is not None:
        _check_deposit(order, order.deposit_amount)


def _check_deposit(order: SalesOrder, amount: Decimal) -> None:
    most = policy.most_deposit(order.price_amount)
    if not 0 < amount <= most:
        raise Refused(
            _("A deposit binds up to 20 %% of the price, here %(most)s (Civil Code, article 586).")
            % {"most": f"{most:,}"}
        )


def _check_discount(order: SalesOrder, by: User, on: date) -> None:
    """A plain price is not a way around the limits of quotations (REC-07)."""
    numbers = numbers_of(order.store, on)
    manager = by.has_perm(MANAGERS)
    percent = numbers.manager_discount_percent if manager else numbers.consultant_discount_percent
    if not policy.discount_holds(guide_price(order.trim, on), order.price_amount, percent):
        raise Refused(
            _("The price is more than %(percent)s %% below the guide price. Have it approved.")
            % {"percent": percent}
        )


@action
def explain_contract(
    order: SalesOrder, said: Mapping[int, Said], *, by: User, now: datetime
) -> ChecklistRun:
    """The terms are gone through with the customer, point by point, before he signs (REC-08)."""
    order = locked(order)
    if order.status != OrderStatus.DRAFT:
        raise Refused(_("The contract is signed: what was explained stays as it is."))
    return checklists.go_through(
        order.store,
        ChecklistKind.CONTRACT,
        said,
        on=timezone.localdate(now),
        people=0,
        by=by,
        now=now,
        subject=contract_subject(order),
    )


@action
def sign(order: SalesOrder, *, copy_given: bool, version: int | None, now: datetime) -> SalesOrder:
    """Both have signed the contract (REC-08); the purchase is ordered.

    Refused: terms that were not all explained, no promised day, a contract that is no draft.
    """
    order = held(order, version)
    advance(order, OrderStatus.SIGNED)
    run = contract_run(order)
    if run is None or run.missing:
        raise Refused(_("Explain every point of the contract first."))
    if order.promised_on is None:
        raise Refused(_("Promise a day of delivery first."))
    order.signed_at = now
    order.copy_given_at = now if copy_given else None
    save(order, "status", "signed_at", "copy_given_at")
    _move_purchase(order, OpportunityStatus.ORDERED)
    return order


def _move_purchase(order: SalesOrder, to: OpportunityStatus) -> Opportunity:
    opportunity = locked(order.opportunity)
    advance(opportunity, to)
    opportunity.save(update_fields=["status"])
    return opportunity


@action
def give_copy(order: SalesOrder, *, now: datetime) -> SalesOrder:
    """The customer has got his copy of the contract (REC-08). Twice is once."""
    order = locked(order)
    if order.signed_at is None or order.status == OrderStatus.CANCELLED:
        raise Refused(_("Only a signed contract has a copy."))
    if order.copy_given_at is None:
        order.copy_given_at = now
        save(order, "copy_given_at")
    return order


@action
def take_deposit(
    order: SalesOrder, *, amount: Decimal, paid_how: str, version: int | None, now: datetime
) -> SalesOrder:
    """The deposit 定金 is paid (REC-08). Refused: more than a fifth of the price, no signature."""
    order = held(order, version)
    advance(order, OrderStatus.DEPOSITED)
    _check_deposit(order, amount)
    order.deposit_amount, order.paid_how, order.deposited_at = amount, paid_how, now
    save(order, "status", "deposit_amount", "paid_how", "deposited_at")
    return order


@action
def cancel(
    order: SalesOrder,
    *,
    reason: str,
    note: str = "",
    by: User,
    version: int | None,
    now: datetime,
) -> SalesOrder:
    """The contract does not hold: its car is free, its loan withdrawn, the purchase open again.

    Refused: after the deposit for all but the sales manager; after the delivery.
    """
    order = held(order, version)
    signed = order.status != OrderStatus.DRAFT
    allowed = policy.may_change("cancel", order.status, by.has_perm)
    advance(order, OrderStatus.CANCELLED)
    if not allowed:
        raise Refused(_("After the deposit only the sales manager cancels an order."))
    order.cancelled_at, order.cancel_reason, order.cancel_note = now, reason, note
    save(order, "status", "cancelled_at", "cancel_reason", "cancel_note")
    for loan in order.loans.exclude(status__in=[*LOAN_ENDED, LoanStatus.PAID_OUT]):
        advance(loan, LoanStatus.WITHDRAWN)
        save(loan, "status")
    if signed:
        opportunity, today = locked(order.opportunity), timezone.localdate(now)
        advance(opportunity, OpportunityStatus.OPEN)
        numbers = numbers_of(order.store, today)
        opportunity.follow_up_on = clocks.follow_up_on(opportunity.level, today, numbers)
        opportunity.save(update_fields=["status", "follow_up_on"])
    return order


@action
def mark_delivered(order: SalesOrder, vehicle: Vehicle, *, now: datetime) -> SalesOrder:
    """The hand-over is finished (DEL-07): the contract is kept, its car sold, the purchase done.

    ``vehicle``: the car as the archive has it. Refused: no deposit yet, no car, another car.
    """
    order = held(order, None)
    advance(order, OrderStatus.DELIVERED)
    car = order.stock_car
    if car is None:
        raise Refused(_("The order has no car yet."))
    if (car.vin, order.store_id) != (vehicle.vin, vehicle.store_id):
        raise Refused(_("This is not the car of the order."))
    order.delivered_at, order.vehicle = now, vehicle
    save(order, "status", "delivered_at", "vehicle")
    car.status = StockStatus.SOLD
    car.save(update_fields=["status"])
    opportunity = _move_purchase(order, OpportunityStatus.DELIVERED)
    opportunity.closed_at = now
    opportunity.save(update_fields=["closed_at"])
    return order
