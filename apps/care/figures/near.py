"""Which reminder rate of the month is near its line, and the calls that would save it (CARE-23)."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from apps.accounts.models import Store
from apps.care import policy
from apps.care.figures import reminders
from apps.care.figures.periods import MONTH, Period
from apps.care.models import CarePolicy


@dataclass(frozen=True)
class Near:
    """One kind's rate of the month, of a store or of one person's own calls."""

    kind: str
    counts: dict[str, int]
    line: int  # per cent

    @property
    def share(self) -> int | None:
        """Of the calls whose outcome is known, those reminded in time, in per cent."""
        known = self.counts["reminded"] + self.counts["missed"]
        return round(100 * self.counts["reminded"] / known) if known else None

    @property
    def slack(self) -> int:
        """How many more calls may be missed; below 0 the month is under the line already."""
        due = self.counts["due"]
        return due - ceil(due * self.line / 100) - self.counts["missed"]

    @property
    def lost(self) -> bool:
        return self.slack < 0

    def __bool__(self) -> bool:
        """Whether to warn: there are calls still to be made, and few of them may be missed."""
        return self.counts["open"] > 0 and self.slack <= policy.NEAR_CALLS


@dataclass(frozen=True)
class Rates:
    """Of the store, and of each owner."""

    store: list[Near]
    people: dict[int | None, list[Near]]


def rates(store: Store, numbers: CarePolicy, today: date) -> Rates:
    """The month's rates of both kinds. One query."""
    month = Period.of(MONTH, today)
    told = reminders.reminders(store, month, today, trend=[month])
    line = numbers.rate_line
    return Rates(
        [Near(kind, told.of[month.first, kind].counts, line) for kind in reminders.KINDS],
        {
            person: [Near(kind, kinds[kind].counts, line) for kind in reminders.KINDS]
            for person, kinds in told.people.items()
        },
    )
