"""What the desk needs of deliveries about one customer or one car."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import Delivery

LINKS = ((Delivery, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """The cars that the customer bought here."""
    return [_deliveries(Delivery.objects.filter(customer=customer))]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return [_deliveries(Delivery.objects.filter(vehicle=vehicle))]


def _deliveries(rows: QuerySet[Delivery]) -> Source:
    rows = rows.select_related("vehicle", "dsm")
    return Source("delivery", "delivery", rows, "delivered_on", _delivery, by_day=True)


def _delivery(row: Delivery) -> Told:
    title = _("Delivery · %(car)s") % {"car": row.vehicle}
    record = getattr(row, "dsm", None)  # old and imported deliveries have none
    state = f"{_('DSM record')} {record.get_status_display()}" if record else ""
    detail = " · ".join(filter(None, [row.vehicle.model, row.consultant, state]))
    return Told(title, detail, ("car", row.vehicle_id))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What was handed over to ``old`` was handed over to ``new`` (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
