"""The purchase tax of cars 车辆购置税 (REC-07).

The rule of 车辆购置税法: 10 % of the price without VAT (articles 4 to 6). New energy: in 2026
and 2027 half of it, at most 15,000 yuan a car; in 2024 and 2025 all of it, at most 30,000
(财政部 税务总局 工业和信息化部公告2023年第10号). The numbers are dated rows; this is how they work.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from apps.reception.choices.order import Energy
from apps.reception.policy.loan import HUNDRED, cents


class Rules(Protocol):
    """What a dated row of the tax says."""

    rate_percent: Decimal
    vat_percent: Decimal
    relief_percent: Decimal
    relief_cap_amount: Decimal


@dataclass(frozen=True)
class Tax:
    """How the tax of one car comes about; ``full`` − ``relief`` = ``due``."""

    base: Decimal  # the price without VAT
    full: Decimal
    relief: Decimal
    due: Decimal


def purchase_tax(price: Decimal, energy: str, rules: Rules) -> Tax:
    """The tax of a car that is invoiced at ``price``, VAT included."""
    base = cents(price / (1 + rules.vat_percent / HUNDRED))
    full, relief = cents(base * rules.rate_percent / HUNDRED), Decimal("0.00")
    if energy == Energy.NEV:
        relief = min(cents(full * rules.relief_percent / HUNDRED), rules.relief_cap_amount)
    return Tax(base, full, relief, full - relief)


# (from, relief in per cent, at most): what a new store starts with.
BY_LAW: tuple[tuple[date, dict[str, Any]], ...] = tuple(
    (day, {"relief_percent": Decimal(percent), "relief_cap_amount": Decimal(most)})
    for day, percent, most in (
        (date(2024, 1, 1), 100, 30000),
        (date(2026, 1, 1), 50, 15000),
        (date(2028, 1, 1), 0, 0),
    )
)
