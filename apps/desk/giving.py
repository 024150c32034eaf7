"""All that is kept of one customer, as a file that he can read (SEC-02): a workbook with a sheet
for each kind of record, and his pictures."""

from collections.abc import Collection, Iterator
from datetime import datetime
from io import BytesIO
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from apps.accounts.models import User
from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.core.pictures import picture_path
from apps.core.tables import harmless, plain
from apps.customers.models import Customer, Duplicate, Gap, Merge, RightsRequest
from apps.customers.sealing import CannotOpen
from apps.customers.sealing import open as opened
from apps.desk.erasing import records_of
from apps.desk.words import FLOORS

MOST = 100_000  # rows of one sheet
INNER = (Duplicate, Gap, Merge)  # how we keep our records, not what we know of him
HIDDEN = (models.GeneratedField,)
LEFT_OUT = ("store", "id_number_hash", "initials", "link_key", "claim", "dedupe_key", "version")


def data_of(customer: Customer) -> Iterator[tuple[str, list[list[Any]]]]:
    """Name of the sheet and its rows, heading first, of each kind of record there is."""
    ids = records_of(customer)
    for model, found in _found(ids).items():
        if model in INNER or hasattr(model, "pgh_tracked_model"):
            continue
        rows = model._base_manager.filter(found).order_by("pk")[:MOST]
        columns = _columns(model)
        links = [field.name for field in columns if field.is_relation]
        lines = [[_cell(row, field) for field in columns] for row in rows.select_related(*links)]
        if lines:
            yield str(model._meta.verbose_name), [[str(f.verbose_name) for f in columns], *lines]


def _found(ids: list[int]) -> dict[Any, Q]:
    """Each model with what finds the rows of these customers."""
    found: dict[Any, Q] = {Customer: Q(pk__in=ids)}
    for floor in FLOORS[::-1]:
        for model, column in floor.LINKS:
            found[model] = found.get(model, Q()) | Q(**{f"{column}__in": ids})
        for personal in floor.PERSONAL:
            rows = personal.rows(ids).values("pk")
            found[personal.model] = found.get(personal.model, Q()) | Q(pk__in=rows)
    return found


def _columns(model: Any) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, HIDDEN) and field.name not in LEFT_OUT
    ]


def _cell(row: Any, field: Any) -> Any:
    """As a person reads it: words for choices, names for links, the number behind its seal."""
    value = getattr(row, field.name)
    if field.name.endswith("_sealed"):
        return _unsealed(value)
    if field.choices and not isinstance(value, list):
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, (list, dict)):
        return "；".join(_said(value))
    return plain(value)


def _said(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}：{item}" for key, item in value.items()]
    return [str(item) for item in value]


def _unsealed(value: str) -> str:
    try:
        return opened(value)
    except CannotOpen:
        return ""


def write_data(customer: Customer, into: IO[bytes]) -> None:
    """The archive: ``data.xlsx`` and the pictures."""
    book = Workbook(write_only=True)
    names: set[str] = set()
    for title, rows in data_of(customer):
        sheet = book.create_sheet(_sheet_name(title, names))
        for row in rows:
            sheet.append([harmless(cell) for cell in row])
    workbook = BytesIO()
    book.save(workbook)
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_("personal data") + ".xlsx", workbook.getvalue())
        for number, name in enumerate(pictures_of(records_of(customer)), start=1):
            path = picture_path(name)
            if path.exists():
                archive.write(path, f"{_('pictures')}/{number}.jpg")


def _sheet_name(title: str, names: set[str]) -> str:
    """A workbook takes 31 characters, each name once, and not every sign."""
    clean = "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:28] or "—"
    name, number = clean, 2
    while name in names:
        name, number = f"{clean}{number}", number + 1
    names.add(name)
    return name


def pictures_of(ids: Collection[int]) -> list[UUID]:
    return [name for floor in FLOORS for name in floor.pictures(ids)]


def give_data(request: RightsRequest, *, by: User, now: datetime) -> BytesIO:
    """Write the archive for a request, and write down that it was given out (SEC-01)."""
    file = BytesIO()
    write_data(request.customer, file)
    reason = _("request of %(day)s") % {"day": timezone.localdate(request.taken_at)}
    note_access([request.customer], by=by, kind=AccessKind.EXPORT, now=now, reason=reason)
    file.seek(0)
    return file
