"""Rules of penalties as plain values (PEN-08, PEN-09): no database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from apps.accounts.choices import Role
from apps.penalties.choices import Clause

REWARDS = (Clause.REWARD,)
NO_ONE = Decimal(0)


@dataclass(frozen=True)
class Range:
    """What a rule allows, in CNY."""

    low: Decimal
    high: Decimal

    def allows(self, amount: Decimal) -> bool:
        return self.low <= amount <= self.high

    @property
    def is_warning(self) -> bool:
        """PEN-07: nothing is deducted, it is only said."""
        return self.high == 0


def entry_amount(amount: Decimal, *, is_reward: bool) -> Decimal:
    """What stands on the monthly sheet: a deduction is below 0."""
    return amount if is_reward else -amount


def decides(roles: Collection[str], of: Collection[str]) -> bool:
    """Who decides on a person with the roles ``of``: the care manager; on a care manager's the
    general manager, who also takes the care manager's place (PEN-08)."""
    if Role.GENERAL_MANAGER in roles:
        return True
    return Role.CARE_MANAGER in roles and Role.CARE_MANAGER not in of
