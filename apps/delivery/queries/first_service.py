"""What the first service of a car just handed over needs in the workshop (DEL-09)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from apps.customers.models import Vehicle
from apps.delivery.models import HandOver
from apps.service.actions.booking import Wish
from apps.service.choices import RepairKind
from apps.service.models import Operation
from apps.service.queries import appointments


def wish_of(vehicle: Vehicle) -> Wish:
    """The store's operation of a first service; an hour without one."""
    kind = RepairKind.FIRST_SERVICE
    rows = Operation.objects.filter(store=vehicle.store_id, active=True, kind=kind)
    return Wish(operations=list(rows.order_by("code")[:1]), kind=kind)


def offered(row: HandOver, asked: Any, now: datetime) -> dict[str, Any]:
    """The appointment if there is one, else free times: from the day on which it may be done, or
    the one of the address. As ``service/_free_times.html`` shows them."""
    vehicle = row.vehicle
    if vehicle is None:
        return {}
    booked = appointments.awaited_of(vehicle, now).select_related("advisor").first()
    if booked is not None:
        return {"booked": booked}
    wish = wish_of(vehicle)
    try:
        day = parse_date(asked.get("earliest", ""))
    except ValueError:
        day = None
    earliest: date = day or vehicle.first_service_opens_on or timezone.localdate(now)
    found = appointments.offered(row.store, wish.job, wish.needed(), now, earliest=earliest)
    return {
        "offered": found,
        "job": wish.job,
        "earliest": earliest,
        "chosen_time": asked.get("starts_at", ""),
    }
