"""What the desk needs of the import about one customer."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.core.erasing import FRESH, Personal, texts
from apps.core.journal import Journal
from apps.customers.models import Customer
from apps.exchange.actions.take import LOCK
from apps.exchange.choices import DifferenceStatus, ImportStatus
from apps.exchange.models import Difference, ImportFile, TakenRow
from apps.exchange.queries import file_path, open_file

LINKS = (  # what points at a customer
    (TakenRow, "customer"),
    (Difference, "customer"),
    (Difference, "ours_customer"),
    (Difference, "theirs_customer"),
)


def hold(store_id: int) -> None:
    """No import takes rows of the store until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, store_id])


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The rows of the DMS that were about ``old`` are about ``new``: brought again, they change
    nothing (CUS-04, DATA-02). So is what the DMS has otherwise; where both records wait for a
    decision about one field, that of ``new`` stands."""
    undecided = Difference.objects.filter(status=DifferenceStatus.OPEN).order_by("pk")
    fields = set(undecided.filter(customer=new).values_list("field", flat=True))
    for row in undecided.filter(customer=old, field__in=fields):
        journal.change(row, status=DifferenceStatus.GONE, decided_at=journal.now)
    for row in Difference.objects.filter(ours_customer=old):
        journal.change(row, ours=str(new.pk))
    for row in Difference.objects.filter(theirs_customer=old):
        journal.change(row, theirs=str(new.pk))
    for row in undecided.filter(theirs_customer__in=(old, new), ours=F("theirs")):
        journal.change(row, status=DifferenceStatus.GONE, decided_at=journal.now)
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


OF_RECORD = ("customer", "vehicle__owner", "ours_customer", "theirs_customer")
PERSONAL = (
    # By what the DMS calls a customer: number, ID number or name. A car's row goes by its VIN.
    Personal(TakenRow, ("customer",), {"key": FRESH}, only=Q(key__contains="|"), names=("key",)),
    Personal(TakenRow, ("customer", "vehicle__owner"), {"vals": {}}, names=("vals",)),
    Personal(
        Difference,
        OF_RECORD,
        {**texts("ours theirs"), "theirs_sealed": ""},
        names=("ours", "theirs"),
    ),
)
PLAIN = {Difference: "field file_name"}
APPLIED = (ImportStatus.APPLIED, ImportStatus.FAILED)


def duties(ids: Collection[int]) -> list[str]:
    return []


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nobody is asked any more who is right."""
    asked = Difference.objects.filter(
        Q(customer__in=ids) | Q(vehicle__owner__in=ids), status=DifferenceStatus.OPEN
    )
    asked.update(status=DifferenceStatus.GONE, decided_at=now)


def pictures(ids: Collection[int]) -> list[Any]:
    return []


def files_with(store_id: int, words: str) -> Iterator[ImportFile]:
    """The files of imports that are kept and have one of ``words`` (a regular expression) in a
    cell; also those that cannot be read."""
    pattern = re.compile(words)
    kept = ImportFile.objects.filter(store=store_id, removed=False).select_related("run")
    for file in kept.order_by("pk"):
        if not file_path(file.stored).exists():
            continue
        try:
            found = any(
                pattern.search(str(cell))
                for _number, cells in open_file(file).rows()
                for cell in cells
            )
        except Exception:  # whatever is wrong with it: nobody can say that he is not in it
            found = True
        if found:
            yield file


def forget_files(files: Collection[ImportFile]) -> None:
    """These files go now instead of after 30 days; what the imports did stays."""
    stored = {file.stored for file in files}
    ImportFile.objects.filter(stored__in=stored).update(removed=True, refused=[])
    transaction.on_commit(lambda: _unlink(stored))


def _unlink(names: Collection[Any]) -> None:
    for name in names:
        file_path(name).unlink(missing_ok=True)


def refuse_waiting(files: Collection[ImportFile]) -> list[str]:
    """Which of the files are still to be taken."""
    return [
        _("the file “%(file)s” names the customer and waits to be taken in") % {"file": file.name}
        for file in files
        if file.run.status not in APPLIED
    ]
