"""Contracts of sale as the pages show them (REC-08)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistItem, ChecklistRun
from apps.reception.choices.order import LIVE
from apps.reception.models import SalesOrder, Trim
from apps.reception.queries.opportunities import seen_by

SHOWN = ("store", "customer", "consultant", "trim__car_model", "stock_car", "vehicle")


def seen(user: Any) -> QuerySet[SalesOrder]:
    """Contracts as far as a person sees them: a consultant his own."""
    rows: QuerySet[SalesOrder] = seen_by(user, SalesOrder.objects.all())
    return rows.select_related(*SHOWN)


def orders(user: Any, asked: Mapping[str, Any]) -> QuerySet[SalesOrder]:
    """The newest first; ``asked``: what the filter says."""
    rows = seen(user)
    status = asked.get("status")
    if status == "live":
        rows = rows.filter(status__in=LIVE)
    elif status:
        rows = rows.filter(status=status)
    for name, column in (("consultant", "consultant"), ("car_model", "trim__car_model")):
        if asked.get(name):
            rows = rows.filter(**{column: asked[name]})
    if asked.get("since"):
        rows = rows.filter(made_at__date__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(made_at__date__lte=asked["until"])
    if asked.get("car"):
        rows = rows.filter(stock_car__isnull=asked["car"] == "no")
    if asked.get("q"):
        rows = rows.filter(customer__name__icontains=asked["q"].strip())
    return rows.order_by("-made_at", "-pk")


def guide_price(trim: Trim, on: date) -> Decimal | None:
    """The guide price in force on a day; None where there is none. One query."""
    rows = trim.prices.filter(effective_from__lte=on).exclude(until__lt=on)
    row = rows.order_by("-effective_from").first()
    return row.guide_amount if row else None


def contract_subject(order: SalesOrder) -> str:
    return f"order-{order.pk}"


def contract_run(order: SalesOrder) -> ChecklistRun | None:
    """What was explained of the contract the last time. One query."""
    rows = ChecklistRun.objects.filter(
        store=order.store_id, kind=ChecklistKind.CONTRACT, subject=contract_subject(order)
    )
    found: ChecklistRun | None = rows.select_related("by", "template").order_by("-on").first()
    return found


def contract_lines(order: SalesOrder, on: date) -> list[lists.Line]:
    """The terms of the contract with what was said of each. Up to four queries."""
    run = contract_run(order)
    again = run is not None and (run.on == on or order.signed_at is not None)
    template = run.template if again and run else lists.in_force(order.store, KIND, on)
    items: Sequence[ChecklistItem] = list(template.items.all()) if template else []
    found = lists.lines(items, run, 0)
    if run is not None and not again:  # of another day: a point of the same words keeps its answer
        told = {one.item.text: one for one in lists.lines(run.template.items.all(), run, 0)}
        found = [
            lists.Line(one.item, one.wanted, told[one.item.text].said)
            if one.item.text in told
            else one
            for one in found
        ]
    return found


KIND = ChecklistKind.CONTRACT
