"""Opening what people upload: workbooks and text tables, within limits, without trust (§6 Uploads).

``tables`` gives every sheet with headings that we know. Rows are streamed. A file that cannot be
used raises ``Unusable`` with a sentence for the person who uploaded it.
"""

import csv
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

import python_calamine as calamine
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.core.errors import Refused
from apps.exchange import words

MEGABYTE = 1024 * 1024
MAX_SIZE = 20 * MEGABYTE
MAX_UNPACKED = 300 * MEGABYTE
MAX_RATIO = 200  # unpacked : packed, looked at above 20 MB
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 2_000  # characters
MAX_SECONDS = 240  # to read one file; the worker's limit is 300
HEADING_ROWS = 20  # the heading stands in one of the first so many rows
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;|"
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
Row = list[Any]


class Unusable(Refused):
    """The file as a whole cannot be taken."""


@dataclass
class Table:
    """One sheet: its headings and where it came from. ``rows`` can be read again and again."""

    path: Path
    sheet: str  # empty: a text table
    headings: list[str]
    heading_row: int  # as counted in the file, from 1
    kind: str
    columns: dict[str, int]
    count: int  # rows below the heading, blank ones too
    encoding: str = ""
    delimiter: str = ","
    serials_from_1904: bool = False

    def rows(self) -> Iterator[tuple[int, Row]]:
        """(row number in the file, cells) below the heading."""
        deadline = monotonic() + MAX_SECONDS
        for number, cells in enumerate(_cells(self), start=1):
            if number <= self.heading_row:
                continue
            if number > MAX_ROWS + HEADING_ROWS:
                raise Unusable(_too_many_rows())
            if not number % 1000 and monotonic() > deadline:
                raise Unusable(_("The file takes too long to read. Split it and try again."))
            yield number, cells


def tables(path: Path, remembered: Mapping[str, Mapping[str, str]] | None = None) -> list[Table]:
    """Every sheet of the file whose headings make a kind of file that we know.

    If there is none, the sheet that looks most like a table, with kind "" (a person may match
    its columns by hand). Raises ``Unusable`` when there is nothing that could be a table.
    """
    found = _found(path, remembered)
    known = [table for table in found if table.kind]
    if known:
        return known
    if not found:
        raise Unusable(_("The file has no rows."))
    return [max(found, key=lambda table: len([h for h in table.headings if h]))]


def open_again(path: Path, sheet: str, heading_row: int, headings: list[str]) -> Table:
    """The same sheet as at the upload, with the same heading."""
    for table in _found(path, None):
        if table.sheet == sheet:
            table.count += table.heading_row - heading_row
            table.heading_row, table.headings = heading_row, headings
            return table
    raise Unusable(_("The file has changed."))


def _found(path: Path, remembered: Mapping[str, Mapping[str, str]] | None) -> list[Table]:
    size = path.stat().st_size
    if size > MAX_SIZE:
        raise Unusable(
            _("The file is larger than %(mb)s MB. Split it and try again.")
            % {"mb": MAX_SIZE // MEGABYTE}
        )
    with path.open("rb") as file:
        head = file.read(512)
    if not head.strip():
        raise Unusable(_("The file is empty."))
    if head.startswith(SPREADSHEETS):
        return _workbook_tables(path, head, remembered)
    return _text_tables(path, head, remembered)


# Workbooks


def _workbook_tables(
    path: Path, head: bytes, remembered: Mapping[str, Mapping[str, str]] | None
) -> list[Table]:
    from_1904 = _check_zip(path) if head.startswith(b"PK") else _check_ole(path)
    book = _book(path)
    sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    shown = [s for s in sheets if s.visible == calamine.SheetVisibleEnum.Visible] or sheets
    found = []
    for meta in shown:
        sheet = _sheet(book, meta.name)
        if not sheet.total_height:
            continue
        if sheet.total_height > MAX_ROWS + HEADING_ROWS:
            raise Unusable(_too_many_rows())
        if sheet.total_width > MAX_COLUMNS:
            raise Unusable(_too_many_columns())
        first = [_strings(row) for row in islice(sheet.iter_rows(), HEADING_ROWS)]
        at, kind, columns = _heading(first, remembered)
        if not any(first[at]):
            continue
        count = sheet.total_height + (sheet.start or (0, 0))[0] - at - 1
        table = Table(path, meta.name, first[at], at + 1, kind, columns, max(count, 0))
        table.serials_from_1904 = from_1904
        found.append(table)
    return found


def _book(path: Path) -> Any:
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        raise Unusable(_encrypted()) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Unusable(_damaged()) from None


def _sheet(book: Any, name: str) -> Any:
    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError):
        raise Unusable(_damaged()) from None


# A cell far to the right or far below makes a reader fill in everything before it.
_FAR_COLUMN = re.compile(rb'<c [^>]*?r="(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d')
_FAR_ROW = re.compile(rb'<c [^>]*?r="[A-Z]+(?:[2-9]\d{5}|\d{7,})"')


def _check_zip(path: Path) -> bool:
    """Refuse bombs, encrypted and damaged archives before anything unpacks them.

    Returns whether the workbook counts its days from 1904.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unusable(_encrypted())
            unpacked = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            if unpacked > MAX_UNPACKED or (
                unpacked > 20 * MEGABYTE and unpacked > MAX_RATIO * packed
            ):
                raise Unusable(_("The file unpacks to far too much data. It is not taken."))
            if not any(re.fullmatch(r"xl/workbook\.(xml|bin)", e.filename) for e in entries):
                raise Unusable(_not_a_table())
            for entry in entries:
                _look_through(archive, entry)
            return _says_1904(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, struct.error):
        raise Unusable(_damaged()) from None


def _look_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read one part wholly: its check sum must be right and no cell may lie beyond the limits."""
    is_sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(MEGABYTE):
            if is_sheet:
                piece = tail + chunk
                if _FAR_COLUMN.search(piece):
                    raise Unusable(_too_many_columns())
                if _FAR_ROW.search(piece):
                    raise Unusable(_too_many_rows())
                tail = chunk[-200:]


