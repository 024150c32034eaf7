"""A repair order is opened, edited and approved by the customer (SVC-08).

Every change of an order or of its lines holds the order's row, checks the version that was looked
at and counts it up: of two tabs the second is told what changed, and nothing is overwritten.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.audit.meanwhile import ChangedMeanwhile
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers import actions as customers
from apps.customers.choices import ReadingSource
from apps.customers.models import Customer, MileageReading, Vehicle
from apps.service.actions.appointments import arrive
from apps.service.actions.booking import hold_days
from apps.service.actions.visits import refresh_visits
from apps.service.choices import (
    AWAITED,
    IN_HOUSE,
    AppointmentStatus,
    RepairKind,
    Stage,
)
from apps.service.models import (
    Appointment,
    OperationPart,
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
        raise ChangedMeanwhile(row, version)
    if not row.in_house:
        raise Refused(_("The order is closed: it cannot be changed any more."))
    return row


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
    _check_opening(vehicle, kind, promised_at, km, now)
    brought_by = customer or (booked.customer if booked else vehicle.owner)
    if brought_by is None:
        raise Refused(_("The car has no owner. Enter the owner first."))
    facts = {"kind": kind, "complaints": complaints, "promised_at": promised_at, "km": km}
    order = _new_order(vehicle, brought_by, booked, advisor, facts, now)
    note_stage(order, at=now, by=by)
    if booked:
        _take_over_lines(order, booked, now=now, by=by)
    refresh_visits([vehicle.pk], on=today)
    if km is not None:
        _read_odometer(vehicle, km, sure=km_sure, now=now, by=by)
    customers.refresh_cars([vehicle.pk], on=today)
    return order


def _new_order(
    vehicle: Vehicle,
    brought_by: Customer,
    booked: Appointment | None,
    advisor: User,
    facts: Mapping[str, Any],
    now: datetime,
) -> RepairOrder:
    """With what the appointment says where nothing else was said."""
    said = dict(facts)
    if booked is not None:
        said |= {"technician": booked.technician, "bay": booked.bay}
        said["complaints"] = facts["complaints"] or booked.symptoms
        if booked.ends_at > now:
            said["promised_at"] = facts["promised_at"] or booked.ends_at
    return RepairOrder.objects.create(
        **said,
        store_id=vehicle.store_id,
        number=_next_number(vehicle.store, now),
        vehicle=vehicle,
        customer=brought_by,
        source="workshop",
        status=Stage.WAITING,
        appointment=booked,
        advisor_user=advisor,
        advisor=str(advisor)[:40],
        opened_at=now,
        in_on=timezone.localdate(now),
    )


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
    vehicle: Vehicle, kind: str, promised_at: datetime | None, km: int | None, now: datetime
) -> None:
    if kind not in RepairKind.values:
        raise Refused(_("Choose what kind of visit it is."))
    if promised_at is not None and promised_at <= now:
        raise Refused(_("The promised time has passed already. Promise a coming one."))
    if km is not None and km < 0:
        raise Refused(_("Choose a mileage of 0 km or more."))
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
    """Odd is a reading that is not accepted, or for which the last one would not be any more."""
    vehicle.refresh_from_db(fields=["last_km", "last_km_on"])
    before, on = vehicle.last_km, timezone.localdate(now)
    last: dict[str, Any] = {"on": vehicle.last_km_on, "km": before}
    readings = MileageReading.objects.filter(vehicle=vehicle, **last)
    reading = customers.record_reading(vehicle, km, on=on, source=ReadingSource.VISIT, by=by)
    odd = not reading.accepted or readings.filter(accepted=False).exists()
    if odd and not sure:
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
