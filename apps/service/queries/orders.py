"""Repair orders as the pages show them (SVC-08…10, SVC-15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from apps.customers.models import Vehicle
from apps.service.choices import IN_HOUSE, NOT_NOW, LineState, Stage
from apps.service.models import (
    Operation,
    Part,
    RepairOrder,
    RepairPart,
    RepairWork,
    StageChange,
)

NONE = Decimal("0.00")
MOST_FOUND = 20
SHOWN = (
    *("store", "customer", "vehicle", "advisor_user", "technician__user", "bay"),
    *("appointment", "settled_by", "closed_by", "check_in"),
)
LATE_STAGES = tuple(stage for stage in IN_HOUSE if stage != Stage.READY)


def late(now: Any) -> Q:
    """Not ready at the promised time (SVC-09). A car that waits for its driver is not late."""
    return Q(status__in=LATE_STAGES, promised_at__lt=now)


def owed_amount(order: RepairOrder) -> Decimal:
    """What the approved lines come to, before any discount. Two queries."""
    approved = {"order": order, "state": LineState.APPROVED}
    work = RepairWork.objects.filter(**approved).aggregate(sum=Sum("price_amount"))["sum"]
    parts = RepairPart.objects.filter(**approved)
    pieces = parts.aggregate(sum=Sum(F("price_amount") * F("quantity")))["sum"]
    return (work or NONE) + (pieces or NONE)


@dataclass(frozen=True)
class Sheet:
    """The lines of an order and what they come to."""

    work: Sequence[RepairWork]
    parts: Sequence[RepairPart]

    @property
    def _lines(self) -> list[RepairWork | RepairPart]:
        return [*self.work, *self.parts]

    @property
    def owed(self) -> Decimal:
        """Of the approved lines."""
        return sum((line.amount for line in self._lines if line.is_owed), NONE)

    @property
    def proposed(self) -> Decimal:
        """What would come on top if the customer said yes to all that is open."""
        return sum((line.amount for line in self._lines if not line.decided_at), NONE)

    @property
    def minutes(self) -> int:
        """Of the approved work."""
        return sum(line.minutes for line in self.work if line.is_owed)

    @property
    def unanswered(self) -> int:
        return sum(line.decided_at is None for line in self._lines)

    @property
    def to_issue(self) -> int:
        return sum(line.is_owed and line.issued_at is None for line in self.parts)


def sheet_of(order: RepairOrder) -> Sheet:
    """Two queries."""
    work = order.work.select_related("technician__user", "decided_by", "operation")
    parts = order.parts.select_related("part", "decided_by")
    return Sheet(list(work), list(parts))


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


def found_work(order: RepairOrder, text: str) -> Sequence[Operation]:
    """Operations of the store whose code or name has ``text``; without one the first."""
    rows = Operation.objects.filter(store=order.store_id, active=True)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__istartswith=text))
    return list(rows.prefetch_related("parts__part")[:MOST_FOUND])


def found_parts(order: RepairOrder, text: str) -> Sequence[Part]:
    """Parts of the store whose number or name has ``text``; none without one."""
    if not text:
        return []
    rows = Part.objects.filter(store=order.store_id, active=True)
    return list(rows.filter(Q(name__icontains=text) | Q(number__icontains=text))[:MOST_FOUND])


def in_house(user: Any, asked: Mapping[str, Any], now: Any) -> QuerySet[RepairOrder]:
    """Every car in the workshop, late ones first, then by their promise (SVC-09)."""
    rows: QuerySet[RepairOrder] = RepairOrder.objects.visible_to(user).filter(status__in=IN_HOUSE)
    for name in ("advisor_user", "technician"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("stage") == "late":
        rows = rows.filter(late(now))
    elif asked.get("stage"):
        rows = rows.filter(status=asked["stage"])
    came = StageChange.objects.filter(order=OuterRef("pk")).order_by("-at", "-pk").values("at")
    return (
        rows.annotate(
            is_late=Case(When(late(now), then=Value(1)), default=Value(0)),
            stage_since=Subquery(came[:1]),
            unanswered=_count_open(RepairWork) + _count_open(RepairPart),
        )
        .select_related("vehicle", "customer", "advisor_user", "technician__user", "bay", "store")
        .order_by("-is_late", F("promised_at").asc(nulls_last=True), "pk")
    )


def _count_open(model: Any) -> Coalesce:
    """How many lines of the order wait for the customer's answer."""
    lines = model.objects.filter(order=OuterRef("pk"), state=LineState.PROPOSED).order_by()
    counted = lines.values("order").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def stage_counts(user: Any) -> list[tuple[str, Any, int]]:
    """(stage, its name, cars) of the house, without empty ones. One query."""
    rows = RepairOrder.objects.visible_to(user).filter(status__in=IN_HOUSE).order_by()
    counts = {stage.value: Count("pk", filter=Q(status=stage)) for stage in IN_HOUSE}
    found = rows.aggregate(**counts)
    return [(stage.value, stage.label, found[stage.value]) for stage in IN_HOUSE if found[stage]]
