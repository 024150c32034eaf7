"""The registers of the reception (SVC-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date

from apps.audit.queries import days
from apps.service.choices import IN_HOUSE
from apps.service.models import Overnight, RepairOrder, Rescue


def rescues(user: Any, asked: Mapping[str, Any]) -> QuerySet[Rescue]:
    """The rescues of a period, the newest first."""
    start, end = days(asked.get("since"), asked.get("until"))
    rows: QuerySet[Rescue] = Rescue.objects.visible_to(user).filter(
        called_at__gte=start, called_at__lt=end
    )
    if asked.get("open"):
        rows = rows.filter(result="")
    return rows.select_related("went", "by", "vehicle", "store").order_by("-called_at", "-pk")


def day_asked(asked: Mapping[str, Any], today: date) -> date:
    """The day of the address, if it is one that has come; else today."""
    try:
        return min(parse_date(asked.get("day", "")) or today, today)
    except ValueError:
        return today


@dataclass(frozen=True)
class Night:
    """A car in the house, and what was written down about its night; None: nothing yet."""

    order: RepairOrder
    row: Overnight | None


def nights(user: Any, on: date, today: date) -> list[Night]:
    """Tonight: every car in the house, those without a word first. A night gone by: what was
    written down. Two queries."""
    entered = (
        Overnight.objects.visible_to(user)
        .filter(on=on)
        .select_related("order__vehicle", "order__customer", "by", "store")
    )
    rows = {row.order_id: row for row in entered.order_by("pk")}
    if on != today:
        return [Night(row.order, row) for row in rows.values()]
    here = (
        RepairOrder.objects.visible_to(user)
        .filter(status__in=IN_HOUSE)
        .select_related("vehicle", "customer", "store")
        .order_by("opened_at", "pk")
    )
    found = [Night(order, rows.get(order.pk)) for order in here]
    return sorted(found, key=lambda night: night.row is not None)
