"""What the desk needs of the workshop about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.erasing import FRESH, Personal, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.service.choices import AWAITED, IN_HOUSE, WaitingStatus
from apps.service.models import (
    Appointment,
    AppointmentWork,
    CheckIn,
    Mark,
    Overnight,
    Photo,
    QualityCheck,
    RepairOrder,
    RepairWork,
    Rescue,
    StageChange,
    Waiting,
)

LINKS = (  # what points at a customer
    (Appointment, "customer"),
    (Waiting, "customer"),
    (RepairOrder, "customer"),
)


def timeline(customer: Customer) -> list[Source]:
    """The repair orders of the cars that are the customer's now, and his appointments."""
    return [
        _visits(RepairOrder.objects.filter(vehicle__owner=customer)),
        _appointments(Appointment.objects.filter(customer=customer)),
    ]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return [
        _visits(RepairOrder.objects.filter(vehicle=vehicle)),
        _appointments(Appointment.objects.filter(vehicle=vehicle)),
    ]


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """Who is awaited under ``old`` is awaited under ``new`` (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


def _appointments(rows: QuerySet[Appointment]) -> Source:
    rows = rows.select_related("vehicle")
    return Source("appointment", "appointment", rows, "starts_at", _appointment)


def _appointment(row: Appointment) -> Told:
    told = [row.get_kind_display(), str(row.vehicle), row.symptoms]
    title = _("Appointment · %(status)s") % {"status": row.get_status_display()}
    return Told(title, " · ".join(filter(None, told)), ("car", row.vehicle_id))


def _visits(rows: QuerySet[RepairOrder]) -> Source:
    rows = rows.select_related("vehicle").annotate(day=Coalesce("out_on", "in_on"))
    return Source("visit", "visit", rows, "day", _visit, by_day=True)


def _visit(order: RepairOrder) -> Told:
    told = [
        order.number,
        f"{order.km:,} km" if order.km is not None else "",
        f"¥{order.amount:,}" if order.amount is not None else "",
        order.advisor,
        "" if order.out_on else _("in the workshop"),
    ]
    title = f"{order.get_kind_display()} · {order.vehicle}"
    return Told(title, " · ".join(filter(None, told)), ("car", order.vehicle_id))


def _of_orders(model: Any, path: str, columns: str) -> tuple[Personal, ...]:
    """Rows of the orders for which he brought a car; and of the old ones of his car of which the
    DMS does not say who brought it."""
    return (
        Personal(model, (f"{path}customer",), texts(columns)),
        Personal(
            model, (f"{path}vehicle__owner",), texts(columns), only=Q(**{f"{path}customer": None})
        ),
    )


PERSONAL = (
    Personal(Appointment, ("customer",), {"link_key": FRESH, **texts("symptoms remark")}),
    Personal(Waiting, ("customer",), texts("remark")),
    *_of_orders(RepairOrder, "", "complaints diagnosis"),
    *_of_orders(CheckIn, "order__", "valuables remark"),
    *_of_orders(Mark, "check_in__order__", "note"),
    *_of_orders(StageChange, "order__", "note"),
    *_of_orders(QualityCheck, "order__", "findings"),
    *_of_orders(Overnight, "order__", "reason key_place"),
    Personal(
        Rescue,
        ("vehicle__owner",),
        {"phone": "", "plate": "", **texts("caller place trouble remark")},
    ),
)
PLAIN = {
    AppointmentWork: "name",
    RepairOrder: "number advisor source points",
    RepairWork: "name",
    CheckIn: "signature",  # pictures are painted over
    Photo: "stored",
}


def _orders_of(ids: Collection[int]) -> QuerySet[RepairOrder]:
    his = Q(customer__in=ids) | Q(vehicle__owner__in=ids, customer=None)
    return RepairOrder.objects.filter(his).order_by("pk")


def duties(ids: Collection[int]) -> list[str]:
    """A car that is in the workshop, one that is awaited."""
    inside = _orders_of(ids).filter(Q(status__in=IN_HOUSE) | Q(out_on=None))
    said = [
        _("%(car)s is in the workshop, order %(order)s") % {"car": row.vehicle, "order": row.number}
        for row in inside.select_related("vehicle")
    ]
    booked = Appointment.objects.filter(customer__in=ids, status__in=AWAITED)
    said += [_("an appointment on %(day)s is not over") % {"day": row.on} for row in booked]
    waits = Waiting.objects.filter(customer__in=ids, status=WaitingStatus.WAITING).exists()
    return said + [_("the customer is on the waiting list of the workshop")] * waits


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nothing is open any more: see ``duties``."""


def pictures(ids: Collection[int]) -> list[Any]:
    """Photos of cars that were taken in, and the signatures for them."""
    taken_in = CheckIn.objects.filter(order__in=_orders_of(ids))
    photos = Photo.objects.filter(check_in__in=taken_in).values_list("stored", flat=True)
    signed = taken_in.filter(signature__isnull=False).values_list("signature", flat=True)
    return [*photos, *signed]
