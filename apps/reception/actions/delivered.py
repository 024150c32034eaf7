"""The car of a contract was handed over (REC-12, DEL-07)."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.models import Vehicle
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.choices.order import OrderStatus, StockStatus
from apps.reception.models import SalesOrder


@action
def mark_delivered(order: SalesOrder, vehicle: Vehicle, *, now: datetime) -> SalesOrder:
    """The order is delivered, its car sold, the purchase closed.

    Refused: an order without a car, and one that is not paid or is delivered already.
    """
    order = locked(order)
    if order.stock_car is None or order.stock_car.vin != vehicle.vin:
        raise Refused(_("The order has no car yet. Give it one first."))
    advance(order, OrderStatus.DELIVERED)
    order.delivered_at = now
    order.save(update_fields=["status", "delivered_at"])
    car = locked(order.stock_car)
    car.status = StockStatus.SOLD
    car.save(update_fields=["status"])
    opportunity = locked(order.opportunity)
    if opportunity.status == OpportunityStatus.ORDERED:
        advance(opportunity, OpportunityStatus.DELIVERED)
        opportunity.closed_at = now
        opportunity.save(update_fields=["status", "closed_at"])
    return order
