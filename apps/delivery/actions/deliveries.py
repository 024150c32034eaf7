"""That a car was delivered here, as the archive keeps it (DEL-07)."""

from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers import actions as customers
from apps.customers.models import Customer, Vehicle
from apps.delivery.actions.dsm import open_dsm
from apps.delivery.models import Delivery
from apps.service import actions as service

IMPORTED = "import"


@action
def record_delivery(
    vehicle: Vehicle,
    customer: Customer | None,
    *,
    delivered_on: date,
    on: date,
    consultant: str = "",
    source: str = "staff",
    seller: User | None = None,
) -> Delivery:
    """The store sold this car and handed it over: first service and maintenance follow (DEL-07),
    and the DSM record of ``seller``, the consultant as a person (DEL-06).

    Told again it corrects the day and the buyer. Refused: a day after ``on`` (today), a
    customer of another store.
    """
    if delivered_on > on:
        raise Refused(_("A car cannot have been delivered in the future."))
    if customer is not None and customer.store_id != vehicle.store_id:
        raise Refused(_("This customer belongs to another store."))
    vehicle = locked(vehicle)
    delivery, _new = Delivery.objects.update_or_create(
        vehicle=vehicle,
        defaults={
            "store_id": vehicle.store_id,
            "customer": customer,
            "delivered_on": delivered_on,
            "consultant": consultant,
            "source": source,
        },
    )
    vehicle.sold_here, vehicle.delivered_on = True, delivered_on
    vehicle.save(update_fields=["sold_here", "delivered_on"])
    service.refresh_visits([vehicle.pk], on=on)
    customers.refresh_cars([vehicle.pk], on=on)
    if source != IMPORTED:
        open_dsm(delivery, seller, on=on)
    return delivery
