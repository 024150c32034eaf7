"""``manage.py import_dms FILE… --store CODE``: take files of the DMS as one import (DATA-02)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.exchange import reading, words
from apps.exchange.actions import Outcome, import_tables
from apps.exchange.choices import FileKind
from apps.exchange.queries import remembered


class Command(BaseCommand):
    help = (
        "Take DMS files (.xlsx, .xls, .csv), all together or not at all. "
        "Exit status: 0 all rows taken, 1 rows refused, 2 a file cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--store", required=True, metavar="CODE")
        parser.add_argument("--kind", choices=FileKind.values, help="what the files are")
        parser.add_argument("--check", action="store_true", help="only say what would be done")
        parser.add_argument("--skip-refused", action="store_true", help="take the good rows")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            store = Store.objects.filter(code=options["store"]).first()
            if store is None:
                raise reading.Unusable(
                    _("There is no store %(code)s.") % {"code": options["store"]}
                )
            tables = [
                t for path in options["files"] for t in self._open(path, store, options["kind"])
            ]
            outcome = import_tables(
                tables,
                store=store,
                now=timezone.now(),
                check=options["check"],
                skip_refused=options["skip_refused"],
            )
        except reading.Unusable as problem:
            self._say_unusable(str(problem), as_json=options["json"])
            raise SystemExit(2) from None
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(outcome), ensure_ascii=False))
        else:
            self._say(outcome, check=options["check"])
        if outcome.refused:
            raise SystemExit(1)

    def _open(self, path: Path, store: Store, kind: str | None) -> list[tuple[str, reading.Table]]:
        known = remembered(store)
        try:
            found = reading.tables(path, known)
        except OSError:
            raise reading.Unusable(
                _("%(name)s: the file cannot be opened.") % {"name": path.name}
            ) from None
        except reading.Unusable as problem:
            raise reading.Unusable(f"{path.name}：{problem}") from None
        for table in found:
            if kind:
                table.kind = kind
                table.columns = words.match(kind, table.headings, known.get(kind))
            if not table.kind or words.missing(table.kind, table.columns):
                raise reading.Unusable(_unknown(path.name, table))
        return [(path.name, table) for table in found]

    def _say_unusable(self, problem: str, *, as_json: bool) -> None:
        if as_json:
            nothing = {"new": 0, "changed": 0, "unchanged": 0, "refused": [], "error": problem}
            self.stdout.write(json.dumps(nothing, ensure_ascii=False))
        self.stderr.write(problem)

    def _say(self, outcome: Outcome, *, check: bool) -> None:
        for part in outcome.parts:
            self.stdout.write(
                _(
                    "%(name)s: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, "
                    "%(refused)s refused, %(passed_over)s passed over"
                )
                % {"name": part.name, **part.counts()}
            )
            for refusal in part.refusals:
                self.stdout.write(
                    _("  row %(row)s, %(column)s: %(reason)s")
                    % {"row": refusal.row, "column": refusal.column, "reason": refusal.reason}
                )
        if not outcome.written and not check:
            self.stdout.write(_("Nothing was written."))


def _unknown(name: str, table: reading.Table) -> str:
    if table.kind:
        lacking = words.missing(table.kind, table.columns)
        return _("%(name)s: no column is recognised as %(fields)s.") % {
            "name": name,
            "fields": "、".join(str(words.LABELS[field]) for field in lacking),
        }
    return _("%(name)s: the headings are not those of a file that we know.") % {"name": name}


def _as_json(outcome: Outcome) -> dict[str, Any]:
    refused = [
        {"file": part.name, "row": r.row, "column": r.column, "reason": r.reason}
        for part in outcome.parts
        for r in part.refusals
    ]
    return {
        **{name: outcome.total(name) for name in ("new", "changed", "unchanged")},
        "refused": refused,
        "passed_over": outcome.total("passed_over"),
        "kept": outcome.kept,
        "differences": outcome.differences,
        "written": outcome.written,
        "files": {part.name: {"kind": part.kind, **part.counts()} for part in outcome.parts},
    }
