"""A repair order is opened, edited and approved by the customer (SVC-08).

Every change of an order or of its lines holds the order's row, checks the version that was looked
at and counts it up: of two tabs the second is told what changed, and nothing is overwritten.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers import actions as customers
from apps.customers.choices import ReadingSource
from apps.customers.models import Customer, Vehicle
from apps.service.actions.appointments import ChangedMeanwhile, arrive
from apps.service.actions.booking import hold_days
from apps.service.actions.visits import refresh_visits
from apps.service.choices import (
    AWAITED,
    IN_HOUSE,
    AppointmentStatus,
    ApprovedHow,
    LineState,
    RepairKind,
    Stage,
)
from apps.service.models import (
    Appointment,
    Operation,
    OperationPart,
    Part,
    RepairOrder,
    RepairPart,
    RepairWork,
    StageChange,
)

EDITED = ("complaints", "diagnosis", "promised_at", "advisor_user", "kind")
NUMBER = "W{day:%y%m%d}-{n:03d}"


class OddMileage(Refused):
    """The odometer does not fit the car's readings (CUS-07). Said to be right it is taken."""


def held_order(order: RepairOrder, version: int | None) -> RepairOrder:
    """The order as it is now, held; refused when it is closed, or another than was looked at."""
    row = locked(order)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(
            _("Somebody changed this order meanwhile (%(what)s). Look at it and decide again.")
            % {"what": _changed_since(row, version)}
        )
    if not row.in_house:
        raise Refused(_("The order is closed: it cannot be changed any more."))
    return row


def _changed_since(row: RepairOrder, version: int) -> str:
    """What is different now from what was looked at, by the names of the columns."""
    events: Any = RepairOrder._meta.get_field("events").related_model
    before = events.objects.filter(pgh_obj_id=row.pk, version=version).order_by("-pgh_id").first()
    fields = [field for field in RepairOrder._meta.concrete_fields if field.name != "version"]
    names = [
        str(field.verbose_name)
        for field in fields
        if before and getattr(before, field.attname, None) != getattr(row, field.attname)
    ]
    return "、".join(names) or _("its lines")


def save_order(row: RepairOrder, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])


def note_stage(row: RepairOrder, *, at: datetime, by: User, note: str = "") -> None:
    StageChange.objects.create(order=row, stage=row.status, at=at, by=by, note=note[:200])


@action
def open_order(
    vehicle: Vehicle,
    *,
    advisor: User,
    kind: str,
    now: datetime,
    by: User,
    appointment: Appointment | None = None,
    customer: Customer | None = None,
    km: int | None = None,
    km_sure: bool = False,
    complaints: str = "",
    promised_at: datetime | None = None,
) -> RepairOrder:
    """A car is received: from its appointment, or because it stands at the door (SVC-07, SVC-08).

    The appointment has come then; its work and parts are proposed lines of the order, and what
    was kept for it is kept for the order. ``customer``: who brought the car; None: who booked,
    else the owner. Refused: a car that is in the house already, an appointment that is over or
    of another car, a mileage that does not fit (OddMileage; ``km_sure``: it was read again).
    """
    today = timezone.localdate(now)
    hold_days(vehicle.store, [today])
    booked = _booked(vehicle, appointment, now)
    customers.hold_cars([vehicle.pk])
    _check_opening(vehicle, kind, promised_at, now)
    brought_by = customer or (booked.customer if booked else vehicle.owner)
    if brought_by is None:
        raise Refused(_("The car has no owner. Enter the owner first."))
    order = RepairOrder.objects.create(
        store_id=vehicle.store_id,
        number=_next_number(vehicle.store, now),
        vehicle=vehicle,
        customer=brought_by,
        kind=kind,
        source="workshop",
        status=Stage.WAITING,
        appointment=booked,
        advisor_user=advisor,
        advisor=str(advisor)[:40],
        opened_at=now,
        in_on=today,
        km=km,
        promised_at=promised_at or (booked.ends_at if booked and booked.ends_at > now else None),
        complaints=complaints or (booked.symptoms if booked else ""),
        technician=booked.technician if booked else None,
        bay=booked.bay if booked else None,
    )
    note_stage(order, at=now, by=by)
    if booked:
        _take_over_lines(order, booked, now=now, by=by)
    refresh_visits([vehicle.pk], on=today)
    if km is not None:
        _read_odometer(vehicle, km, sure=km_sure, now=now, by=by)
    customers.refresh_cars([vehicle.pk], on=today)
    return order


