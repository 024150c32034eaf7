"""Writing lists as workbooks that do no harm when a spreadsheet opens them (DATA-03)."""

from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
