"""Rows on their way into their tables by COPY, a batch of cars at a time."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.db import connection, models

IDS_AT_ONCE = 5_000


class Into:
    """Collects rows for one table and sends them as one COPY.

    ``columns`` are column names in the order in which ``add`` gets the values. The values hold
    no tabs, line ends or backslashes: they are made here, not typed by anybody.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.table = model._meta.db_table
        names = ", ".join(f'"{name}"' for name in columns)
        self._copy = f'COPY "{self.table}" ({names}) FROM STDIN'
        self._lines: list[str] = []
        self._ids = self._next_ids()
        self.count = 0

    def new_id(self) -> int:
        return next(self._ids)

    def add(self, *values: Any) -> None:
        self._lines.append("\t".join([r"\N" if v is None else str(v) for v in values]))

    def send(self) -> None:
        if self._lines:
            self.count += len(self._lines)
            self._lines.append("")
            with connection.cursor() as cursor:
                cursor.copy_expert(self._copy, StringIO("\n".join(self._lines)))
            self._lines.clear()

    def _next_ids(self) -> Iterator[int]:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [self.table, IDS_AT_ONCE],
                )
                ids = [row[0] for row in cursor.fetchall()]
            yield from ids
