"""Everything the house has about one delivery, for the maker's audit 备审 (DEL-06)."""

from dataclasses import dataclass
from typing import Any

from apps.delivery.models import DsmRecord
from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder
from apps.reception.queries import opportunities


@dataclass(frozen=True)
class Folder:
    """What there is; None: nothing, or not for this reader."""

    order: SalesOrder | None = None


def of(record: DsmRecord, user: Any) -> Folder:
    """The order for those who see sales."""
    return Folder(order=_order(record, user))


def _order(record: DsmRecord, user: Any) -> SalesOrder | None:
    if not user.has_perm("reception.view_sales"):
        return None
    rows = SalesOrder.objects.filter(
        store=record.store_id, stock_car__vin=record.delivery.vehicle.vin
    ).exclude(status=OrderStatus.CANCELLED)
    found: SalesOrder | None = (
        opportunities.seen_by(user, rows)
        .select_related("consultant", "trim__car_model", "stock_car")
        .first()
    )
    return found
