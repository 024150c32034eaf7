"""The lines of an order: proposed, answered by the customer, parts handed out (SVC-06, SVC-08)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.service.actions.orders import held_order, save_order
from apps.service.choices import ApprovedHow, LineState
from apps.service.models import Operation, Part, RepairOrder, RepairPart, RepairWork


def _open_for_lines(order: RepairOrder, version: int | None) -> RepairOrder:
    row = held_order(order, version)
    if row.settled_at is not None:
        raise Refused(_("The order is settled. Take the settlement back to change its lines."))
    return row


@action
def add_work(
    order: RepairOrder,
    operation: Operation | None,
    *,
    version: int | None,
    now: datetime,
    by: User,
    recommended: bool = False,
    name: str = "",
    minutes: int = 0,
    price_amount: Decimal | None = None,
) -> RepairWork:
    """Propose a piece of work with the parts it usually takes (SVC-08).

    From the catalogue at its time and price; without an operation by ``name``, ``minutes`` and
    ``price_amount``. What is added after the customer agreed waits for his confirmation.
    Refused: an operation of another store, one that is on the order already, a settled order.
    """
    row = _open_for_lines(order, version)
    about = {"order": row, "added_at": now, "added_by": by, "recommended": recommended}
    if operation is not None:
        work = _from_catalogue(row, operation, about)
    elif name.strip() and price_amount is not None:
        facts = {"name": name.strip()[:80], "minutes": minutes, "price_amount": price_amount}
        work = RepairWork.objects.create(**about, **facts)
    else:
        raise Refused(_("Say what is done and what it costs."))
    save_order(row)
    return work


def _from_catalogue(row: RepairOrder, operation: Operation, about: dict[str, Any]) -> RepairWork:
    if operation.store_id != row.store_id:
        raise Refused(_("Choose work from the catalogue of this store."))
    there = RepairWork.objects.filter(order=row, operation=operation)
    if there.exclude(state=LineState.DECLINED).exists():
        raise Refused(_("%(work)s is on the order already.") % {"work": operation})
    work = RepairWork.objects.create(
        **about,
        operation=operation,
        name=operation.name,
        minutes=operation.minutes,
        price_amount=operation.price_amount,
        technician=row.technician,
    )
    RepairPart.objects.bulk_create(
        RepairPart(
            **about,
            work=work,
            part=need.part,
            quantity=need.quantity,
            price_amount=need.part.price_amount,
        )
        for need in operation.parts.select_related("part").order_by("pk")
    )
    return work


@action
def add_part(
    order: RepairOrder,
    part: Part,
    quantity: int,
    *,
    version: int | None,
    now: datetime,
    by: User,
    recommended: bool = False,
) -> RepairPart:
    """Propose pieces of a part at its price. Refused as ``add_work``, and less than one piece."""
    row = _open_for_lines(order, version)
    if part.store_id != row.store_id:
        raise Refused(_("Choose a part from the catalogue of this store."))
    if not 1 <= quantity <= 999:
        raise Refused(_("Enter how many pieces: from 1 to 999."))
    line = RepairPart.objects.create(
        order=row,
        part=part,
        quantity=quantity,
        price_amount=part.price_amount,
        recommended=recommended,
        added_at=now,
        added_by=by,
    )
    save_order(row)
    return line


@action
def remove_line(
    order: RepairOrder, line: RepairWork | RepairPart, *, version: int | None
) -> RepairOrder:
    """Take back what was entered by mistake. Refused once the customer has answered to it."""
    row = _open_for_lines(order, version)
    mine = type(line)._default_manager.filter(pk=line.pk, order=row, state=LineState.PROPOSED)
    if not mine.exists():
        raise Refused(_("The customer has answered to this line: it stays on the order."))
    mine.delete()
    save_order(row)
    return row


@action
def answer(
    order: RepairOrder,
    states: Mapping[str, str],
    *,
    how: str,
    version: int | None,
    now: datetime,
    by: User,
) -> RepairOrder:
    """What the customer says to lines: approved, declined, put off (SVC-08, 维修变更确认).

    ``states``: ``w<pk>`` or ``p<pk>`` → state; parts go along with their work. The first yes is
    the approval of the order. Refused: nothing chosen, a line that is not on the order, a line
    that is done or issued, how he said it missing.
    """
    row = _open_for_lines(order, version)
    if how not in ApprovedHow.values:
        raise Refused(_("Choose how the customer said so."))
    work = {f"w{one.pk}": one for one in row.work.all()}
    parts = {f"p{one.pk}": one for one in row.parts.all()}
    chosen: list[tuple[RepairWork | RepairPart, str]] = []
    for key, state in states.items():
        line = work.get(key) or parts.get(key)
        if line is None or state not in LineState.values or state == LineState.PROPOSED:
            raise Refused(_("This line is not on the order any more. Look at it again."))
        chosen.append((line, state))
        with_it = [part for part in parts.values() if key == f"w{part.work_id}"]
        chosen += [(part, state) for part in with_it if f"p{part.pk}" not in states]
    if not chosen:
        raise Refused(_("Choose the customer's answer to at least one line."))
    for line, state in chosen:
        _answered(line, state, how, now, by)
    names = ["approved_at", "approved_how"]
    if row.approved_at is None and LineState.APPROVED in states.values():
        row.approved_at, row.approved_how = now, how
    save_order(row, *names)
    return row


def _answered(line: RepairWork | RepairPart, state: str, how: str, now: datetime, by: User) -> None:
    if line.state == state:
        return
    finished = line.done_at if isinstance(line, RepairWork) else line.issued_at
    if finished:
        raise Refused(
            _("%(line)s is done already: it cannot be answered otherwise.") % {"line": line}
        )
    line.state, line.decided_how, line.decided_at, line.decided_by = state, how, now, by
    line.save(update_fields=["state", "decided_how", "decided_at", "decided_by"])


@action
def issue_parts(order: RepairOrder, *, version: int | None, now: datetime, by: User) -> int:
    """Hand out the approved parts: they leave the stock, once (SVC-06). How many lines.

    Refused, with nothing issued: some are not in stock.
    """
    row = _open_for_lines(order, version)
    done = issue_approved(row, now=now)
    if not done:
        raise Refused(_("No approved part waits to be issued."))
    save_order(row)
    return done


@action
def return_part(order: RepairOrder, line: RepairPart, *, version: int | None) -> RepairOrder:
    """An issued part was not used: it lies in the stock again. Refused: one not issued."""
    row = _open_for_lines(order, version)
    part = row.parts.filter(pk=line.pk, issued_at__isnull=False).first()
    if part is None:
        raise Refused(_("This part was not issued."))
    list(Part.objects.filter(pk=part.part_id).select_for_update())
    Part.objects.filter(pk=part.part_id).update(stock=F("stock") + part.quantity)
    part.issued_at = None
    part.save(update_fields=["issued_at"])
    save_order(row)
    return row


def issue_approved(row: RepairOrder, *, now: datetime) -> int:
    """To be called with the order held. The parts are held in the order of their keys."""
    lines = list(row.parts.filter(state=LineState.APPROVED, issued_at=None))
    pieces: Counter[int] = Counter()
    for line in lines:
        pieces[line.part_id] += line.quantity
    stock = Part.objects.filter(pk__in=pieces).order_by("pk").select_for_update()
    short = [part for part in stock if part.stock < pieces[part.pk]]
    if short:
        raise Refused(
            _("Not in stock: %(parts)s. Wait for the parts, or take them off the order.")
            % {"parts": "、".join(str(part) for part in short)}
        )
    for part, number in sorted(pieces.items()):
        Part.objects.filter(pk=part).update(stock=F("stock") - number)
    RepairPart.objects.filter(pk__in=[line.pk for line in lines]).update(issued_at=now)
    return len(lines)
