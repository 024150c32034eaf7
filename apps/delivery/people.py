"""What the desk needs of deliveries about one customer or one car."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import Delivery


def timeline(customer: Customer) -> list[Source]:
    """The cars that the customer bought here."""
    return [_deliveries(Delivery.objects.filter(customer=customer))]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return [_deliveries(Delivery.objects.filter(vehicle=vehicle))]


def _deliveries(rows: QuerySet[Delivery]) -> Source:
    rows = rows.select_related("vehicle")
    return Source("delivery", "delivery", rows, "delivered_on", _delivery, by_day=True)


def _delivery(row: Delivery) -> Told:
    title = _("Delivery · %(car)s") % {"car": row.vehicle}
    detail = " · ".join(filter(None, [row.vehicle.model, row.consultant]))
    return Told(title, detail, ("car", row.vehicle_id))
