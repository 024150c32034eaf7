"""The numbers of exports (DATA-03)."""

from datetime import timedelta

XLSX_AT_ONCE = 5_000  # rows; a workbook can be sent only when it is whole
CSV_AT_ONCE = 200_000  # rows; they are sent while they are read
XLSX_MOST = 200_000  # rows; about two minutes of work, and what Excel opens with ease
KEPT_FOR = timedelta(hours=24)
STALE_AFTER = timedelta(minutes=10)  # a worker writes no longer than 5 minutes: it was killed
TRIES = 3