def _booked(vehicle: Vehicle, appointment: Appointment | None, now: datetime) -> Appointment | None:
    """The appointment, arrived and held."""
    if appointment is None:
        return None
    if appointment.vehicle_id != vehicle.pk:
        raise Refused(_("The appointment is of another car."))
    row = locked(appointment)
    if row.orders.exists():
        raise Refused(_("An order was opened from this appointment already."))
    if row.status in (*AWAITED, AppointmentStatus.NO_SHOW):
        row = arrive(row, now=now)
    if row.status != AppointmentStatus.ARRIVED:
        raise Refused(_("The appointment is over: open the order without it."))
    return row


def _check_opening(
    vehicle: Vehicle, kind: str, promised_at: datetime | None, now: datetime
) -> None:
    if kind not in RepairKind.values:
        raise Refused(_("Choose what kind of visit it is."))
    if promised_at is not None and promised_at <= now:
        raise Refused(_("The promised time has passed already. Promise a coming one."))
    there = RepairOrder.objects.filter(vehicle=vehicle, status__in=IN_HOUSE).first()
    if there is not None:
        raise Refused(
            _("This car is in the workshop already, with order %(number)s.")
            % {"number": there.number}
        )


def _next_number(store: Store, now: datetime) -> str:
    """The next order number of the store's day, without gaps. To be called under ``hold_days``.

    A number that imported history happens to have is passed over.
    """
    day = timezone.localdate(now)
    orders = RepairOrder.objects.filter(store=store)
    n = orders.filter(in_on=day).exclude(status="").count() + 1
    while orders.filter(number=NUMBER.format(day=day, n=n)).exists():
        n += 1
    return NUMBER.format(day=day, n=n)


def _read_odometer(vehicle: Vehicle, km: int, *, sure: bool, now: datetime, by: User) -> None:
    before = vehicle.last_km
    on = timezone.localdate(now)
    reading = customers.record_reading(vehicle, km, on=on, source=ReadingSource.VISIT, by=by)
    if not reading.accepted and not sure:
        raise OddMileage(
            _("%(km)s km does not fit the last mileage, %(before)s km. Read the odometer again.")
            % {"km": f"{km:,}", "before": f"{before:,}" if before is not None else "—"}
        )


def _take_over_lines(order: RepairOrder, booked: Appointment, *, now: datetime, by: User) -> None:
    """What was booked is proposed, as it was priced then; parts stand with their work."""
    about = {"order": order, "added_at": now, "added_by": by}
    lines = list(booked.work.select_related("operation"))
    work = RepairWork.objects.bulk_create(
        RepairWork(
            **about,
            operation=line.operation,
            name=line.name,
            minutes=line.minutes,
            price_amount=line.price_amount,
            technician=booked.technician,
        )
        for line in lines
    )
    kept = list(booked.parts.select_related("part"))
    price = {line.part_id: line.price_amount for line in kept}
    left = Counter({line.part_id: line.quantity for line in kept})
    usual = OperationPart.objects.filter(operation__in=[line.operation_id for line in lines])
    of_operation = {one.operation_id: one for one in work}
    parts: list[tuple[RepairWork | None, int, int]] = []
    for need in usual.order_by("pk"):
        pieces = min(need.quantity, left[need.part_id])
        if pieces:
            left[need.part_id] -= pieces
            parts.append((of_operation[need.operation_id], need.part_id, pieces))
    parts += [(None, part, pieces) for part, pieces in left.items() if pieces]
    RepairPart.objects.bulk_create(
        RepairPart(**about, work=one, part_id=part, quantity=n, price_amount=price[part])
        for one, part, n in parts
    )


@action
def change_order(
    order: RepairOrder, facts: Mapping[str, Any], *, version: int, now: datetime
) -> RepairOrder:
    """Complaints, diagnosis, promised time, advisor, kind (SVC-08)."""
    row = held_order(order, version)
    names = [name for name in EDITED if name in facts]
    promised = facts.get("promised_at")
    if promised is not None and promised != row.promised_at and promised <= now:
        raise Refused(_("The promised time has passed already. Promise a coming one."))
    for name in names:
        setattr(row, name, facts[name])
    if "advisor_user" in names:
        row.advisor = str(row.advisor_user)[:40]
        names.append("advisor")
    save_order(row, *names)
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
    about: dict[str, Any] = {"order": row, "added_at": now, "added_by": by}
    about["recommended"] = recommended
    if operation is None:
        if not name.strip() or price_amount is None:
            raise Refused(_("Say what is done and what it costs."))
        facts = {"name": name.strip()[:80], "minutes": minutes, "price_amount": price_amount}
        work = RepairWork.objects.create(**about, **facts)
    else:
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
    save_order(row)
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


def _open_for_lines(order: RepairOrder, version: int | None) -> RepairOrder:
    row = held_order(order, version)
    if row.settled_at is not None:
        raise Refused(_("The order is settled. Take the settlement back to change its lines."))
    return row


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
