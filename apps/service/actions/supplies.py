"""Parts that are on their way: ordered or from another store, come, late, not coming (SVC-06)."""

from datetime import date, datetime

import pghistory
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.service.models import Part, PartSupply


@action
def order_part(
    part: Part,
    *,
    kind: str,
    quantity: int,
    expected_on: date,
    note: str = "",
    by: User,
    now: datetime,
) -> PartSupply:
    """Pieces are ordered, or another store sends them. Refused: a day gone by, a part that is
    not in use."""
    if not part.active:
        raise Refused(_("This part is not in use any more."))
    _check_coming(expected_on, now)
    return PartSupply.objects.create(
        store=part.store,
        part=part,
        kind=kind,
        quantity=quantity,
        expected_on=expected_on,
        note=note,
        by=by,
    )


@action
def receive_supply(supply: PartSupply, *, now: datetime) -> PartSupply:
    """The pieces are here and lie in stock. Twice: they came once. Refused: cancelled."""
    row = locked(supply)
    if row.cancelled:
        raise Refused(_("This supply was cancelled. Order again, or correct the stock."))
    if row.arrived_on is None:
        row.arrived_on = timezone.localdate(now)
        row.save(update_fields=["arrived_on"])
        with pghistory.context(reason=f"{row.get_kind_display()} {row.note}".strip()):
            Part.objects.filter(pk=row.part_id).update(stock=F("stock") + row.quantity)
    return row


@action
def postpone_supply(supply: PartSupply, *, expected_on: date, now: datetime) -> PartSupply:
    """They come on another day than was said. Refused: a day gone by, come or cancelled."""
    _check_coming(expected_on, now)
    row = _open(supply)
    row.expected_on = expected_on
    row.save(update_fields=["expected_on"])
    return row


@action
def cancel_supply(supply: PartSupply) -> PartSupply:
    """They do not come. Who waited for them stands on the page of short parts. Twice: once."""
    row = locked(supply)
    if not row.cancelled:
        row = _open(supply)
        row.cancelled = True
        row.save(update_fields=["cancelled"])
    return row


def _open(supply: PartSupply) -> PartSupply:
    row = locked(supply)
    if row.arrived_on is not None:
        raise Refused(_("These pieces have come already."))
    if row.cancelled:
        raise Refused(_("This supply was cancelled. Order again, or correct the stock."))
    return row


def _check_coming(day: date, now: datetime) -> None:
    if day < timezone.localdate(now):
        raise Refused(_("Choose a day from today on."))
