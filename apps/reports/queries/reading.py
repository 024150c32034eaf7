"""What a report says beside its figures: targets, what is short, what came before, what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from apps.accounts.models import Store
from apps.core.dates import add_months
from apps.reports.choices import FALLING, Figure, ReportStatus
from apps.reports.models import FigureTarget, MonthlyReport, ReportAction, ReportFigure


def targets_of(store: Store, on: date) -> dict[str, Decimal]:
    """Figure → what it is to reach on a day. One query."""
    rows = FigureTarget.objects.filter(store=store, effective_from__lte=on)
    return dict(rows.order_by("effective_from").values_list("figure", "target"))


def is_short(figure: str, value: Decimal | None, target: Decimal | None) -> bool:
    """Whether a figure misses its target; of nothing, or without a target, it does not."""
    if value is None or target is None:
        return False
    return value > target if figure in FALLING else value < target


def short_of(figures: Iterable[ReportFigure]) -> list[str]:
    """The figures of a report that ask for a cause and an action: what is final and short (REP-09).

    What is only so far does not: customers may still come, so nobody knows yet whether it will be
    short. It asks in the report in which it is final, the next month's (REP-02), so every figure
    of every month is asked for, once its number stands. Its cause may be written before.
    """
    return _in_order(one.figure for one in figures if one.is_final and _short(one))


def behind_of(figures: Iterable[ReportFigure]) -> list[str]:
    """Under their target so far, and of nothing final: they ask when they are (REP-02)."""
    rows = list(figures)
    asked = short_of(rows)
    found = (one.figure for one in rows if not one.is_final and _short(one))
    return [figure for figure in _in_order(found) if figure not in asked]


def _in_order(figures: Iterable[str]) -> list[str]:
    found = set(figures)
    return [figure.value for figure in Figure if figure.value in found]


def _short(one: ReportFigure) -> bool:
    return is_short(one.figure, one.value, one.target)


def digest_of(counted: Iterable[int], whole: Iterable[int]) -> str:
    """By which the rows of a figure are known again (I9)."""
    text = ";".join(",".join(map(str, sorted(pks))) for pks in (counted, whole))
    return sha256(text.encode()).hexdigest()


def due_on(month: date) -> date:
    """The day on which the report of a month is to be submitted (REP-06)."""
    return add_months(month, 1)


def days_late(report: MonthlyReport, today: date) -> int:
    """By how many days it was submitted late, or is late by now."""
    given = report.submitted_at
    day = timezone.localdate(given) if given else today
    return max(0, (day - due_on(report.month)).days)


def missing_causes(report: MonthlyReport) -> list[str]:
    """The short figures about which nothing is written yet. Two queries."""
    figures = report.figures.defer("counted", "whole")
    said = set(report.actions.values_list("figure", flat=True))
    return [figure for figure in short_of(figures) if figure not in said]


def last_actions(report: MonthlyReport) -> Any:
    """What was to be done after the month before, with what came of it (REP-09)."""
    before = add_months(report.month, -1)
    rows = ReportAction.objects.filter(report__store=report.store_id, report__month=before)
    return rows.select_related("owner")


@dataclass(frozen=True)
class Line:
    """One figure as it stands in a report."""

    row: ReportFigure
    before: Decimal | None  # the same figure in the report of the month before

    @property
    def is_short(self) -> bool:
        return self.row.is_final and _short(self.row)

    @property
    def is_behind(self) -> bool:
        """Under its target so far: not judged yet (REP-02)."""
        return not self.row.is_final and _short(self.row)

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.row.value is None:
            return None
        change: Decimal = self.row.value - self.before
        return change

    @property
    def change_told(self) -> str:
        return "" if self.change is None else f"{self.change:+}".replace("-", "−")

    @property
    def is_better(self) -> bool:
        return self.change is not None and (self.change < 0) == (self.row.figure in FALLING)


def lines_of(report: MonthlyReport) -> list[Line]:
    """The figures of a report beside those of the month before, in their order. Two queries."""
    rows = list(report.figures.defer("counted", "whole"))
    before = {
        (figure, month): value
        for figure, month, value in ReportFigure.objects.filter(
            store=report.store_id, report__month=add_months(report.month, -1)
        ).values_list("figure", "month", "value")
    }
    order = {figure.value: place for place, figure in enumerate(Figure)}
    rows.sort(key=lambda row: (row.month < report.month, order[row.figure], row.month))
    return [Line(row, before.get((row.figure, add_months(row.month, -1)))) for row in rows]


def waiting_for(user: Any) -> Any:
    """The reports of one's own store whose next step is this person's."""
    steps = {
        "reports.submit": [ReportStatus.DRAFT],
        "reports.review": [ReportStatus.SUBMITTED, ReportStatus.SENT_BACK],
        "reports.decide": [ReportStatus.REVIEWED],
    }
    mine = [status for right, of in steps.items() if user.has_perm(right) for status in of]
    return MonthlyReport.objects.of_own_store(user).filter(status__in=mine)
