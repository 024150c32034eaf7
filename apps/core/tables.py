"""Lists as files: what a list is, and writing it without harm to a spreadsheet (DATA-03).

An app says in ``exports.py`` which lists it has (``LISTINGS``, by the name of the page's URL);
the desk offers, writes and logs them.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 1000  # rows that are read at once
PIECE = 200  # rows that are sent at once


@dataclass(frozen=True)
class Listing:
    """A list that can be taken out as a file.

    ``rows(user, asked, today)`` gives what the page shows for the same address: ``asked`` are
    its parameters. ``columns`` are pairs of heading and value of a row, masked as on the page.
    ``at``: the same, for a list that shows what is so at a moment, not on a day.
    """

    title: str | Promise
    permission: str
    rows: Callable[[Any, Mapping[str, Any], date], Iterable[Any]]
    columns: tuple[tuple[str | Promise, Callable[[Any], Any]], ...]
    complete: Callable[[list[Any]], Iterable[Any]] = iter  # what a line needs beside its row
    at: Callable[[Any, Mapping[str, Any], datetime], Iterable[Any]] | None = None

    def asked(self, user: Any, asked: Mapping[str, Any], now: datetime) -> Iterable[Any]:
        """The rows as the page shows them ``now``."""
        if self.at is not None:
            return self.at(user, asked, timezone.localtime(now))
        return self.rows(user, asked, timezone.localdate(now))

    def lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """The heading, then one line a row, read piece by piece however many there are."""
        yield [str(heading) for heading, _value in self.columns]
        read = iter(rows.iterator(CHUNK) if isinstance(rows, QuerySet) else rows)
        while piece := list(islice(read, CHUNK)):
            for line in self.complete(piece):
                yield [plain(value(line)) for _heading, value in self.columns]


def plain(value: Any) -> Any:
    """What a cell holds: a number, a day, or text; times are the store's."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, (int, float, date)) else str(value)


def harmless(value: Any) -> Any:
    """The value, with an apostrophe before a text that a spreadsheet would carry out."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def write_xlsx(file: IO[bytes], title: str, rows: Iterable[Iterable[Any]]) -> None:
    """One sheet of ``rows``, streamed; the first row is the heading."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    book.save(file)


class Counted:
    """Passes lines on and counts those after the heading."""

    def __init__(self, lines: Iterable[list[Any]]) -> None:
        self.lines = lines
        self.rows = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for passed, line in enumerate(self.lines):
            self.rows = passed
            yield line


class _Line:
    """Where csv writes to: gives back what was written."""

    def write(self, text: str) -> str:
        return text


def csv_pieces(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """``rows`` as UTF-8 with a byte order mark, so that Excel shows Chinese. The heading comes
    at once, the rest in pieces of some hundred rows."""
    writer: Any = csv.writer(_Line())
    lines = (writer.writerow([harmless(cell) for cell in row]) for row in rows)
    yield b"\xef\xbb\xbf" + next(lines, "").encode()
    while piece := "".join(islice(lines, PIECE)):
        yield piece.encode()
