"""New cars, and which contract has which (REC-08)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from apps.reception.choices.order import OrderStatus, StockStatus
from apps.reception.models import SalesOrder, StockCar

THERE = (StockStatus.COMING, StockStatus.HERE)
MOST = 100  # cars to choose from


def _live() -> QuerySet[SalesOrder]:
    rows: QuerySet[SalesOrder] = SalesOrder.objects.exclude(status=OrderStatus.CANCELLED)
    return rows.select_related("consultant")


def cars(user: Any, asked: Mapping[str, Any]) -> QuerySet[StockCar]:
    """Cars of the stores that a person sees, those that stand longest first. Each has
    ``given``: a list with the order that has it, or none. Two queries."""
    rows: QuerySet[StockCar] = StockCar.objects.visible_to(user)
    status = asked.get("status") or "there"
    if status in StockStatus.values:
        rows = rows.filter(status=status)
    elif status in ("there", "free"):
        rows = rows.filter(status__in=THERE)
    if asked.get("status") == "free":
        rows = rows.exclude(_has_order())
    if asked.get("car_model"):
        rows = rows.filter(trim__car_model=asked["car_model"])
    if asked.get("q"):
        rows = rows.filter(vin__icontains=asked["q"].strip().upper())
    given = Prefetch("orders", queryset=_live(), to_attr="given")
    return (
        rows.select_related("trim__car_model", "store")
        .prefetch_related(given)
        .order_by("arrived_on", "pk")
    )


def _has_order() -> Exists:
    live = SalesOrder.objects.filter(stock_car=OuterRef("pk"))
    return Exists(live.exclude(status=OrderStatus.CANCELLED))


def cars_for(order: SalesOrder) -> Sequence[StockCar]:
    """What the order can be given: free cars of its configuration and colour, in stock before
    coming ones, the longest standing first. One query."""
    rows = StockCar.objects.filter(store=order.store_id, trim=order.trim_id, status__in=THERE)
    rows = rows.exclude(_has_order())
    if order.colour:
        rows = rows.filter(colour__in=["", order.colour])
    return list(rows.order_by("-status", "arrived_on", "pk")[:MOST])
