"""The weeks and months that an analysis is about, and those before them (CARE-17)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField
from django.db.models.functions import TruncMonth, TruncWeek

from apps.core.dates import add_months, month_end

WEEK, MONTH = "week", "month"
BACK = {WEEK: 8, MONTH: 6}  # how many of them a trend is drawn over
_TRUNC = {WEEK: TruncWeek, MONTH: TruncMonth}


@dataclass(frozen=True)
class Period:
    """One week (from Monday) or one month."""

    kind: str
    first: date

    @classmethod
    def of(cls, kind: str, day: date) -> "Period":
        """The one in which ``day`` lies."""
        first = day.replace(day=1) if kind == MONTH else day - timedelta(days=day.weekday())
        return cls(kind, first)

    @property
    def last(self) -> date:
        return month_end(self.first) if self.kind == MONTH else self.first + timedelta(days=6)

    def moved(self, by: int) -> "Period":
        """So many periods later, or earlier when negative."""
        if self.kind == MONTH:
            return Period(self.kind, add_months(self.first, by))
        return Period(self.kind, self.first + timedelta(weeks=by))

    @property
    def before(self) -> "Period":
        return self.moved(-1)

    @property
    def after(self) -> "Period":
        return self.moved(1)

    @property
    def trend(self) -> list["Period"]:
        """Those that a chart shows: this one is the last of them."""
        return [self.moved(-n) for n in reversed(range(BACK[self.kind]))]

    def start_of(self, field: str) -> Any:
        """The first day of the period in which a column's day lies, as the database says it."""
        return _TRUNC[self.kind](field, output_field=DateField())

    def __str__(self) -> str:
        if self.kind == MONTH:
            return f"{self.first:%Y-%m}"
        year, week, _day = self.first.isocalendar()
        return f"{year}-W{week:02}"
