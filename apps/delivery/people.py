"""What the desk needs of deliveries about one customer."""

from django.utils.translation import gettext as _

from apps.core.timeline import TimelineEntry
from apps.customers.models import Customer
from apps.delivery.models import Delivery

MOST = 100


def timeline(customer: Customer) -> list[TimelineEntry]:
    """The cars that the customer bought here. One query."""
    rows = Delivery.objects.filter(customer=customer).select_related("vehicle")[:MOST]
    return [
        TimelineEntry(
            at=row.delivered_on,
            kind="delivery",
            title=_("Delivery · %(car)s") % {"car": row.vehicle},
            detail=" · ".join(filter(None, [row.vehicle.model, row.consultant])),
        )
        for row in rows
    ]
