"""What quotations are made of, and whose they are (REC-07)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.errors import Refused
from apps.reception.choices.quotation import Approval, LineKind, QuotationStatus
from apps.reception.models import LoanProduct, PurchaseTax, Quotation, Trim, TrimPrice
from apps.reception.policy import quotation as policy
from apps.reception.policy.loan import HUNDRED
from apps.reception.queries.opportunities import seen_by

SHOWN = ("opportunity__customer", "opportunity__consultant", "trim__car_model", "loan_product")
DISCOUNT_SHOWN = (*SHOWN, "asked_by")


def seen(user: Any) -> QuerySet[Quotation]:
    """Quotations of the purchases that this person sees."""
    rows = seen_by(user, Quotation.objects.all(), "opportunity__consultant")
    found: QuerySet[Quotation] = rows.select_related(*SHOWN)
    return found


def of_opportunity(opportunity: Any) -> list[Quotation]:
    """Its schemes with their lines, the withdrawn ones last. Two queries."""
    rows = opportunity.quotations.select_related("trim__car_model", "loan_product")
    found = list(rows.prefetch_related("lines"))
    return sorted(found, key=lambda row: (row.status == QuotationStatus.WITHDRAWN, row.place))


def waiting_for(user: Any) -> QuerySet[Quotation]:
    """Discounts of his own store that this manager can decide on, the oldest first."""
    rows = Quotation.objects.of_own_store(user).filter(
        approval=Approval.WAITING, status=QuotationStatus.OPEN
    )
    found: QuerySet[Quotation] = rows.select_related(*DISCOUNT_SHOWN).order_by("asked_at", "pk")
    return found


def prices_on(store: Store, on: date) -> list[TrimPrice]:
    """The guide price in force of every configuration that is sold. One that ran out is none,
    even where an older row is open."""
    rows = TrimPrice.objects.filter(
        store=store,
        effective_from__lte=on,
        trim__is_sold=True,
        trim__car_model__is_sold=True,
    )
    newest = rows.order_by("trim_id", "-effective_from").distinct("trim_id")
    found = [row for row in newest.select_related("trim__car_model") if _holds(row, on)]
    return sorted(found, key=lambda row: (str(row.trim.car_model), row.guide_amount))


def _holds(row: TrimPrice | LoanProduct, on: date) -> bool:
    return row.until is None or row.until >= on


def loans_on(store: Store, on: date) -> list[LoanProduct]:
    """What lenders offer on the day, the cheapest first."""
    rows = LoanProduct.objects.filter(store=store, effective_from__lte=on)
    return list(rows.filter(Q(until=None) | Q(until__gte=on)).select_related("car_model"))


class Cell(NamedTuple):
    """What one scheme has of a kind of line: None, it has none."""

    amount: Decimal | None
    names: list[str]


@dataclass(frozen=True)
class Scheme:
    """A quotation as it is written, before anything is worked out."""

    trim: Trim
    valid_until: date
    lines: list[policy.Line]
    name: str = ""
    colour: str = ""
    remark: str = ""
    reason: str = ""
    loan: LoanProduct | None = None
    months: int = 0
    down_percent: Decimal = field(default=Decimal(0))


@dataclass(frozen=True)
class Reckoned:
    """What a scheme comes to on a day."""

    guide: Decimal
    energy: str
    figures: policy.Figures


def reckon(store: Store, scheme: Scheme, on: date) -> Reckoned:
    """With the guide price, the tax and the loans of the day. Refused: one of them is missing,
    a loan that its lender does not offer, and what ``policy.quotation.figures`` refuses."""
    guide = _guide_of(store, scheme.trim, on)
    rules = PurchaseTax.objects.in_force(store, on)
    if rules is None:
        raise Refused(_("No purchase tax is kept for this day. Tell the sales manager."))
    energy = scheme.trim.car_model.energy
    try:
        wish = _wish(store, scheme, on)
        figures = policy.figures(guide, energy, scheme.lines, rules, wish)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    _check_amount(scheme.loan, figures)
    return Reckoned(guide, energy, figures)


def _guide_of(store: Store, trim: Trim, on: date) -> Decimal:
    price = (
        TrimPrice.objects.filter(store=store, trim=trim, effective_from__lte=on)
        .order_by("-effective_from")
        .first()
    )
    if price is None or not _holds(price, on):
        raise Refused(_("No guide price of this configuration holds. Tell the sales manager."))
    amount: Decimal = price.guide_amount
    return amount


def _wish(store: Store, scheme: Scheme, on: date) -> policy.Wish | None:
    loan = scheme.loan
    if loan is None:
        return None
    if loan.store_id != store.pk or loan.effective_from > on or not _holds(loan, on):
        raise Refused(_("This loan is not offered on this day. Choose another one."))
    if loan.car_model_id not in (None, scheme.trim.car_model_id):
        raise Refused(_("This loan is offered for another model only."))
    if scheme.months not in loan.terms:
        raise Refused(_("This loan is not offered for that many months."))
    if scheme.down_percent < loan.least_down_percent:
        raise Refused(
            _("This loan asks for a down payment of at least %(percent)s per cent.")
            % {"percent": loan.least_down_percent}
        )
    return policy.Wish(loan.annual_percent, scheme.months, scheme.down_percent)


def _check_amount(loan: LoanProduct | None, figures: policy.Figures) -> None:
    most = loan.most_amount if loan else None
    if most is not None and figures.loan and figures.loan.principal > most:
        least = (figures.invoice - most) * HUNDRED / figures.invoice
        raise Refused(
            _("This loan is of at most %(most)s yuan: pay at least %(percent)s per cent at once.")
            % {"most": most, "percent": f"{least + Decimal('0.005'):.2f}"}
        )


def side_by_side(schemes: Sequence[Quotation]) -> list[tuple[str, list[Cell]]]:
    """What the schemes consist of: a heading and a cell for each scheme, by kind of line.

    Kinds that none of them has are left out. ``schemes`` with their lines (``of_opportunity``).
    """
    table = []
    for kind in LineKind:
        cells = []
        for scheme in schemes:
            lines = [line for line in scheme.lines.all() if line.kind == kind]
            amount = sum((line.signed_amount for line in lines), policy.NOTHING)
            names = [line.name for line in lines if line.name and kind != LineKind.CAR]
            cells.append(Cell(amount if lines else None, names))
        if any(cell.amount is not None for cell in cells):
            table.append((str(kind.label), cells))
    return table
