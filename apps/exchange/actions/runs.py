"""Imports through the page: files kept, columns chosen, checked, applied (DATA-02)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.exchange import reading, words
from apps.exchange.actions.take import Outcome, import_tables
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ColumnChoice, ImportFile, ImportRun
from apps.exchange.queries import file_path, open_file, remembered

MOST_FILES = 12
KEEP_FOR = timedelta(days=30)
RETRY_AFTER = timedelta(minutes=6)  # longer than the worker's time limit
GIVE_UP_AFTER = timedelta(hours=1)


@action
def upload(files: list[Any], *, store: Store, by: User, now: datetime) -> ImportRun:
    """Keep the files and say what each is. Refused: none, too many, one that cannot be read."""
    if not files:
        raise Refused(_("Choose at least one file."))
    if len(files) > MOST_FILES:
        raise Refused(_("At most %(most)s files at once.") % {"most": MOST_FILES})
    run = ImportRun.objects.create(store=store, by=by, created_at=now, asked_at=now)
    known, kept = remembered(store), []
    try:
        for file in files:
            kept.append(_keep(file))
            _describe(run, file, kept[-1], known)
    except Exception:
        for path in kept:
            path.unlink(missing_ok=True)
        raise
    return run


def _keep(file: Any) -> Path:
    if (file.size or 0) > reading.MAX_SIZE:
        raise Refused(
            _("“%(name)s” is larger than %(mb)s MB. Split it and try again.")
            % {"name": file.name, "mb": reading.MAX_SIZE // reading.MEGABYTE}
        )
    path = file_path(uuid4())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as copy:
        _write(copy, file)
    path.chmod(0o600)
    return path


def _write(copy: BinaryIO, file: Any) -> None:
    for chunk in file.chunks():
        copy.write(chunk)


def _describe(
    run: ImportRun, file: Any, path: Path, known: Mapping[str, Mapping[str, str]]
) -> None:
    """One row for each sheet that holds something."""
    try:
        found = reading.tables(path, known)
    except reading.Unusable as problem:
        raise Refused(f"{file.name}：{problem}") from None
    for table in found:
        ImportFile.objects.create(
            store=run.store,
            run=run,
            name=str(file.name)[-200:],
            sheet=table.sheet,
            stored=path.name,
            size=file.size or 0,
            rows=table.count,
            kind=table.kind,
            headings=table.headings,
            heading_row=table.heading_row,
            columns=table.columns,
        )


@action
def choose_columns(
    file: ImportFile, kind: str, columns: Mapping[str, int | None], *, by: User
) -> ImportFile:
    """A person says what the file is and which column is what; remembered for the store.

    Refused once the file has been taken, and without the columns that the kind needs.
    """
    run = locked(file.run)
    if run.status not in (ImportStatus.UPLOADED, ImportStatus.CHECKED):
        raise Refused(_("This import is not waiting for its columns any more."))
    chosen = {f: i for f, i in columns.items() if i is not None and f in words.FIELDS[kind]}
    if any(not 0 <= index < len(file.headings) for index in chosen.values()):
        raise Refused(_("The file has no such column."))
    if lacking := words.missing(kind, chosen):
        raise Refused(
            _("“%(name)s”: say which column is %(fields)s.")
            % {"name": file.name, "fields": "、".join(str(words.LABELS[f]) for f in lacking)}
        )
    guessed = words.match(kind, file.headings, remembered(file.store).get(kind))
    for field, index in chosen.items():
        if guessed.get(field) != index:
            _remember(file, kind, index, field)
    for field, index in guessed.items():
        if field not in chosen and index not in chosen.values():
            _remember(file, kind, index, "")
    file.kind, file.columns = kind, chosen
    file.save(update_fields=["kind", "columns"])
    return file


def _remember(file: ImportFile, kind: str, index: int, field: str) -> None:
    ColumnChoice.objects.update_or_create(
        store=file.store,
        kind=kind,
        heading=words.normal(file.headings[index])[:80],
        defaults={"field": field},
    )


@action
def ask_check(run: ImportRun, *, now: datetime) -> ImportRun:
    """The files are to be checked. Asked twice: once. Refused while a file's kind is unknown."""
    run = locked(run)
    if run.status == ImportStatus.CHECKING:
        return run
    if run.files.filter(Q(kind="") | Q(removed=True)).exists():
        raise Refused(_("Say of every file what it is."))
    if run.status == ImportStatus.CHECKED:
        advance(run, ImportStatus.UPLOADED)
    advance(run, ImportStatus.CHECKING)
    run.progress, run.problem, run.asked_at = 0, "", now
    run.save(update_fields=["status", "progress", "problem", "asked_at"])
    return run


