"""Car loans in equal instalments 等额本息, to the cent (REC-07).

Amounts are yuan as Decimal, rates are nominal annual per cent (年化利率, simple: a month is a
twelfth). Everything is rounded half up to the cent, as a lender's schedule is: the instalment
once, the interest of each month on what is still owed; the last instalment clears the rest.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import gettext as _

CENT = Decimal("0.01")
LONGEST = 84  # months
HIGHEST = Decimal(36)  # per cent a year
LEAST = Decimal(1000)  # yuan: below it rounding would eat the last instalment
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Instalment:
    """One month: what is paid, how much of it is interest, what is owed afterwards."""

    number: int
    amount: Decimal
    interest: Decimal
    owed: Decimal

    @property
    def repaid(self) -> Decimal:
        return self.amount - self.interest


@dataclass(frozen=True)
class Loan:
    """What a loan costs. ``monthly`` holds for all months but the last."""

    principal: Decimal
    months: int
    monthly: Decimal
    last: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        """All instalments together."""
        return self.principal + self.interest


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def down_payment(price: Decimal, percent: Decimal) -> Decimal:
    """The part of the car's price that is paid at once. Raises ValueError over the price."""
    if not 0 <= percent < HUNDRED:
        raise ValueError(_("The down payment is from 0 to under 100 per cent of the price."))
    return cents(price * percent / HUNDRED)


def check(principal: Decimal, annual_percent: Decimal, months: int) -> None:
    """Raise ValueError with a sentence for a loan that nobody gives."""
    if not 1 <= months <= LONGEST:
        raise ValueError(_("A loan runs from 1 to %(months)s months.") % {"months": LONGEST})
    if not 0 <= annual_percent <= HIGHEST:
        raise ValueError(
            _("The rate is from 0 to %(percent)s per cent a year.") % {"percent": HIGHEST}
        )
    if principal < LEAST or principal != cents(principal):
        raise ValueError(_("A loan is of at least %(amount)s yuan.") % {"amount": LEAST})


def instalment(principal: Decimal, annual_percent: Decimal, months: int) -> Decimal:
    """What is paid each month: P·r / (1 − (1 + r)⁻ⁿ), without interest P / n."""
    with localcontext() as context:
        context.prec = 50
        rate = annual_percent / HUNDRED / 12
        if not rate:
            return cents(principal / months)
        return cents(principal * rate / (1 - (1 + rate) ** -months))


def schedule(principal: Decimal, annual_percent: Decimal, months: int) -> list[Instalment]:
    """Month by month until nothing is owed. Raises ValueError as ``check``."""
    check(principal, annual_percent, months)
    monthly, owed, found = instalment(principal, annual_percent, months), principal, []
    for number in range(1, months + 1):
        interest = cents(owed * annual_percent / HUNDRED / 12)
        amount = monthly if number < months else owed + interest
        owed = owed + interest - amount
        found.append(Instalment(number, amount, interest, owed))
    return found


def loan(principal: Decimal, annual_percent: Decimal, months: int) -> Loan:
    """The loan in four numbers. Raises ValueError as ``check``."""
    rows = schedule(principal, annual_percent, months)
    interest = sum((row.interest for row in rows), Decimal("0.00"))
    return Loan(principal, months, rows[0].amount, rows[-1].amount, interest)
