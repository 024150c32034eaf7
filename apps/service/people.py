"""What the desk needs of the workshop about one customer."""

from django.utils.translation import gettext as _

from apps.core.timeline import TimelineEntry
from apps.customers.models import Customer
from apps.service.models import RepairOrder

MOST = 100


def timeline(customer: Customer) -> list[TimelineEntry]:
    """The repair orders of the cars that are the customer's now. One query."""
    orders = RepairOrder.objects.filter(vehicle__owner=customer).select_related("vehicle")
    entries = []
    for order in orders[:MOST]:
        day = order.out_on or order.in_on
        if day is None:
            continue
        told = [
            order.number,
            f"{order.km:,} km" if order.km is not None else "",
            f"¥{order.amount:,}" if order.amount is not None else "",
            order.advisor,
            "" if order.out_on else _("in the workshop"),
        ]
        title = f"{order.get_kind_display()} · {order.vehicle}"
        detail = " · ".join(filter(None, told))
        entries.append(TimelineEntry(at=day, kind="visit", title=title, detail=detail))
    return entries
