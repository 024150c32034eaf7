"""Writing down who looked, and who took what out of the house."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import models
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import policy
from apps.audit.choices import AccessKind, DownloadStatus
from apps.audit.models import Access, Download
from apps.audit.queries import download_path
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked


@action
def note_access(
    things: Iterable[models.Model], *, by: User, kind: AccessKind, now: datetime, reason: str = ""
) -> None:
    """Write one ``Access`` row for each of ``things`` (each has a ``store_id``) (SEC-01)."""
    Access.objects.bulk_create(
        Access(
            store_id=thing.store_id,  # type: ignore[attr-defined]
            user=by,
            at=now,
            kind=kind,
            model=thing._meta.label_lower,
            object_pk=thing.pk,
            reason=reason,
        )
        for thing in things
    )


@action
def note_download(
    listing: str,
    *,
    query: str,
    format: str,
    language: str,
    reason: str,
    by: User,
    now: datetime,
    at_once: bool,
) -> Download:
    """Write down an export before its first row goes out (DATA-03, SEC-01).

    ``at_once``: it is given in the same answer; else it waits for the worker. Refused without
    a reason, and for who sees no store.
    """
    stores = by.store_ids
    if not stores:
        raise Refused(_("You do not belong to a store."))
    if not reason.strip():
        raise Refused(_("Say what the file is for: it is written down with your name."))
    status = DownloadStatus.GIVEN if at_once else DownloadStatus.WAITING
    return Download.objects.create(
        store_id=by.store_id if by.store_id in stores else stores[0],
        store_ids=stores,
        user=by,
        asked_at=now,
        listing=listing,
        query=query,
        format=format,
        language=language,
        reason=reason.strip(),
        status=status,
    )


@action
def note_rows(download: Download, rows: int) -> None:
    """How many rows went out; fewer than the list has when the connection broke."""
    Download.objects.filter(pk=download.pk).update(rows=rows)


@action
def claim_download(*, now: datetime) -> Download | None:
    """The longest waiting export for one worker; also one whose worker was killed.

    None when nothing waits. The third time it is given up.
    """
    waiting = models.Q(status=DownloadStatus.WAITING)
    left = models.Q(status=DownloadStatus.WORKING, started_at__lt=now - policy.STALE_AFTER)
    row: Download | None = (
        Download.objects.filter(waiting | left)
        .select_for_update(skip_locked=True)
        .order_by("asked_at", "pk")
        .first()
    )
    if row is None:
        return None
    if row.tries >= policy.TRIES:
        _give_up(row, _("It was broken off three times. Narrow the list and ask again."))
        return None
    advance(row, DownloadStatus.WORKING)
    row.started_at, row.tries = now, row.tries + 1
    row.save(update_fields=["status", "started_at", "tries"])
    return row


@action
def finish_download(download: Download, written: Path, *, rows: int, now: datetime) -> None:
    """The file is whole: it takes its place, and its maker may fetch it.

    A worker that was thought dead and comes late is told by the number of its try: its file
    goes, the row stays as it is.
    """
    row = locked(download)
    if row.status != DownloadStatus.WORKING or row.tries != download.tries:
        written.unlink(missing_ok=True)
        return
    advance(row, DownloadStatus.READY)
    row.rows, row.size, row.ready_at = rows, written.stat().st_size, now
    row.save(update_fields=["status", "rows", "size", "ready_at"])
    os.replace(written, download_path(row.stored))


@action
def fail_download(download: Download, problem: str) -> None:
    """It cannot be written; the page says why."""
    row = locked(download)
    if row.status == DownloadStatus.WORKING and row.tries == download.tries:
        _give_up(row, problem)


def _give_up(row: Download, problem: str) -> None:
    advance(row, DownloadStatus.FAILED)
    row.problem = problem[:300]
    row.save(update_fields=["status", "problem"])


@action
def expire_downloads(*, now: datetime) -> int:
    """Files are kept for a day; what was taken out stays written down. Returns how many went."""
    old = list(
        Download.objects.filter(
            status=DownloadStatus.READY, ready_at__lt=now - policy.KEPT_FOR
        ).select_for_update(skip_locked=True)
    )
    for row in old:
        advance(row, DownloadStatus.EXPIRED)
        row.save(update_fields=["status"])
        download_path(row.stored).unlink(missing_ok=True)
    return len(old)
