"""Every list of the house as a file, at once or by the worker (DATA-03)."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

import structlog
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts import exports as accounts
from apps.accounts.models import User
from apps.audit import actions, policy
from apps.audit.choices import FileFormat
from apps.audit.models import Download
from apps.audit.queries import download_path
from apps.care import exports as care
from apps.complaints import exports as complaints
from apps.core.tables import Counted, Listing, csv_pieces, write_xlsx
from apps.customers import exports as customers
from apps.delivery import exports as delivery
from apps.desk import exports as desk
from apps.exchange import exports as exchange
from apps.messaging import exports as messaging
from apps.penalties import exports as penalties
from apps.reception import exports as reception
from apps.reports import exports as reports
from apps.service import exports as service
from apps.ssi import exports as ssi

log = structlog.get_logger(__name__)
MAY_EXPORT = "audit.export_lists"
LISTINGS: dict[str, Listing] = {
    name: listing
    for app in (
        *(accounts, customers, messaging, complaints, reception, service, delivery, exchange),
        *(care, ssi, penalties, reports, desk),
    )
    for name, listing in app.LISTINGS.items()
}
AT_ONCE = {FileFormat.XLSX: policy.XLSX_AT_ONCE, FileFormat.CSV: policy.CSV_AT_ONCE}
WORK_FOR = 60  # seconds after which one task begins no other file


def may_export(user: Any, name: str) -> bool:
    """Who sees a list may not always take it out: both are asked."""
    return name in LISTINGS and user.has_perms([MAY_EXPORT, LISTINGS[name].permission])


def more_than(rows: Iterable[Any], limit: int) -> bool:
    """Are there more rows? Read from an index up to there, never counted whole."""
    if not isinstance(rows, QuerySet):
        return isinstance(rows, list) and len(rows) > limit  # what is read as it comes has no end
    if rows.query.combinator:
        return bool(rows[limit : limit + 1])
    return rows.order_by()[limit : limit + 1].exists()


def sent(download: Download, listing: Listing, rows: Iterable[Any]) -> Iterator[bytes]:
    """The pieces of a csv file; how many rows went out is written down at the end, whatever
    the end was."""
    lines = Counted(listing.lines(rows))
    try:
        with translation.override(download.language):
            yield from csv_pieces(lines)
    finally:
        actions.note_rows(download, lines.rows)


def write_waiting(*, now: datetime) -> int:
    """Write the files that wait, one after the other; how many. Safe twice and at once."""
    until, done = time.monotonic() + WORK_FOR, 0
    while time.monotonic() < until:
        download = actions.claim_download(now=now)
        if download is None:
            break
        with translation.override(download.language):
            _write(download, now)
        done += 1
    return done


def _write(download: Download, now: datetime) -> None:
    path = download_path(download.stored)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{download.tries}")
    try:
        listing, rows = _asked_for(download)
        with part.open("wb") as file:
            count = write_file(file, download.format, listing, rows)
    except PermissionError as problem:
        actions.fail_download(download, str(problem))
    except Exception:
        part.unlink(missing_ok=True)
        log.exception("export failed", download=download.pk)
        actions.fail_download(download, _("It could not be written. Ask for it again."))
    else:
        actions.finish_download(download, part, rows=count, now=now)
    finally:
        for older in path.parent.glob(f"{path.name}.*"):  # of tries whose worker was killed
            if int(older.suffix[1:]) < download.tries:
                older.unlink(missing_ok=True)


def _asked_for(download: Download) -> tuple[Listing, Iterable[Any]]:
    """The list as its page showed it when it was asked for. The rights are those of now."""
    user: Any = User.objects.get(pk=download.user_id)
    if len(download.store_ids) == 1:
        user.chosen_store_id = download.store_ids[0]
    allowed = user.is_active and may_export(user, download.listing)
    if not allowed or not set(download.store_ids) <= set(user.all_store_ids):
        raise PermissionError(_("You may not take this list out any more."))
    listing = LISTINGS[download.listing]
    return listing, listing.asked(user, QueryDict(download.query), download.asked_at)


def write_file(file: IO[bytes], format: str, listing: Listing, rows: Iterable[Any]) -> int:
    """Write all rows; how many."""
    lines = Counted(listing.lines(rows))
    if format == FileFormat.XLSX:
        write_xlsx(file, str(listing.title), lines)
    else:
        file.writelines(csv_pieces(lines))
    return lines.rows
