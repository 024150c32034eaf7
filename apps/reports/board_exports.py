"""The board as a file: one line for each figure and month, of one figure for each store too."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.accounts.models import Store
from apps.core.tables import Listing
from apps.reports.board import Cell, lines_of
from apps.reports.board_forms import chosen
from apps.reports.choices import Figure


def _cells(user: Any, asked: Mapping[str, Any], today: date) -> Iterator[tuple[Store, Cell]]:
    """As they stand at the end of today; everything is counted, also what the page loads later."""
    this = chosen(user, asked, today)
    now = timezone.make_aware(datetime.combine(today, time.max))
    stores = [this.store]
    if this.figure and len(user.store_ids) > 1:
        stores = list(Store.objects.filter(pk__in=user.store_ids).order_by("pk"))
    figures = [this.figure] if this.figure else list(Figure)
    for store in stores:
        for line in lines_of(store, figures, this.months, now, whole=True):
            for cell in line.newest_first:
                yield store, cell


LISTINGS = {
    "reports:board": Listing(
        gettext_lazy("Figures by month"),
        "reports.view_board",
        _cells,
        (
            (gettext_lazy("Store"), lambda row: row[0]),
            (gettext_lazy("Figure"), lambda row: row[1].figure.label),
            (gettext_lazy("Month"), lambda row: f"{row[1].month:%Y-%m}"),
            (gettext_lazy("Actual"), lambda row: row[1].value and float(row[1].value)),
            (gettext_lazy("Target"), lambda row: row[1].target and float(row[1].target)),
            (
                gettext_lazy("Target met"),
                lambda row: row[1].is_met if row[1].is_met or row[1].is_short else None,
            ),
            (gettext_lazy("Final"), lambda row: row[1].is_final),
            (gettext_lazy("Counted"), lambda row: row[1].n),
            (gettext_lazy("Of"), lambda row: row[1].of),
            (gettext_lazy("From a report"), lambda row: row[1].row is not None),
        ),
    )
}
