"""The months that scores are looked at over, and those before them."""

from dataclasses import dataclass
from datetime import date

from apps.core.dates import add_months, month_end

LENGTHS = (1, 3, 12)  # months that are looked at together
TREND = 13  # months of a trend: the same month of the year before is its first


@dataclass(frozen=True)
class Span:
    """``months`` whole months; ``month`` is the first day of the last of them."""

    month: date
    months: int = 1

    @classmethod
    def of(cls, day: date, months: int = 1) -> "Span":
        """The one that ends with the month in which ``day`` lies."""
        return cls(day.replace(day=1), months)

    @property
    def first(self) -> date:
        return add_months(self.month, 1 - self.months)

    @property
    def last(self) -> date:
        return month_end(self.month)

    @property
    def before(self) -> "Span":
        """As many months, right before."""
        return Span(add_months(self.month, -self.months), self.months)

    def moved(self, months: int) -> "Span":
        return Span(add_months(self.month, months), self.months)

    @property
    def earlier(self) -> "Span":
        return self.moved(-1)

    @property
    def later(self) -> "Span":
        return self.moved(1)

    @property
    def trend(self) -> list[date]:
        """The first days of the months that a chart shows, the last of this span the last."""
        return [add_months(self.month, -n) for n in reversed(range(TREND))]

    def __str__(self) -> str:
        if self.months == 1:
            return f"{self.month:%Y-%m}"
        return f"{self.first:%Y-%m} – {self.month:%Y-%m}"