@action
def ask_apply(
    run: ImportRun, *, skip_refused: bool, consent_basis: str = "", now: datetime
) -> ImportRun:
    """The checked files are to be taken. Asked twice: once.

    Refused when rows are refused and nobody said to leave them out, and when it is not checked.
    """
    run = locked(run)
    if run.status in (ImportStatus.APPLYING, ImportStatus.APPLIED):
        return run
    if run.files.filter(removed=True).exists():
        raise Refused(_("The files were removed after 30 days. Upload them again."))
    if run.counts.get("refused") and not skip_refused:
        raise Refused(_("Rows are refused. Mend the file, or take the good rows only."))
    advance(run, ImportStatus.APPLYING)
    run.skip_refused, run.consent_basis = skip_refused, consent_basis[:80]
    run.progress, run.problem, run.asked_at = 0, "", now
    run.save(
        update_fields=[
            *("status", "skip_refused", "consent_basis", "progress", "problem", "asked_at")
        ]
    )
    return run


def carry_out(pk: int, *, now: datetime) -> None:
    """Check or apply an import, whichever it waits for; safe to run twice, late, in parallel.

    The status is looked at again, under lock, in the transaction that takes the rows: the
    second of two finds it done and takes nothing.
    """
    run = ImportRun.objects.select_related("store", "by").get(pk=pk)
    status = run.status
    if status not in (ImportStatus.CHECKING, ImportStatus.APPLYING):
        return
    files: list[ImportFile] = list(run.files.order_by("pk"))
    try:
        outcome = _take(run, status, files, now)
    except Refused as refusal:
        _fail(run, str(refusal), now=now)
    except Exception:
        _fail(
            run, _("Something went wrong here. Nothing was taken; tell the administrator."), now=now
        )
        raise
    else:
        if not outcome.written:
            _checked(run, status, files, outcome, now=now)


def _take(run: ImportRun, status: str, files: list[ImportFile], now: datetime) -> Outcome:
    def finish(outcome: Outcome) -> bool:
        mine = locked(run)
        if mine.status != status:
            return False
        if outcome.written:
            _note(mine, files, outcome, ImportStatus.APPLIED, now)
        return True

    return import_tables(
        [(file.name, open_file(file)) for file in files],
        store=run.store,
        now=now,
        check=status == ImportStatus.CHECKING,
        skip_refused=run.skip_refused,
        consent_basis=run.consent_basis,
        by=run.by,
        run=run.pk,
        progress=lambda done: _show_progress(run, done),
        in_transaction=finish,
    )


def _show_progress(run: ImportRun, done: int) -> None:
    ImportRun.objects.filter(pk=run.pk).update(progress=done)


@action
def _checked(
    run: ImportRun, status: str, files: list[ImportFile], outcome: Outcome, *, now: datetime
) -> None:
    run = locked(run)
    if run.status == status:
        _note(run, files, outcome, ImportStatus.CHECKED, now)


def _note(
    run: ImportRun, files: list[ImportFile], outcome: Outcome, to: ImportStatus, now: datetime
) -> None:
    """What came of it: on the import in sum, on each file its counts and refused rows."""
    for part in outcome.parts:
        file = next(f for f in files if (str(f.stored), f.sheet) == part.source)
        file.counts = part.counts() | {"odd_vins": part.odd_vins}
        file.refused = [
            {"row": r.row, "column": r.column, "reason": r.reason} for r in part.refusals
        ]
        file.save(update_fields=["counts", "refused"])
    sums = ("new", "changed", "unchanged", "refused", "passed_over", "odd_vin_count")
    run.counts = {name: outcome.total(name) for name in sums}
    run.counts |= {"kept": outcome.kept, "differences": outcome.differences}
    run.sample = outcome.sample
    run.progress, run.finished_at = 100, now
    advance(run, to)
    run.save(update_fields=["counts", "sample", "progress", "finished_at", "status"])


@action
def _fail(run: ImportRun, problem: str, *, now: datetime) -> None:
    run = locked(run)
    if run.status in (ImportStatus.CHECKING, ImportStatus.APPLYING):
        advance(run, ImportStatus.FAILED)
        run.problem, run.finished_at = problem[:300], now
        run.save(update_fields=["status", "problem", "finished_at"])


@action
def note_waiting(run: ImportRun) -> None:
    """The worker cannot be asked now: the page says so, the sweep asks again."""
    ImportRun.objects.filter(pk=run.pk).update(
        problem=_("The worker cannot be reached. The import starts by itself as soon as it can.")
    )


def stuck_runs(*, now: datetime) -> list[int]:
    """Imports that wait for a worker for too long (it was killed, or the broker was away).

    To be handed out again; one that waits for more than an hour is given up, in words.
    """
    waiting = ImportRun.objects.filter(status__in=(ImportStatus.CHECKING, ImportStatus.APPLYING))
    for run in waiting.filter(asked_at__lt=now - GIVE_UP_AFTER):
        _fail(run, _("The files could not be worked on. Nothing was taken; try again."), now=now)
    return list(waiting.filter(asked_at__lt=now - RETRY_AFTER).values_list("pk", flat=True))


@action
def remove_old_files(*, now: datetime) -> int:
    """Uploaded files go after 30 days; what the imports did stays. Returns how many went."""
    old = ImportFile.objects.filter(removed=False, run__created_at__lt=now - KEEP_FOR)
    stored = set(old.values_list("stored", flat=True))
    old.update(removed=True, refused=[])
    for name in stored:
        file_path(name).unlink(missing_ok=True)
    return len(stored)
