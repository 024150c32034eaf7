"""A customer is made anonymous, on all floors, for good (SEC-02, SEC-04).

What tells of a person is blanked in rows, in their history, in what was frozen, in evidence and
in files. What was done and counted (calls, attempts, orders, amounts, days, results) stays.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image

from apps.accounts.models import User
from apps.audit.choices import DownloadStatus
from apps.audit.models import Download
from apps.audit.queries import download_path
from apps.care import people as care
from apps.core.actions import action
from apps.core.erasing import FRESH, Personal
from apps.core.errors import Refused
from apps.core.moves import giving_way
from apps.core.pictures import picture_path
from apps.customers.actions import settle_deletion
from apps.customers.models import Customer, Erasure, RightsRequest
from apps.desk.words import FLOORS, found_in, pattern_of, searched, words_of
from apps.exchange import people as exchange
from apps.messaging import people as messaging


def records_of(customer: Customer) -> list[int]:
    """The record and those that were merged into it: they are one person."""
    his = Q(pk=customer.pk) | Q(merged_into=customer.pk)
    return sorted(Customer.everyone.filter(his).values_list("pk", flat=True))


def duties_of(customer: Customer) -> list[str]:
    """Why the customer cannot be erased yet, in words; nothing when he can."""
    ids = records_of(customer)
    return [duty for floor in FLOORS for duty in floor.duties(ids)]


def erase_customer(
    customer: Customer,
    *,
    typed: str,
    by: User | None,
    why: str,
    now: datetime,
    request: RightsRequest | None = None,
) -> Erasure:
    """Make a customer anonymous on all floors; this cannot be undone (SEC-02).

    ``typed``: his name, typed in anew by whoever confirms. ``by``: None for the retention
    period. ``request``: what it settles. Refused: another name, another store's, erased
    already, and while a contract or something begun needs the data (each is said). The row that
    is returned logs it.
    """
    with giving_way(
        _("Somebody works on this customer, or files are being taken in. Try again in a minute.")
    ):
        erasure = _erase_customer(customer, typed=typed, by=by, why=why, now=now, request=request)
    transaction.on_commit(lambda: finish(erasure, now=now))
    return erasure


@action
def _erase_customer(
    customer: Customer,
    *,
    typed: str,
    by: User | None,
    why: str,
    now: datetime,
    request: RightsRequest | None,
) -> Erasure:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
    exchange.hold(customer.store_id)
    care.hold(customer.store_id)
    ids = records_of(customer)
    people = list(Customer.everyone.filter(pk__in=ids).order_by("pk").select_for_update())
    person = next((row for row in people if row.pk == customer.pk), None)
    _refuse(person, typed, by)
    if duties := [duty for floor in FLOORS for duty in floor.duties(ids)]:
        raise Refused(_("Not yet: %(duties)s.") % {"duties": "；".join(duties)})
    if request is not None and by is not None:
        settle_deletion(request, by=by, now=now)
    return _carry_out(customer.pk, customer.store_id, ids, by=by, why=why, now=now)


def _refuse(person: Customer | None, typed: str, by: User | None) -> None:
    if person is None or person.merged_into_id is not None:
        raise Refused(_("It is not there any more: somebody changed it meanwhile. Load it again."))
    if by is not None and by.store_id != person.store_id:
        raise Refused(_("The customer is another store's."))
    if person.erased_at is not None:
        raise Refused(_("The customer was made anonymous already."))
    if by is not None and typed.strip() != person.name:
        raise Refused(_("This is not the customer's name. Nothing was deleted."))


def _carry_out(
    pk: int, store_id: int, ids: list[int], *, by: User | None, why: str, now: datetime
) -> Erasure:
    pattern = pattern_of(words_of(ids))
    files = list(exchange.files_with(store_id, pattern)) if pattern else []
    if waiting := exchange.refuse_waiting(files):
        raise Refused(_("Not yet: %(duties)s.") % {"duties": "；".join(waiting)})
    pictures = [name for floor in FLOORS for name in floor.pictures(ids)]
    erasure = Erasure.objects.create(
        **{"store_id": store_id, "customer_id": pk, "by": by, "at": now, "why": why},
        pictures=pictures,
    )
    for floor in FLOORS:
        floor.close(ids, by=by, now=now)
    for floor in FLOORS:
        for personal in floor.PERSONAL:
            _blank(erasure, personal, ids)
    if pattern:
        _take_out_words(erasure, store_id, pattern)
    exchange.forget_files(files)
    expire_exports(store_id)
    return erasure


def _blank(erasure: Erasure, personal: Personal, ids: Collection[int]) -> None:
    """The columns of the rows and those of their history."""
    pks = list(personal.rows(ids).values_list("pk", flat=True))
    _erase_columns(erasure, personal.model, pks, personal.columns_of(personal.model))
    events = personal.events(ids, pks)
    if events is not None:
        old = list(events.values_list("pk", flat=True))
        _erase_columns(erasure, events.model, old, personal.columns_of(events.model))


def _erase_columns(
    erasure: Erasure, model: Any, pks: list[int], columns: Mapping[str, Any]
) -> None:
    if not pks:
        return
    blanks = {
        model._meta.get_field(name).column: value() if callable(value) else value
        for name, value in columns.items()
        if value is not FRESH
    }
    fresh = [model._meta.get_field(n).column for n, value in columns.items() if value is FRESH]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT erase_columns(%s, %s::regclass, %s, %s, %s, %s::text[])",
            [
                *(erasure.pk, model._meta.db_table, model._meta.pk.column, pks),
                *(json.dumps(blanks), fresh),
            ],
        )


def _take_out_words(erasure: Erasure, store_id: int, pattern: str) -> None:
    """Where somebody named the person in the text of another row."""
    for model, columns in searched():
        found = list(found_in(model, columns, store_id, pattern).values_list("pk", flat=True))
        if not found:
            continue
        names = [model._meta.get_field(name).column for name in columns]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT erase_words(%s, %s::regclass, %s, %s::text[], %s::text[], %s)",
                [
                    *(erasure.pk, model._meta.db_table, model._meta.pk.column),
                    *([str(pk) for pk in found], names, pattern),
                ],
            )


def expire_exports(store_id: int) -> None:
    """Exports that wait to be fetched may have him in them: they are asked for anew."""
    ready = Download.objects.filter(status=DownloadStatus.READY, store_ids__contains=[store_id])
    stored = list(ready.select_for_update().values_list("stored", flat=True))
    ready.update(status=DownloadStatus.EXPIRED)
    transaction.on_commit(lambda: _unlink(stored))


def _unlink(names: Collection[Any]) -> None:
    for name in names:
        download_path(name).unlink(missing_ok=True)


@action
def finish(erasure: Erasure, *, now: datetime) -> None:
    """What lies outside the database: pictures are painted over, the gateway's file on trial
    forgets. Done after the transaction; a sweep does it again when the process was killed."""
    for name in erasure.pictures:
        path = picture_path(name)
        if path.exists():
            path.write_bytes(_white())
    messaging.finish(records_of(Customer.everyone.get(pk=erasure.customer_id)))
    Erasure.objects.filter(pk=erasure.pk).update(pictures=[], finished_at=now)


def _white() -> bytes:
    """A signed row keeps its file, so that the two go on agreeing (I8)."""
    written = BytesIO()
    Image.new("RGB", (64, 48), "white").save(written, "JPEG")
    return written.getvalue()


def finish_all(*, now: datetime) -> int:
    """The erasures of which files are left."""
    left = list(Erasure.objects.filter(finished_at=None))
    for erasure in left:
        finish(erasure, now=now)
    return len(left)
