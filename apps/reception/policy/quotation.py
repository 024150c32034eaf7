"""What a quotation comes to, and how much of it may be given away (REC-07)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.reception.choices.quotation import GIVEN, TAKEN_OFF, Approval, LineKind
from apps.reception.policy import loan as loans
from apps.reception.policy.loan import HUNDRED, Loan
from apps.reception.policy.tax import Rules, Tax, purchase_tax

NOTHING = Decimal("0.00")


class Line(NamedTuple):
    """A line as it is written: the amount without a sign."""

    kind: str
    name: str
    amount: Decimal
    remark: str = ""


@dataclass(frozen=True)
class Wish:
    """A loan as it is asked for: the rate and length of a product, what is paid at once."""

    annual_percent: Decimal
    months: int
    down_percent: Decimal


@dataclass(frozen=True)
class Figures:
    """Everything that follows from what was written."""

    invoice: Decimal  # the car as it is invoiced
    tax: Tax
    loan: Loan | None
    down: Decimal  # the part of the car that is paid at once
    given: Decimal  # what the house gives away
    total: Decimal  # what the customer pays altogether, interest included

    @property
    def at_once(self) -> Decimal:
        """What is paid by the day of delivery."""
        return self.total - (self.loan.total if self.loan else NOTHING)


def signed(kind: str, amount: Decimal) -> Decimal:
    return -amount if kind in TAKEN_OFF else amount


def sum_of(lines: Iterable[Line], kinds: Sequence[str]) -> Decimal:
    return sum((line.amount for line in lines if line.kind in kinds), NOTHING)


def figures(
    guide: Decimal, energy: str, lines: Sequence[Line], rules: Rules, wish: Wish | None = None
) -> Figures:
    """Of the guide price and the typed ``lines``. Raises ValueError with a sentence."""
    if guide <= 0 or any(line.amount < 0 for line in lines):
        raise ValueError(_("Prices are not negative. What is taken off has a line of its own."))
    off = sum_of(lines, [LineKind.DISCOUNT])
    if off >= guide:
        raise ValueError(_("The discount is less than the price of the car."))
    if sum_of(lines, [LineKind.GIFT]) > sum_of(lines, [LineKind.ACCESSORY]):
        raise ValueError(_("Only accessories that are on the quotation can be given."))
    invoice = guide - off
    tax = purchase_tax(invoice, energy, rules)
    loan, down = None, invoice
    if wish is not None:
        down = loans.down_payment(invoice, wish.down_percent)
        loan = loans.loan(invoice - down, wish.annual_percent, wish.months)
    typed = sum((signed(line.kind, line.amount) for line in lines), NOTHING)
    total = guide + typed + tax.due + (loan.interest if loan else NOTHING)
    found = Figures(invoice, tax, loan, down, sum_of(lines, GIVEN), total)
    if found.at_once < 0:
        raise ValueError(_("More is taken off than the customer has to pay."))
    return found


def percent_of(given: Decimal, guide: Decimal) -> Decimal:
    """Of the guide price, to two places, rounded half up."""
    return loans.cents(given * HUNDRED / guide)


def limit(guide: Decimal, percent: Decimal | int) -> Decimal:
    """The most yuan that ``percent`` of the guide price allow."""
    return guide * Decimal(percent) / HUNDRED


def standing(given: Decimal, guide: Decimal, own_percent: int, most_percent: int) -> Approval:
    """What the discount needs. Raises ValueError over what even the sales manager may give."""
    if given > limit(guide, most_percent):
        raise ValueError(
            _("%(given)s %% of the guide price is more than anybody may give (%(most)s %%).")
            % {"given": percent_of(given, guide), "most": most_percent}
        )
    return Approval.NOT_NEEDED if given <= limit(guide, own_percent) else Approval.WAITING
