"""Everything that changes imports, and the taking of what they bring."""

from apps.exchange.actions.runs import (
    ask_apply,
    ask_check,
    carry_out,
    choose_columns,
    note_waiting,
    remove_old_files,
    stuck_runs,
    upload,
)
from apps.exchange.actions.settle import MOST_AT_ONCE, Settled, settle
from apps.exchange.actions.take import Outcome, import_tables

__all__ = [
    "MOST_AT_ONCE",
    "Outcome",
    "Settled",
    "ask_apply",
    "ask_check",
    "carry_out",
    "choose_columns",
    "import_tables",
    "note_waiting",
    "remove_old_files",
    "settle",
    "stuck_runs",
    "upload",
]
