"""What the desk needs of deliveries about one customer or one car."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import Delivery, DsmRecord

LINKS = ((Delivery, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """The cars that the customer bought here, and when his data were found complete."""
    rows = Delivery.objects.filter(customer=customer)
    return [_deliveries(rows), _records(DsmRecord.objects.filter(delivery__customer=customer))]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    rows = Delivery.objects.filter(vehicle=vehicle)
    return [_deliveries(rows), _records(DsmRecord.objects.filter(delivery__vehicle=vehicle))]


def _deliveries(rows: QuerySet[Delivery]) -> Source:
    rows = rows.select_related("vehicle")
    return Source("delivery", "delivery", rows, "delivered_on", _delivery, by_day=True)


def _delivery(row: Delivery) -> Told:
    title = _("Delivery · %(car)s") % {"car": row.vehicle}
    detail = " · ".join(filter(None, [row.vehicle.model, row.consultant]))
    return Told(title, detail, ("car", row.vehicle_id))


def _records(rows: QuerySet[DsmRecord]) -> Source:
    rows = rows.select_related("delivery__vehicle", "checked_by")
    return Source("dsm", "delivery", rows, "checked_at", _record)


def _record(row: DsmRecord) -> Told:
    title = _("DSM record of %(car)s checked") % {"car": row.delivery.vehicle}
    detail = " · ".join(filter(None, [str(row.checked_by or ""), row.accepted_why]))
    return Told(title, detail, ("car", row.delivery.vehicle_id))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What was handed over to ``old`` was handed over to ``new`` (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
