"""Clean rows into temporary tables by COPY, in pieces: neither memory nor a lock grows with a file.

Nothing here touches a row of the business: the temporary tables are this connection's own.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.exchange import taking, words
from apps.exchange.choices import CATALOGUE, FileKind
from apps.exchange.cleaning import (
    ITEM_COLUMNS,
    ITEM_KEYS,
    KIND_ORDER,
    ORDER_COLUMNS,
    ROW_COLUMNS,
    Cleaner,
    Refusal,
)
from apps.exchange.reading import Table

CHUNK = 5_000
INTO: dict[FileKind, tuple[str, tuple[str, ...]]] = {
    FileKind.SERVICES: ("incoming_order", ORDER_COLUMNS),
    **dict.fromkeys(CATALOGUE, ("incoming_item", ITEM_COLUMNS)),
}
NEEDED = {  # of our rows → of the file, as the refusal calls it
    "parts": {"name": "part_name", "price_amount": "part_price"},
    "operations": {
        **{"name": "op_name", "kind": "op_kind", "skill": "skill", "minutes": "minutes"},
        "price_amount": "labour_price",
    },
    "prices": {"brand": "brand", "energy": "energy"},
}
MOST_REFUSALS = 10_000  # kept with their words, of each file; all are counted


@dataclass
class Staged:
    """What became of the rows of one file: how many, and why which were refused."""

    name: str
    table: Table
    read: int = 0
    passed_over: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    odd_vins: list[int] = field(default_factory=list)
    odd_vin_count: int = 0
    new: int = 0
    changed: int = 0

    @property
    def kind(self) -> str:
        return self.table.kind

    @property
    def source(self) -> tuple[str, str]:
        """(name of the stored file, sheet)"""
        return self.table.path.name, self.table.sheet

    @property
    def unchanged(self) -> int:
        return self.read - self.passed_over - self.refused - self.new - self.changed

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(refusal)

    def counts(self) -> dict[str, int]:
        names = ("new", "changed", "unchanged", "refused", "passed_over", "odd_vin_count")
        return {name: getattr(self, name) for name in names}


def in_order(parts: Iterable[tuple[str, Table]]) -> list[Staged]:
    """Deliveries, customers, vehicles, services, then parts and operations, whatever the names
    (DATA-02)."""
    staged = [Staged(name, table) for name, table in parts]
    return sorted(staged, key=lambda part: KIND_ORDER.index(part.kind))


def stage(
    parts: list[Staged], *, store: Store, on: date, progress: Callable[[int], None] | None = None
) -> None:
    """Clean every file and copy its good rows into the temporary tables."""
    with connection.cursor() as cursor:
        cursor.execute(taking.STAGING)
    total = sum(part.table.count for part in parts) or 1
    done = 0
    for file, part in enumerate(parts):
        cleaner = Cleaner(part.table, file, store=store, on=on)
        table, columns = INTO.get(FileKind(part.kind), ("incoming", ROW_COLUMNS))
        rows = cleaner.clean()
        while _copy(table, columns, islice(rows, CHUNK)):
            if progress:
                progress(60 * min(done + cleaner.tally.read, total) // total)
        done += part.table.count
        part.read, part.passed_over = cleaner.tally.read, cleaner.tally.passed_over
        part.odd_vins, part.odd_vin_count = cleaner.tally.odd_vins, cleaner.tally.odd_vin_count
        for refusal in cleaner.tally.refusals:
            part.refuse(refusal)
    _settle(parts)
    _settle_items(parts, store)
    for part in parts:
        part.refusals.sort(key=lambda refusal: refusal.row)


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> int:
    """Copy these rows; return how many they were."""
    buffer, count = io.StringIO(), 0
    for row in rows:
        buffer.write("\t".join(map(_field, row)))
        buffer.write("\n")
        count += 1
    if count:
        buffer.seek(0)
        names = ", ".join(f'"{name}"' for name in columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", buffer)
    return count


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    written = value if isinstance(value, str) else str(value)
    return written.replace("\\", "\\\\") if "\\" in written else written


def _settle(parts: list[Staged]) -> None:
    """Rows of one import that contradict each other are refused, each with the other's place."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incoming; ANALYZE incoming_order; ANALYZE incoming_item")
        cursor.execute(taking.CONTRADICTIONS)
        clashes = [(*row, "vin") for row in cursor.fetchall()]
        cursor.execute(taking.DROP_CONTRADICTIONS)
        cursor.execute(taking.ORDER_CONTRADICTIONS)
        clashes += [(*row, "number") for row in cursor.fetchall()]
        cursor.execute(taking.DROP_ORDER_CONTRADICTIONS)
        cursor.execute(taking.ITEM_CONTRADICTIONS)
        clashes += [(*row[:-1], ITEM_KEYS[row[-1]]) for row in cursor.fetchall()]
        cursor.execute(taking.DROP_ITEM_CONTRADICTIONS)
        cursor.execute(taking.DROP_ITEM_TWINS)
        cursor.execute(taking.DROP_TWINS)
        cursor.execute(taking.DROP_ORDER_TWINS)
        cursor.execute(taking.MERGE_CUSTOMERS)
    for file, row, what, files, rows, column in clashes:
        others = [
            _("row %(row)s") % {"row": r} if f == file else f"{parts[f].name} {r}"
            for f, r in zip(files, rows, strict=True)
            if (f, r) != (file, row)
        ]
        reason = _("%(what)s stands there twice with different values: also in %(others)s") % {
            "what": what,
            "others": "、".join(others[:5]),
        }
        columns = parts[file].table.columns
        heading = parts[file].table.headings[columns[column if column in columns else "vin"]]
        parts[file].refuse(Refusal(file, row, heading, reason))


def _settle_items(parts: list[Staged], store: Store) -> None:
    """What is new needs its facts, and usual parts must be there: here or in these files."""

    def refuse(file: int, row: int, field: str, reason: str) -> None:
        table = parts[file].table
        heading = table.headings[table.columns[field]]
        parts[file].refuse(Refusal(file, row, heading, reason))

    with connection.cursor() as cursor:
        cursor.execute(taking.INCOMPLETE_ITEMS, {"store": store.pk})
        for file, row, kind, key, missing in cursor.fetchall():
            fields = "、".join(str(words.LABELS[NEEDED[kind][name]]) for name in missing)
            told = _("“%(what)s” is new here and needs: %(fields)s")
            refuse(file, row, ITEM_KEYS[kind], told % {"what": key, "fields": fields})
        cursor.execute(taking.UNKNOWN_PARTS, {"store": store.pk})
        for file, row, numbers in cursor.fetchall():
            told = _("there is no part in use with the number %(numbers)s: enter it first")
            named = told % {"numbers": "、".join(numbers[:5])}
            refuse(file, row, "usual_parts", named)
