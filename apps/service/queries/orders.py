"""Repair orders as the pages show them (SVC-08…10, SVC-15)."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from apps.customers.models import Vehicle
from apps.service.choices import NOT_NOW, LineState
from apps.service.models import RepairOrder, RepairPart, RepairWork

NONE = Decimal("0.00")


def owed_amount(order: RepairOrder) -> Decimal:
    """What the approved lines come to, before any discount. Two queries."""
    approved = {"order": order, "state": LineState.APPROVED}
    work = RepairWork.objects.filter(**approved).aggregate(sum=Sum("price_amount"))["sum"]
    parts = RepairPart.objects.filter(**approved)
    pieces = parts.aggregate(sum=Sum(F("price_amount") * F("quantity")))["sum"]
    return (work or NONE) + (pieces or NONE)


def put_off_work(vehicle: Vehicle, *, without: RepairOrder | None = None) -> Sequence[RepairWork]:
    """Declined and put-off work of the car, the newest first: once, and not when it was done or
    answered again on a later order (SVC-15). One query."""
    rows = (
        RepairWork.objects.filter(order__vehicle=vehicle)
        .exclude(order=without)
        .annotate(what=Coalesce("operation__code", "name"))
        .select_related("order", "operation")
        .order_by("-order__opened_at", "-pk")
    )
    latest: dict[str, RepairWork] = {}
    for row in rows:
        latest.setdefault(row.what, row)
    return [row for row in latest.values() if row.state in NOT_NOW]
