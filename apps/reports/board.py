"""The managers' board: every figure by month beside its target (REP-07).

A figure that was submitted with a report is shown as it was submitted and never counted again;
only what no report holds is counted, as the catalogue says (REP-08).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store
from apps.core.dates import add_months, month_end
from apps.reports.choices import FALLING, SCORES, Figure, ReportStatus
from apps.reports.figures.catalogue import address_of
from apps.reports.figures.series import Live, live
from apps.reports.models import FigureTarget, MonthlyReport, ReportFigure
from apps.reports.queries.reading import is_short
from apps.ssi.models import Response

GROUPS: dict[str, tuple[Any, tuple[Figure, ...]]] = {
    "care": (
        _("Customer care"),
        (
            *(Figure.FIRST_RETURN, Figure.MAINTENANCE_RETURN),
            *(Figure.FIRST_REMINDED, Figure.MAINTENANCE_REMINDED, Figure.CHURN),
        ),
    ),
    "service": (_("Service"), (Figure.APPOINTMENTS, Figure.SHOW_UP)),
    "sales": (
        _("Sales"),
        (Figure.INSURANCE, Figure.LOANS, Figure.ACCESSORIES, Figure.DSM_IN_TIME),
    ),
    "ssi": (_("Internal SSI"), (Figure.SSI,)),
}
LATER_REPORTS = 2  # a return rate becomes final in a report of the two months after its own
AT_ONCE = 1  # so many months of the churn rate of past days are counted while somebody waits


@dataclass(frozen=True)
class Cell:
    """One figure of one month of a store; ``row``: it stands in a report that was submitted."""

    store: int
    figure: Figure
    month: date
    n: int = 0
    of: int = 0
    value: Decimal | None = None
    target: Decimal | None = None
    is_final: bool = False
    row: int | None = None
    report: int | None = None
    model: int | None = None
    pending: bool = False  # not counted yet: it takes a moment

    @property
    def is_short(self) -> bool:
        return is_short(self.figure, self.value, self.target)

    @property
    def is_met(self) -> bool:
        return None not in (self.value, self.target) and not self.is_short

    @property
    def is_score(self) -> bool:
        return self.figure in SCORES

    @property
    def address(self) -> str:
        """The page of the rows behind the number: those of the report, else as they are now."""
        asked = f"{reverse('reports:rows')}?of={self.row}" if self.row else self._now
        return f"{asked}&what=all" if self.is_score else asked

    @property
    def _now(self) -> str:
        return address_of(self.figure, self.month, self.store)


@dataclass(frozen=True)
class Line:
    """A figure by month, the oldest first."""

    figure: Figure
    store: Store
    cells: list[Cell]

    @property
    def newest_first(self) -> list[Cell]:
        return self.cells[::-1]

    @property
    def pending(self) -> bool:
        return any(cell.pending for cell in self.cells)

    @property
    def changes(self) -> list[tuple[Cell, Decimal | None, bool]]:
        """Each month beside the one before: by how much it changed and whether for the better;
        the newest first. Scores of two survey models do not compare."""
        found: list[tuple[Cell, Decimal | None, bool]] = []
        before: Cell | None = None
        for cell in self.cells:
            change = None
            if before and None not in (cell.value, before.value) and cell.model == before.model:
                change = cell.value - before.value  # type: ignore[operator]
            better = change is not None and (change < 0) == (cell.figure in FALLING)
            found.append((cell, change, better))
            before = cell
        return found[::-1]


def months_until(last: date, number: int) -> list[date]:
    return [add_months(last, -back) for back in reversed(range(number))]


def lines_of(
    store: Store,
    figures: Collection[Figure],
    months: list[date],
    now: datetime,
    *,
    whole: bool = False,
) -> list[Line]:
    """The figures of a store. Without ``whole`` what takes long is left pending: the churn rates
    of past months that no report holds, but for the latest."""
    frozen = _frozen([store.pk], figures, months)
    targets = _targets([store.pk], figures)
    wanted = {
        figure: [month for month in months if (store.pk, figure, month) not in frozen]
        for figure in figures
    }
    left = [] if whole else _costly(wanted.get(Figure.CHURN, []), timezone.localdate(now))
    if left:
        wanted[Figure.CHURN] = [month for month in wanted[Figure.CHURN] if month not in left]
    found = live(store, wanted, now)

    def cell(figure: Figure, month: date) -> Cell:
        if held := frozen.get((store.pk, figure, month)):
            return held
        target = _target(targets, store.pk, figure, month)
        if one := found.get((figure, month)):
            return _live_cell(store.pk, figure, month, one, target)
        return Cell(store.pk, figure, month, target=target, pending=True)

    return [Line(figure, store, [cell(figure, month) for month in months]) for figure in figures]


def frozen_lines(stores: Collection[Store], figure: Figure, months: list[date]) -> list[Line]:
    """One figure of several stores as their reports say it; what none says is pending. Two
    queries, and one of the scores, however many stores."""
    pks = [store.pk for store in stores]
    held, targets = _frozen(pks, [figure], months), _targets(pks, [figure])

    def cell(store: int, month: date) -> Cell:
        target = _target(targets, store, figure, month)
        empty = Cell(store, figure, month, target=target, pending=True)
        return held.get((store, figure, month), empty)

    return [Line(figure, store, [cell(store.pk, month) for month in months]) for store in stores]


def _costly(months: Iterable[date], today: date) -> list[date]:
    past = sorted(month for month in months if month_end(month) < today)
    return past[:-AT_ONCE]


def _live_cell(store: int, figure: Figure, month: date, one: Live, target: Decimal | None) -> Cell:
    return Cell(
        *(store, figure, month, one.n, one.of, one.value, target, one.is_final), model=one.model
    )


Key = tuple[int, str, date]


def _frozen(
    stores: Collection[int], figures: Collection[Figure], months: list[date]
) -> dict[Key, Cell]:
    """What was submitted, by the latest report that says it. One query; of scores one more."""
    rows = ReportFigure.objects.filter(
        report__store__in=stores,
        report__month__range=(months[0], add_months(months[-1], LATER_REPORTS)),
        figure__in=figures,
        month__in=months,
    ).exclude(report__status=ReportStatus.DRAFT)
    names = ("store", "figure", "month", "n", "of", "value", "target", "is_final")
    found: dict[Key, Any] = {}
    for row in rows.order_by("report__month").values(*names, "pk", "report", "whole__0"):
        found[row["store"], row["figure"], row["month"]] = row
    firsts = [row["whole__0"] for row in found.values() if row["figure"] in SCORES and row["of"]]
    models: dict[int, int] = {}
    if firsts:
        answers = Response.objects.filter(store__in=stores, pk__in=firsts)
        models = dict(answers.values_list("pk", "model"))
    return {
        key: Cell(
            **{name: row[name] for name in names if name != "figure"},
            figure=Figure(row["figure"]),
            row=row["pk"],
            report=row["report"],
            model=models.get(row["whole__0"]) if row["figure"] in SCORES else None,
        )
        for key, row in found.items()
    }


def _targets(stores: Collection[int], figures: Collection[Figure]) -> dict[tuple[int, str], Any]:
    """Store and figure → its targets in the order in which they began. One query."""
    rows = FigureTarget.objects.filter(store__in=stores, figure__in=figures)
    found: dict[tuple[int, str], list[tuple[date, Decimal]]] = {}
    columns = rows.order_by("effective_from").values_list(
        "store", "figure", "effective_from", "target"
    )
    for store, figure, since, target in columns:
        found.setdefault((store, figure), []).append((since, target))
    return found


def _target(targets: Any, store: int, figure: Figure, month: date) -> Decimal | None:
    """That of the month's last day, by which its report is judged."""
    last, found = month_end(month), None
    for since, target in targets.get((store, figure), []):
        found = target if since <= last else found
    return found


def reports_of(store: Store, months: list[date]) -> dict[date, int]:
    """Month → its report, where it was submitted. One query."""
    rows = MonthlyReport.objects.filter(store=store, month__range=(months[0], months[-1]))
    rows = rows.exclude(status=ReportStatus.DRAFT)
    return dict(rows.values_list("month", "pk"))