def _says_1904(archive: zipfile.ZipFile) -> bool:
    try:
        head = archive.read("xl/workbook.xml")
    except KeyError:
        return False
    return bool(re.search(rb'date1904="(1|true)"', head))


def _check_ole(path: Path) -> bool:
    """The same for old Excel files: encrypted? days from 1904? (BIFF8 records FILEPASS, 1904)."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unusable(_encrypted())
    at = data.find(bytes.fromhex("0908100000060500"))
    from_1904 = False
    while 0 <= at < len(data) - 4:
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x2F:
            raise Unusable(_encrypted())
        if record == 0x22:
            from_1904 = data[at + 4] == 1
        if record in (0x85, 0x0A):  # the first sheet's entry, the end
            break
        at += 4 + length
    return from_1904


def formula_cells(table: Table) -> dict[int, int]:
    """Row → the first of the columns in use in which it holds a formula. Of .xlsx only: in the
    older format a formula cannot be told from its value."""
    if not table.sheet or not zipfile.is_zipfile(table.path):
        return {}
    used = sorted(table.columns.values())
    book = load_workbook(table.path, read_only=True)
    try:
        rows = book[table.sheet].iter_rows(min_row=table.heading_row + 1)
        found = {
            number: [at for at in used if at < len(row) and row[at].data_type == "f"]
            for number, row in enumerate(rows, start=table.heading_row + 1)
        }
    except (KeyError, ValueError):
        raise Unusable(_damaged()) from None
    finally:
        book.close()
    return {number: columns[0] for number, columns in found.items() if columns}


# Text tables


def _text_tables(
    path: Path, head: bytes, remembered: Mapping[str, Mapping[str, str]] | None
) -> list[Table]:
    encoding = _encoding(path, head)
    best: tuple[int, int, str, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as file:
            try:
                first = [_strings(r) for r in islice(_csv(file, delimiter), HEADING_ROWS)]
            except csv.Error:
                raise Unusable(_too_long_a_cell()) from None
            except UnicodeError:
                continue
        at, kind, columns = _heading(first, remembered)
        rank = (len(columns) if kind else words.score(first[at]) if first else 0, -len(DELIMITERS))
        width = max(map(len, first), default=0)
        if best is None or (rank[0], width) > best[:2]:
            best = (rank[0], width, delimiter, first)
    if best is None or not any(any(row) for row in best[3]):
        raise Unusable(_not_a_table())
    _rank, width, delimiter, first = best
    at, kind, columns = _heading(first, remembered)
    if width < 2 and not kind:
        raise Unusable(_not_a_table())
    if width > MAX_COLUMNS:
        raise Unusable(_too_many_columns())
    table = Table(path, "", first[at], at + 1, kind, columns, 0, encoding, delimiter)
    with path.open("rb") as file:
        table.count = max(0, sum(c.count(b"\n") for c in iter(lambda: file.read(MEGABYTE), b"")))
    if table.count > MAX_ROWS + HEADING_ROWS:
        raise Unusable(_too_many_rows())
    return [table]


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        raise Unusable(_not_a_table())
    if re.match(rb"\s*<(!doctype|html|\?xml|table)", head.removeprefix(b"\xef\xbb\xbf"), re.I):
        raise Unusable(
            _("This is a web page with the name of a workbook. Open it in Excel, save it as .xlsx.")
        )
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while text := file.read(MEGABYTE):
                    if "\x00" in text:
                        raise Unusable(_not_a_table())
            return encoding
        except UnicodeError:
            continue
    raise Unusable(_not_a_table())


def _csv(file: Any, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL * 4)
    return csv.reader(file, delimiter=delimiter)


# Both


def _heading(
    rows: list[list[str]], remembered: Mapping[str, Mapping[str, str]] | None
) -> tuple[int, str, dict[str, int]]:
    """Which of the first rows is the heading, what kind of file it makes, and its columns."""
    best: tuple[int, str, dict[str, int]] = (0, "", {})
    for at, row in enumerate(rows):
        kind, columns = words.kind_of(row, remembered)
        if kind and len(columns) > len(best[2]):
            best = (at, kind, columns)
    if best[1]:
        return best
    fullest = max(range(len(rows)), key=lambda at: len([c for c in rows[at] if c]), default=0)
    return fullest, "", {}


def _strings(row: Row) -> list[str]:
    return [str(cell).strip()[:80] for cell in row]


def _cells(table: Table) -> Iterator[Row]:
    if table.sheet:
        yield from _sheet(_book(table.path), table.sheet).iter_rows()
        return
    with table.path.open(encoding=table.encoding, newline="") as file:
        try:
            yield from _csv(file, table.delimiter)
        except csv.Error:
            raise Unusable(_too_long_a_cell()) from None


def _too_long_a_cell() -> str:
    return _("A cell is longer than %(most)s characters, or a quotation mark is not closed.") % {
        "most": MAX_CELL
    }


def _not_a_table() -> str:
    return _("This is not a workbook (.xlsx, .xls) and not a text table (.csv).")


def _damaged() -> str:
    return _("The workbook is damaged or not complete. Export it again from the DMS.")


def _encrypted() -> str:
    return _("The workbook is protected by a password. Save it without one and try again.")


def _too_many_rows() -> str:
    return _("The file has more than %(most)s rows. Split it.") % {"most": MAX_ROWS}


def _too_many_columns() -> str:
    return _("The file has more than %(most)s columns.") % {"most": MAX_COLUMNS}
