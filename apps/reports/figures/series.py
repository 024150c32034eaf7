"""The figures of several months at once: the rows of the catalogue, grouped by their own day.

What is counted is said there and nowhere else (REP-08). One query a figure however many months;
only the churn rate is a state of a day, and costs one for each month.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DateField
from django.db.models.functions import TruncMonth
from django.utils import timezone

from apps.accounts.models import Store
from apps.care.models import CarePolicy
from apps.core.dates import add_months, month_end
from apps.reports.choices import SCORES, Figure
from apps.reports.figures import catalogue
from apps.reports.figures.catalogue import Month
from apps.ssi.figures import buyers

# The day by which a row belongs to its month.
DAY = {
    Figure.FIRST_RETURN: "first_service_due_on",
    Figure.MAINTENANCE_RETURN: "event_on",
    Figure.FIRST_REMINDED: "due_on",
    Figure.MAINTENANCE_REMINDED: "due_on",
    Figure.APPOINTMENTS: "in_on",
    Figure.SHOW_UP: "on",
    Figure.INSURANCE: "delivered_at",
    Figure.LOANS: "delivered_at",
    Figure.ACCESSORIES: "delivered_at",
    Figure.DSM_IN_TIME: "due_at",
    Figure.SSI: "on",
}


@dataclass(frozen=True)
class Span(Month):
    """The months from ``first`` to that of ``until``, looked at together."""

    until: date

    @property
    def last(self) -> date:
        return month_end(self.until)

    @property
    def months(self) -> Iterator[Month]:
        first = self.first
        while first <= self.until:
            yield Month(self.store, first, self.now, self.numbers)
            first = add_months(first, 1)


@dataclass(frozen=True)
class Live:
    """One figure of one month as it is now; ``model``: the survey model behind a score."""

    n: int
    of: int
    value: Decimal | None
    is_final: bool
    model: int | None = None


Found = dict[tuple[Figure, date], Live]


def live(store: Store, wanted: Mapping[Figure, Collection[date]], now: datetime) -> Found:
    """The figures of the months asked for. One query, and those of each figure."""
    found: Found = {}
    if any(wanted.values()):
        numbers = list(CarePolicy.objects.filter(store=store).order_by("effective_from"))
        for figure, months in wanted.items():
            for span in _spans(store, months, now, numbers):
                found |= _counted(figure, span)
    return found


def _spans(
    store: Store, months: Iterable[date], now: datetime, numbers: list[CarePolicy]
) -> list[Span]:
    """The months without a gap between them, for which the same numbers hold."""
    found: list[Span] = []
    today, usual = timezone.localdate(now), CarePolicy()
    for first in sorted(months):
        day = min(month_end(first), today)
        holds = next((row for row in reversed(numbers) if row.effective_from <= day), usual)
        last = found[-1] if found else None
        if last and last.numbers is holds and add_months(last.until, 1) == first:
            found[-1] = replace(last, until=first)
        else:
            found.append(Span(store, first, now, holds, first))
    return found


def _counted(figure: Figure, span: Span) -> Found:
    if figure == Figure.CHURN:
        counts = {month.first: _on_its_day(figure, month) for month in span.months}
    else:
        counts = _scores(span) if figure in SCORES else _shares(figure, span)
    nothing = (0, 0, None, None)
    found: Found = {}
    for month in span.months:
        n, of, value, model = counts.get(month.first, nothing)
        is_final = month.today > catalogue.final_after(figure, month)
        found[figure, month.first] = Live(n, of, value, is_final, model)
    return found


Counts = tuple[int, int, Decimal | None, int | None]


def _monthly(rows: Any, day: str) -> Any:
    return rows.order_by().annotate(in_month=TruncMonth(day, output_field=DateField()))


def _on_its_day(figure: Figure, month: Month) -> Counts:
    one = catalogue.counted(figure, month)
    return one.n, one.of, one.value, None


def _shares(figure: Figure, span: Span) -> dict[date, Counts]:
    whole, hit = catalogue.ROWS[figure](span)
    rows = _monthly(whole, DAY[figure]).values("in_month")
    counted = rows.annotate(hits=Count("pk", filter=hit), number=Count("pk"))
    return {
        month: (n, of, catalogue.share(n, of), None)
        for month, n, of in counted.values_list("in_month", "hits", "number")
    }


def _scores(span: Span) -> dict[date, Counts]:
    """The mean of the latest model of each month: two are never one."""
    answers = buyers.of_any_model(span.store.pk, *span.days)
    rows = _monthly(answers, DAY[Figure.SSI]).values("in_month", "model")
    rows = rows.annotate(number=Count("pk"), mean=Avg("score"))
    found: dict[date, Counts] = {}
    for row in rows.order_by("in_month", *buyers.NEWEST):
        value, number = catalogue.rounded(Decimal(row["mean"])), row["number"]
        found.setdefault(row["in_month"], (number, number, value, row["model"]))
    return found
