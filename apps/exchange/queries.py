"""What is known of imports: files, columns that people matched, and what the DMS has otherwise."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.tables import write_xlsx
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import Delivery
from apps.exchange.choices import DifferenceStatus
from apps.exchange.models import ColumnChoice, Difference, ImportFile, ImportRun, TakenRow
from apps.exchange.reading import Table, open_again
from apps.exchange.words import DIFFERENCE_LABELS


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


MOST_COUNTED = 5_000
MOST_EVENTS = 2_000
PEOPLE = ("owner", "buyer")  # fields that hold a customer
ORDER_COLUMNS = {"repair_kind": "kind", "order_km": "km"}  # field of a difference → of the order
OF: dict[str, dict[str, Any]] = {
    "customer": {"customer__isnull": False},
    "car": {"vehicle__isnull": False, "order": None},
    "order": {"order__isnull": False},
}


def differences(user: User, chosen: Mapping[str, Any]) -> QuerySet[Difference]:
    """What the DMS has otherwise, as ``chosen``: status (else undecided), field, of, run."""
    rows = Difference.objects.visible_to(user).select_related(
        *("store", "customer", "vehicle__owner", "vehicle__delivery__customer", "order"),
        *("ours_customer", "theirs_customer", "decided_by"),
    )
    rows = rows.filter(status=chosen.get("status") or DifferenceStatus.OPEN)
    for name in ("field", "run"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    return rows.filter(**OF.get(chosen.get("of") or "", {})).order_by("-pk")


def differing_fields(user: User, chosen: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(field, how many) of what is shown, whatever field is chosen; of the newest 5,000."""
    rows = differences(user, {**chosen, "field": ""})[:MOST_COUNTED]
    counts = Counter(rows.values_list("field", flat=True))
    return [(name, counts[name]) for name in DIFFERENCE_LABELS if counts[name]]


def held(difference: Difference) -> str:
    """What our record holds now, as the import compares it. Reads the difference's own rows."""
    field, vehicle = difference.field, difference.vehicle
    if difference.customer is not None:
        return as_text(getattr(difference.customer, field))
    if vehicle is None or field == "km":
        return difference.ours
    if difference.order is not None:
        if field == "vin":
            return vehicle.vin
        return as_text(getattr(difference.order, ORDER_COLUMNS.get(field, field)))
    if field == "owner":
        return as_text(vehicle.owner_id)
    if field in ("consultant", "buyer"):
        delivery = getattr(vehicle, "delivery", None)
        return as_text(delivery and getattr(delivery, "customer_id" if field == "buyer" else field))
    return as_text(getattr(vehicle, field))


def as_text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Author:
    """Who put our side there, and when."""

    who: str
    at: datetime


def authors(rows: Iterable[Difference]) -> dict[int, Author]:
    """difference → who typed what our record holds, from the history. At most three queries.

    A row of the history holds the values before a change: the newest one that held another value
    than now tells when the present one came. What was entered with the record has no such row.
    """
    of: dict[tuple[type[Any], int], list[Difference]] = {}
    for row in rows:
        about = row.customer or (row.vehicle if not row.order_id else None)
        if about is not None and row.field not in ("km", "consultant", "buyer"):
            of.setdefault((type(about), about.pk), []).append(row)
    came: dict[int, dict[str, Any]] = {}
    models: tuple[Any, ...] = (Customer, Vehicle)
    for model in models:
        ids = [pk for kind, pk in of if kind is model]
        if not ids:
            continue
        events: Any = model.events.rel.related_model.objects
        old = events.filter(pgh_obj__in=ids).order_by("-pgh_id").select_related("pgh_context")
        for event in old[:MOST_EVENTS]:
            for row in of[model, event.pgh_obj_id]:
                column = "owner_id" if row.field == "owner" else row.field
                if row.pk not in came and as_text(getattr(event, column)) != held(row):
                    metadata = (event.pgh_context and event.pgh_context.metadata) or {}
                    came[row.pk] = {"user": metadata.get("user"), "at": event.pgh_created_at}
    users = {entry["user"] for entry in came.values() if entry["user"]}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
    return {
        pk: Author(names.get(entry["user"], _("the system")), entry["at"])
        for pk, entry in came.items()
    }
