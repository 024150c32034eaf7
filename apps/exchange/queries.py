"""What is known of imports: their files, and the columns that a store's people matched."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.tables import write_xlsx
from apps.delivery.models import Delivery
from apps.exchange.models import ColumnChoice, ImportFile, ImportRun, TakenRow
from apps.exchange.reading import Table, open_again


def file_path(stored: UUID | str) -> Path:
    """Where an uploaded file lies: under a name that says nothing, served by no web server."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(stored)


def runs_of(user: Any) -> QuerySet[ImportRun]:
    """The imports of the stores that this person sees, the newest first, with their files."""
    runs: QuerySet[ImportRun] = ImportRun.objects.visible_to(user).select_related("by", "store")
    return runs.prefetch_related("files").order_by("-pk")


def remembered(store: Store) -> dict[str, dict[str, str]]:
    """kind → normalised heading → field, as people of the store chose."""
    chosen: dict[str, dict[str, str]] = {}
    for row in ColumnChoice.objects.filter(store=store):
        chosen.setdefault(row.kind, {})[row.heading] = row.field
    return chosen


def open_file(file: ImportFile) -> Table:
    """The sheet of an uploaded file with the kind and the columns that were chosen for it."""
    table = open_again(file_path(file.stored), file.sheet, file.heading_row, file.headings)
    table.kind, table.columns = file.kind, file.columns
    return table


def holders(store_id: int) -> QuerySet[Any, Any]:
    """(car, customer) of whoever a file or a delivery named for a car of the store (CUS-04)."""
    named = TakenRow.objects.filter(store=store_id, vehicle__isnull=False, customer__isnull=False)
    bought = Delivery.objects.filter(store=store_id, customer__isnull=False).order_by()
    pairs = "vehicle_id", "customer_id"
    return named.values_list(*pairs).union(bought.values_list(*pairs), all=True)


def write_refused(file: ImportFile, into: IO[bytes]) -> None:
    """The refused rows of a file as they came, with the reason behind each (DATA-02).

    The headings stay, so that the mended file can be brought in again.
    """
    reasons = {entry["row"]: f"{entry['column']}：{entry['reason']}" for entry in file.refused}

    def rows() -> Iterator[list[Any]]:
        yield [*file.headings, _("reason")]
        for number, cells in open_file(file).rows():
            if number in reasons:
                padded = [*cells, *[""] * (len(file.headings) - len(cells))]
                yield [*padded, reasons[number]]

    write_xlsx(into, _("refused rows"), rows())
