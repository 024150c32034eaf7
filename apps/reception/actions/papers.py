"""What belongs to a contract: papers checked, the loan, the car taken in exchange (REC-06, 08)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.meanwhile import held, save
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers import actions as customers
from apps.customers import sealing
from apps.customers.actions.people import plate
from apps.customers.choices import CustomerKind
from apps.customers.models import Customer
from apps.customers.vins import normalise
from apps.reception.choices.order import (
    CAR_NEEDS,
    LOAN_ENDED,
    LOAN_NEEDS,
    LoanPaper,
    LoanStatus,
    PaperCheck,
    PaperKind,
)
from apps.reception.models import LoanApplication, OrderPaper, SalesOrder, TradeIn
from apps.reception.policy import order as policy

NEEDED_CHECKS = {PaperCheck.ORIGINAL, PaperCheck.NAME}
LOAN_TERMS = ("lender", "amount", "months", "papers", "note")
LONGEST = 96  # months
VERIFIED = ("plate", "vin", "model", "registered_on", "km", "papers", "condition", "findings")


def _held_for(order: SalesOrder, what: str, by: User) -> SalesOrder:
    """The contract, held, while this part of it may still be changed by ``by`` (REC-12)."""
    order = locked(order)
    if not policy.may_change(what, order.status, by.has_perm):
        raise Refused(
            _("Not to be changed by you any more: the order is %(status)s.")
            % {"status": order.get_status_display()}
        )
    return order


@action
def note_paper(
    order: SalesOrder,
    kind: str,
    *,
    number: str,
    valid_until: date | None,
    checks: Collection[str],
    by: User,
    now: datetime,
) -> OrderPaper:
    """A paper of the buyer was looked at (REC-06). Again: what was said before is replaced.

    The number of a person's ID card goes into the archive where it has none, so that nobody
    types it twice (DEL-06). Refused: no original seen or another name on it, an expired paper,
    an ID number that cannot be or is not the one of the archive.
    """
    number = "".join(number.split()).upper()
    buyer = locked(order.customer)
    order = _held_for(order, "papers", by)
    if not set(checks) >= NEEDED_CHECKS:
        raise Refused(_("See the original, and compare the name on it with the buyer's."))
    if valid_until is not None and valid_until < timezone.localdate(now):
        raise Refused(_("The paper has expired on %(day)s.") % {"day": valid_until})
    if kind == PaperKind.ID_CARD:
        _check_id(buyer, number, by)
    facts: dict[str, Any] = {
        "number_sealed": sealing.seal(number),
        "valid_until": valid_until,
        "by": by,
    }
    facts |= {"checks": [one for one in PaperCheck.values if one in checks], "at": now}
    paper, _new = OrderPaper.objects.update_or_create(
        order=order, kind=kind, defaults=facts | {"store_id": order.store_id}
    )
    return paper


def _check_id(buyer: Customer, number: str, by: User) -> None:
    if not sealing.id_number_holds(number):
        raise Refused(_("This ID number cannot be: look at the card again."))
    if buyer.kind == CustomerKind.COMPANY:
        return  # the card of who signs for it
    if buyer.id_number_hash and buyer.id_number_hash != sealing.hash(number):
        raise Refused(_("The archive has another ID number of this customer. Settle that first."))
    if not buyer.id_number_hash:
        customers.change_customer(buyer, by=by, id_number=number)


@action
def start_loan(
    order: SalesOrder, terms: Mapping[str, Any], *, by: User, now: datetime
) -> LoanApplication:
    """A loan is asked for (REC-08). Refused: one that runs already, more than the car costs."""
    order = _held_for(order, "loan", by)
    if not order.is_live:
        raise Refused(_("The order is %(status)s.") % {"status": order.get_status_display()})
    if order.loans.exclude(status__in=LOAN_ENDED).exists():
        raise Refused(_("A loan is asked for already."))
    loan = LoanApplication(store_id=order.store_id, order=order, by=by, made_at=now)
    _set_terms(loan, terms)
    loan.save()
    return loan


@action
def change_loan(
    loan: LoanApplication, terms: Mapping[str, Any], *, by: User, version: int
) -> LoanApplication:
    """Terms and papers, as long as it is not handed in."""
    _held_for(loan.order, "loan", by)
    loan = held(loan, version)
    if loan.status != LoanStatus.PREPARING:
        raise Refused(_("The application is handed in: it cannot be changed."))
    _set_terms(loan, terms)
    save(loan, *LOAN_TERMS)
    return loan


def _set_terms(loan: LoanApplication, terms: Mapping[str, Any]) -> None:
    for name in LOAN_TERMS:
        if name in terms:
            setattr(loan, name, terms[name])
    loan.papers = [one for one in LoanPaper.values if one in loan.papers]
    if not 0 < loan.amount <= loan.order.price_amount:
        raise Refused(_("A loan is more than nothing and not more than the price of the car."))
    if not 1 <= loan.months <= LONGEST:
        raise Refused(_("A loan runs from 1 to %(most)s months.") % {"most": LONGEST})


@action
def move_loan(
    loan: LoanApplication,
    to: str,
    *,
    note: str = "",
    by: User,
    version: int | None,
    now: datetime,
) -> LoanApplication:
    """Handed in, granted, paid out, refused, withdrawn (REC-08).

    Refused: a step that does not follow, papers that a bank always wants, no word why not.
    """
    _held_for(loan.order, "loan", by)
    loan = held(loan, version)
    step = LoanStatus(to)
    advance(loan, step)
    missing = [LoanPaper(one).label for one in LOAN_NEEDS if one not in loan.papers]
    if step == LoanStatus.SUBMITTED and missing:
        raise Refused(
            _("The bank wants these papers too: %(papers)s.")
            % {"papers": "、".join(str(label) for label in missing)}
        )
    if step == LoanStatus.REFUSED and not note.strip():
        raise Refused(_("Say why the loan was not granted."))
    column = {
        LoanStatus.SUBMITTED: "submitted_at",
        LoanStatus.APPROVED: "decided_at",
        LoanStatus.REFUSED: "decided_at",
        LoanStatus.PAID_OUT: "paid_out_at",
    }.get(step)
    loan.note = note[:200] or loan.note
    if column:
        setattr(loan, column, now)
    save(loan, "status", "note", *([column] if column else []))
    return loan


@action
def verify_trade_in(order: SalesOrder, facts: Mapping[str, Any], *, by: User) -> TradeIn:
    """The buyer's used car: its papers and condition (REC-06). What is corrected takes the
    valuation back. Refused: a VIN or plate that cannot be, the VIN of the new car."""
    order = _held_for(order, "trade_in", by)
    said = {**facts, "vin": normalise(facts["vin"]), "plate": plate(facts["plate"])}
    if order.stock_car and order.stock_car.vin == said["vin"]:
        raise Refused(_("This is the VIN of the new car."))
    row: TradeIn | None = TradeIn.objects.filter(order=order).first()
    row = row or TradeIn(store_id=order.store_id, order=order)
    if row.pk and any(getattr(row, name) != said[name] for name in VERIFIED if name in said):
        row.value_amount = row.valued_by = row.valued_at = None
        row.is_agreed = False
    for name in VERIFIED:
        if name in said:
            setattr(row, name, said[name])
    row.save()
    return row


@action
def value_trade_in(
    order: SalesOrder, amount: Decimal, *, agreed: bool, by: User, now: datetime
) -> TradeIn:
    """What the house gives for it, and whether the customer agrees (REC-06).

    Refused: before its papers were verified.
    """
    order = _held_for(order, "trade_in", by)
    row: TradeIn | None = TradeIn.objects.filter(order=order).first()
    if row is None or not set(row.papers) >= set(CAR_NEEDS):
        raise Refused(_("Verify the papers of the used car first."))
    if amount <= 0:
        raise Refused(_("A price is more than nothing."))
    row.value_amount, row.valued_by, row.valued_at, row.is_agreed = amount, by, now, agreed
    row.save(update_fields=["value_amount", "valued_by", "valued_at", "is_agreed"])
    return row


@action
def drop_trade_in(order: SalesOrder, *, by: User) -> None:
    """The customer keeps his car or sells it elsewhere. Twice is once; the history keeps it."""
    order = _held_for(order, "trade_in", by)
    TradeIn.objects.filter(order=order).delete()
