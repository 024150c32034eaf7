"""Number, mean and how sure it is, of any column of scores (SSI-05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import sqrt
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value

from apps.ssi.policy.intervals import FEWEST, Interval, difference, interval

NONE = Decimal(0)


@dataclass(frozen=True)
class Mean:
    """``n`` scores as the sums of their first three powers: exact, so that groups add up.

    ``low``: so many of the scores are low.
    """

    n: int = 0
    total: Decimal = NONE
    squares: Decimal = NONE
    cubes: Decimal = NONE
    low: int = 0

    @cached_property
    def mean(self) -> float | None:
        return float(self.total / self.n) if self.n else None

    @cached_property
    def deviation(self) -> float:
        """Of the sample."""
        if self.n < 2:
            return 0.0
        return sqrt((self.squares - self.total * self.total / self.n) / (self.n - 1))

    @cached_property
    def skewness(self) -> float:
        """How far they lean to one side; below 0 when a few are far below the others."""
        if self.n < 2:
            return 0.0
        mean = self.total / self.n
        second = self.squares / self.n - mean * mean
        third = self.cubes / self.n - 3 * mean * self.squares / self.n + 2 * mean**3
        return float(third) / float(second) ** 1.5 if second > 0 else 0.0

    @property
    def few(self) -> bool:
        """Too few to say anything certain."""
        return self.n < FEWEST

    @cached_property
    def interval(self) -> Interval | None:
        """Where the true mean lies (95 %); None: too few."""
        if self.mean is None or self.few:
            return None
        return interval(self.n, self.mean, self.deviation, self.skewness)

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        found = self.interval
        return None if found is None else (found.high - found.low) / 2

    @classmethod
    def together(cls, parts: Iterable["Mean"]) -> "Mean":
        """Those of several groups as one."""
        there = [part for part in parts if part.n]
        return cls(
            sum(part.n for part in there),
            sum((part.total for part in there), NONE),
            sum((part.squares for part in there), NONE),
            sum((part.cubes for part in there), NONE),
            sum(part.low for part in there),
        )


@dataclass(frozen=True)
class Beside:
    """A mean beside that of the time before."""

    now: Mean = Mean()
    before: Mean = Mean()

    @property
    def change(self) -> float | None:
        if self.now.mean is None or self.before.mean is None:
            return None
        return self.now.mean - self.before.mean

    @property
    def change_told(self) -> str:
        return "" if self.change is None else f"{self.change:+.1f}".replace("-", "−")

    @cached_property
    def change_interval(self) -> Interval | None:
        """Between which points the true change lies (95 %); None: too few to say."""
        now, before = self.now, self.before
        if now.mean is None or before.mean is None:
            return None
        return difference(
            (now.n, now.mean, now.deviation), (before.n, before.mean, before.deviation)
        )

    @property
    def is_certain(self) -> bool:
        """Whether the change is more than chance makes."""
        found = self.change_interval
        return found is not None and (found.low > 0 or found.high < 0)


def measured(
    rows: QuerySet[Any], column: str, *by: str, low: Q | None = None, scale: int = 1
) -> dict[Any, Mean]:
    """``Mean`` of ``column`` times ``scale`` by the columns ``by``: one alone is the key, several
    a tuple.

    ``low`` says which rows are low. One statement, whatever the number of rows; a group
    without a value is left out. Sums, for they are exact and cost less than avg and stddev.
    """
    value = F(column)
    figures = {
        "n": Count(column),
        "total": Sum(column),
        "squares": Sum(value * value),
        "cubes": Sum(value * value * value),
        "lows": Count(column, filter=low) if low else Value(0),
    }
    found = rows.order_by().values_list(*by).annotate(**figures)
    single = len(by) == 1
    return {
        (key[0] if single else tuple(key)): Mean(
            n,
            Decimal(total) * scale,
            Decimal(squares) * scale**2,
            Decimal(cubes) * scale**3,
            lows,
        )
        for *key, n, total, squares, cubes, lows in found
        if n
    }
