"""Number, mean and how sure it is, of any column of scores (SSI-05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import Avg, Count, FloatField, Q, QuerySet, StdDev
from django.db.models.functions import Cast

from apps.ssi.policy.intervals import FEWEST, Interval, difference, interval


@dataclass(frozen=True)
class Mean:
    """``n`` scores, their mean and sample standard deviation; ``low``: so many of them are low."""

    n: int = 0
    mean: float | None = None
    deviation: float = 0.0
    low: int = 0

    @property
    def few(self) -> bool:
        """Too few to say anything certain."""
        return self.n < FEWEST

    @property
    def interval(self) -> Interval | None:
        """Where the true mean lies (95 %); None: too few."""
        return None if self.mean is None else interval(self.n, self.mean, self.deviation)

    @property
    def half(self) -> float | None:
        """How far the true mean may lie from this one (95 %), where the scale has room."""
        found = self.interval
        if found is None or self.mean is None:
            return None
        return max(found.high - self.mean, self.mean - found.low)

    @classmethod
    def together(cls, parts: Iterable["Mean"]) -> "Mean":
        """Those of several groups as one."""
        parts = list(parts)
        there = [(part.n, part.mean, part.deviation) for part in parts if part.mean is not None]
        n = sum(number for number, _mean, _deviation in there)
        if not n:
            return cls()
        mean = sum(number * its for number, its, _deviation in there) / n
        squares = sum((k - 1) * sd**2 + k * (its - mean) ** 2 for k, its, sd in there)
        deviation = sqrt(squares / (n - 1)) if n > 1 else 0.0
        return cls(n, mean, deviation, sum(part.low for part in parts))


NOBODY = Mean()


@dataclass(frozen=True)
class Beside:
    """A mean beside that of the time before."""

    now: Mean = NOBODY
    before: Mean = NOBODY

    @property
    def change(self) -> float | None:
        if self.now.mean is None or self.before.mean is None:
            return None
        return self.now.mean - self.before.mean

    @property
    def change_told(self) -> str:
        return "" if self.change is None else f"{self.change:+.1f}".replace("-", "−")

    @property
    def change_interval(self) -> Interval | None:
        """Between which points the true change lies (95 %); None: too few to say."""
        if self.now.mean is None or self.before.mean is None:
            return None
        now, before = self.now, self.before
        return difference(
            (now.n, self.now.mean, now.deviation), (before.n, self.before.mean, before.deviation)
        )

    @property
    def is_certain(self) -> bool:
        """Whether the change is more than chance makes."""
        found = self.change_interval
        return found is not None and (found.low > 0 or found.high < 0)


def measured(rows: QuerySet[Any], column: str, *by: str, low: Q | None = None) -> dict[Any, Mean]:
    """``Mean`` of ``column`` by the columns ``by``: one alone is the key, several a tuple.

    ``low`` says which rows are low. One statement, whatever the number of rows; a group
    without a value is left out.
    """
    value = Cast(column, FloatField())  # sums of numeric cost several times as much
    figures = {"n": Count(column), "mean": Avg(value), "deviation": StdDev(value, sample=True)}
    if low is not None:
        figures["lows"] = Count(column, filter=low)
    single = len(by) == 1
    return {
        (key[0] if single else tuple(key)): Mean(n, mean, deviation or 0.0, *lows)
        for (*key, n, mean, deviation), lows in _split(
            rows.order_by().values_list(*by).annotate(**figures), len(by) + 3
        )
        if n
    }


def _split(rows: Iterable[Any], at: int) -> Iterable[tuple[Any, Any]]:
    return ((row[:at], row[at:]) for row in rows)
