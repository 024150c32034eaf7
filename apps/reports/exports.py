"""Month reports and the rows behind their figures, as files (REP-07, DATA-03)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.reports import board_exports
from apps.reports.figures import rows as behind
from apps.reports.models import ReportFigure


def _figures(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    """Of the store's reports, the newest first; ``report``: of this one."""
    rows = ReportFigure.objects.filter(store=store_shown(user, asked))
    report = asked.get("report", "")
    if report.isdecimal() and len(report) < 19:
        rows = rows.filter(report=int(report))
    rows = rows.select_related("report").defer("counted", "whole")
    return rows.order_by("-report__month", "pk")


def _rows_at(user: Any, asked: Mapping[str, Any], now: datetime) -> Iterable[behind.Row]:
    """As the page shows them."""
    if not asked.get("of") and not asked.get("figure"):
        return []
    return behind.all_of(behind.asked_for(user, asked, now))


def _rows(user: Any, asked: Mapping[str, Any], today: date) -> Iterable[behind.Row]:
    """Without a moment: as they stand at the end of the day."""
    return _rows_at(user, asked, timezone.make_aware(datetime.combine(today, time.max)))


LISTINGS = {
    "reports:list": Listing(
        gettext_lazy("Month reports"),
        "reports.view_report",
        _figures,
        (
            (gettext_lazy("Report"), lambda row: f"{row.report.month:%Y-%m}"),
            (gettext_lazy("Status"), lambda row: row.report.get_status_display()),
            (gettext_lazy("Figure"), lambda row: row.get_figure_display()),
            (gettext_lazy("Month"), lambda row: f"{row.month:%Y-%m}"),
            (gettext_lazy("Final"), lambda row: row.is_final),
            (gettext_lazy("Actual"), lambda row: row.value and float(row.value)),
            (gettext_lazy("Target"), lambda row: row.target and float(row.target)),
            (gettext_lazy("Counted"), lambda row: row.n),
            (gettext_lazy("Of"), lambda row: row.of),
        ),
    ),
    "reports:rows": Listing(
        gettext_lazy("Rows of a figure"),
        "reports.view_report",
        _rows,
        (
            (gettext_lazy("Day"), lambda row: row.on),
            (gettext_lazy("Car"), lambda row: row.car),
            (gettext_lazy("Customer"), lambda row: row.customer),
            (gettext_lazy("What"), lambda row: row.text),
        ),
        at=_rows_at,
    ),
    **board_exports.LISTINGS,
}
