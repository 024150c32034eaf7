"""Every figure of a month by its one definition: which rows are counted, of which (REP-08).

Nothing is defined here: each app says what its rows are; this module puts them side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, BooleanField, Count, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Store
from apps.care.choices import CallKind
from apps.care.figures import churn, reminders, returns
from apps.care.models import CarePolicy
from apps.core.dates import add_months, month_end
from apps.delivery.figures import dsm_due
from apps.delivery.models.dsm import IN_TIME
from apps.reception.choices.order import Along
from apps.reception.figures.penetration import HAS, sold
from apps.reports.choices import SCORES, Figure
from apps.service import figures as workshop
from apps.ssi.figures.buyers import of_buyers

PLACES = Decimal("0.01")
NEARLY_ALL = Decimal("99.99")  # 100 only when it is all of them


@dataclass(frozen=True)
class Month:
    """The month of a store, as it is looked at ``now``."""

    store: Store
    first: date
    now: datetime
    numbers: CarePolicy

    @property
    def last(self) -> date:
        return month_end(self.first)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last


@dataclass(frozen=True)
class Counted:
    """One figure of one month: the rows of ``whole`` of which ``hit`` is true."""

    figure: Figure
    month: Month
    whole: Any
    hit: Q
    is_final: bool  # else so far (REP-02)

    @property
    def hits(self) -> Any:
        return self.whole.filter(self.hit)

    @cached_property
    def sums(self) -> dict[str, Any]:
        """How many of how many, and the mean of an index: one query."""
        sums: dict[str, Any] = {"n": Count("pk", filter=self.hit), "of": Count("pk")}
        if self.figure in SCORES:
            sums["mean"] = Avg("score")
        found: dict[str, Any] = self.whole.order_by().aggregate(**sums)
        return found

    @property
    def n(self) -> int:
        return int(self.sums["n"])

    @property
    def of(self) -> int:
        return int(self.sums["of"])

    @property
    def value(self) -> Decimal | None:
        """Per cent, of the index points; None of nothing."""
        return self.value_of(self.n, self.of)

    def value_of(self, n: int, of: int) -> Decimal | None:
        """The same, of rows that are counted already."""
        if self.figure not in SCORES:
            return share(n, of)
        mean = self.sums["mean"]
        return None if mean is None else rounded(Decimal(mean))

    def pks(self) -> tuple[list[int], list[int]]:
        """Of the rows that are counted and of the whole, in their order. One query."""
        hit = ExpressionWrapper(self.hit, output_field=BooleanField())
        rows = sorted(self.whole.order_by().values_list("pk", hit))
        return [pk for pk, is_hit in rows if is_hit], [pk for pk, _is_hit in rows]

    @property
    def address(self) -> str:
        return address_of(self.figure, self.month.first, self.month.store.pk)


def address_of(figure: Figure, month: date, store: int) -> str:
    """The page of the rows of a figure as they are now."""
    asked = {"figure": figure.value, "month": f"{month:%Y-%m}", "store": store}
    return f"{reverse('reports:rows')}?{urlencode(asked)}"


def rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def share(n: int, of: int) -> Decimal | None:
    """In per cent to 0.01, half up; 100 only when it is all of them."""
    if not of:
        return None
    found = rounded(Decimal(100 * n) / of)
    return min(found, NEARLY_ALL) if n < of else found


Rows = tuple[Any, Q]  # the whole, and which of them are counted


def _returned(kind: CallKind) -> Callable[[Month], Rows]:
    def rows(month: Month) -> Rows:
        within = returns.within(month.numbers)[kind]
        return returns.ROWS[kind](month.store, *month.days, within), Q(back=True)

    return rows


def _reminded(kind: CallKind) -> Callable[[Month], Rows]:
    def rows(month: Month) -> Rows:
        calls = reminders.calls_due(month.store, [kind], *month.days)
        return calls.filter(reminders.DUE), reminders.IN_TIME

    return rows


def _appointments(month: Month) -> Rows:
    return workshop.orders_opened(month.store, *month.days), workshop.BY_APPOINTMENT


def _shown_up(month: Month) -> Rows:
    return workshop.promised_visits(month.store, *month.days, month.now), workshop.CAME


def _lost(month: Month) -> Rows:
    """On the last day of the month; while it lasts, today."""
    on = min(month.last, month.today)
    cars = churn.cars_known(month.store, on, month.today, month.numbers)
    return cars, churn.lost(on, month.numbers)


def _along(what: Along) -> Callable[[Month], Rows]:
    def rows(month: Month) -> Rows:
        return sold([month.store.pk], *month.days), HAS[what]

    return rows


def _dsm(month: Month) -> Rows:
    """Of those that are decided: in time, late, or not complete though the limit has passed."""
    return dsm_due(month.store, *month.days).decided(month.now), IN_TIME


def _ssi(month: Month) -> Rows:
    return of_buyers(month.store.pk, *month.days), Q(score__isnull=False)


ROWS: dict[Figure, Callable[[Month], Rows]] = {
    Figure.FIRST_RETURN: _returned(CallKind.FIRST_SERVICE),
    Figure.MAINTENANCE_RETURN: _returned(CallKind.MAINTENANCE),
    Figure.FIRST_REMINDED: _reminded(CallKind.FIRST_SERVICE),
    Figure.MAINTENANCE_REMINDED: _reminded(CallKind.MAINTENANCE),
    Figure.APPOINTMENTS: _appointments,
    Figure.SHOW_UP: _shown_up,
    Figure.CHURN: _lost,
    Figure.INSURANCE: _along(Along.INSURANCE),
    Figure.LOANS: _along(Along.LOAN),
    Figure.ACCESSORIES: _along(Along.ACCESSORIES),
    Figure.DSM_IN_TIME: _dsm,
    Figure.SSI: _ssi,
}
# Known only so many days after the month: somebody may still come in time (REP-01, REP-02).
LATER = {
    Figure.FIRST_RETURN: CallKind.FIRST_SERVICE,
    Figure.MAINTENANCE_RETURN: CallKind.MAINTENANCE,
}


def month_of(store: Store, first: date, now: datetime) -> Month:
    """With the store's numbers that hold for it. One query."""
    day = min(month_end(first), timezone.localdate(now))
    return Month(store, first, now, CarePolicy.objects.in_force(store, day) or CarePolicy())


def final_after(figure: Figure, month: Month) -> date:
    """The last day on which the figure of a month may still change."""
    days = returns.within(month.numbers)[LATER[figure]] if figure in LATER else 0
    return month.last + timedelta(days=days)


def counted(figure: Figure, month: Month) -> Counted:
    """One figure; its rows are read when they are asked for."""
    is_final = month.today > final_after(figure, month)
    return Counted(figure, month, *ROWS[figure](month), is_final)


def of_month(store: Store, first: date, now: datetime) -> list[Counted]:
    """Every figure of the month, in the order of ``Figure``. One query, and one for each that is
    asked for its number."""
    month = month_of(store, first, now)
    return [counted(figure, month) for figure in Figure]


def of_report(store: Store, first: date, now: datetime) -> list[Counted]:
    """What the report of a month holds: its figures, and those of the months before that were
    only so far when their own report, or the one after it, was written (REP-02)."""
    month = month_of(store, first, now)
    found = [counted(figure, month) for figure in Figure]
    earlier = [month_of(store, add_months(first, -back), now) for back in (1, 2)]
    for figure in LATER:
        found.append(counted(figure, earlier[0]))
        if final_after(figure, earlier[1]) >= first:  # not final on the day of the report before
            found.append(counted(figure, earlier[1]))
    return found
