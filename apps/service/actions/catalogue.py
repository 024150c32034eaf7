"""What the workshop does and what it needs for it (SVC-06, SVC-08).

Lines of appointments and orders keep their name, time and price: what changes here holds for
what is booked from now on.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.service.models import Operation, OperationPart, Part

PART = ("number", "name", "unit", "price_amount", "reorder_at", "active")
OPERATION = ("code", "name", "kind", "skill", "minutes", "price_amount", "active")
Row = TypeVar("Row", bound=Model)
NAMED = 20  # operations that a refusal names


@action
def enter_part(store: Store, facts: Mapping[str, Any]) -> Part:
    """A new part with what lies there of it. Refused: a number that is there already."""
    part = Part(store=store, stock=facts.get("stock") or 0)
    return _kept(part, PART, facts, _("There is a part with that number already."))


@action
def change_part(part: Part, facts: Mapping[str, Any]) -> Part:
    """Number, name, price, reorder level, in use or not; never the stock.

    Refused: a number that is there already, and taking a part out of use that operations take.
    """
    row = locked(part)
    if facts.get("active") is False and row.active:
        users = Operation.objects.filter(parts__part=row, active=True).order_by("code")[:NAMED]
        if links := [("service:operation-edit", one.pk, f"{one.code} {one}") for one in users]:
            raise Refused(_("Operations in use take this part. Change them first:"), links=links)
    return _kept(row, PART, facts, _("There is a part with that number already."))


@action
def correct_stock(part: Part, stock: int, *, seen: int, reason: str) -> Part:
    """What was counted is what lies there, with the reason in the history (SVC-06).

    Refused: pieces came or went since the page that showed ``seen``.
    """
    if not reason.strip():
        raise Refused(_("Say why the stock is corrected."))
    row = locked(part)
    if row.stock != seen:
        raise Refused(
            _("Pieces came or went meanwhile: %(stock)s lie there now. Count again.")
            % {"stock": row.stock}
        )
    if row.stock != stock:
        row.stock = stock
        with pghistory.context(reason=reason.strip()[:80]):
            row.save(update_fields=["stock"])
    return row


@action
def enter_operation(
    store: Store, facts: Mapping[str, Any], usual: Mapping[Part, int] | None = None
) -> Operation:
    """A new operation with its usual parts. Refused: a code that is there already."""
    row = _kept(Operation(store=store), OPERATION, facts, _code_taken())
    _set_usual(row, usual or {})
    return row


@action
def change_operation(
    operation: Operation, facts: Mapping[str, Any], usual: Mapping[Part, int] | None = None
) -> Operation:
    """What is booked keeps its time and price. ``usual`` None: the usual parts stay.

    Refused: a code that is there already.
    """
    row = _kept(locked(operation), OPERATION, facts, _code_taken())
    if usual is not None:
        _set_usual(row, usual)
    return row


def _code_taken() -> str:
    return _("There is an operation with that code already.")


def _kept(row: Row, names: tuple[str, ...], facts: Mapping[str, Any], taken: str) -> Row:
    for name in names:
        if name in facts:
            setattr(row, name, facts[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(taken) from None
    return row


def _set_usual(operation: Operation, usual: Mapping[Part, int]) -> None:
    """Only what differs is written."""
    there = {line.part_id: line for line in operation.parts.all()}
    wanted = {part.pk: pieces for part, pieces in usual.items()}
    operation.parts.exclude(part__in=wanted).delete()
    for part, pieces in wanted.items():
        line = there.get(part) or OperationPart(operation=operation, part_id=part)
        if line.pk is None or line.quantity != pieces:
            line.quantity = pieces
            line.save()
