"""What the desk needs of the workshop about one customer or one car."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.service.models import Appointment, RepairOrder, Waiting

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
