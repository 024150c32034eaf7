"""Everything the house has about one delivery, for the maker's audit 备审 (DEL-06)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.delivery.choices.hand_over import HandOverStatus
from apps.delivery.models import DsmRecord, HandOver
from apps.delivery.queries import hand_overs
from apps.delivery.queries import record as signed
from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder
from apps.reception.queries import opportunities


@dataclass(frozen=True)
class Folder:
    """What there is; None: nothing, or not for this reader."""

    order: SalesOrder | None = None
    hand_over: HandOver | None = None
    sheet: dict[str, Any] = field(default_factory=dict)  # lists, photos, minutes, PDI


def of(record: DsmRecord, user: Any, now: datetime) -> Folder:
    """The order for those who see sales, the signed hand-over for those who may open it."""
    row: HandOver | None = (
        hand_overs.seen_by(user)
        .filter(vehicle=record.delivery.vehicle_id, status=HandOverStatus.FINISHED)
        .select_related("area", "consultant", "advisor", "care", "manager", "order__stock_car")
        .first()
    )
    sheet = signed.of(row, {}, now, offers=False) if row else {}
    return Folder(_order(record, user), row, sheet)


def _order(record: DsmRecord, user: Any) -> SalesOrder | None:
    if not user.has_perm("reception.view_sales"):
        return None
    rows = SalesOrder.objects.filter(
        store=record.store_id, stock_car__vin=record.delivery.vehicle.vin
    ).exclude(status=OrderStatus.CANCELLED)
    found: SalesOrder | None = (
        opportunities.seen_by(user, rows)
        .select_related("consultant", "trim__car_model", "stock_car")
        .prefetch_related("papers__by")
        .first()
    )
    return found
