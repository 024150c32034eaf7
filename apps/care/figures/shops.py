"""Where customers go instead, and what it costs there (CARE-13, CARE-17)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, Max, Min, OuterRef, Q

from apps.accounts.models import Store
from apps.care.choices import CallKind, Result
from apps.care.models import Attempt
from apps.customers.models import ElsewhereService


@dataclass(frozen=True)
class Shop:
    """One shop at one place: how many cars it had, and what customers say they paid."""

    shop: str
    place: str
    first_service: int
    maintenance: int
    mean: Decimal | None
    least: Decimal | None
    most: Decimal | None

    @property
    def cars(self) -> int:
        return self.first_service + self.maintenance


def told(store: Store, first: date, last: date) -> Any:
    """What customers told on these days, with ``was_first``: asked about the first service."""
    asked = Attempt.objects.filter(
        call__vehicle=OuterRef("vehicle"),
        call__kind=CallKind.FIRST_SERVICE,
        result=Result.ELSEWHERE,
        at=OuterRef("recorded_at"),
    )
    rows = ElsewhereService.objects.filter(store=store, recorded_at__date__range=(first, last))
    return rows.annotate(was_first=Exists(asked))


def shops(store: Store, first: date, last: date) -> list[Shop]:
    """The shops named, the most frequent first. One query."""
    rows: Any = told(store, first, last).order_by().values("shop", "place")
    counted = rows.annotate(
        n_first=Count("pk", filter=Q(was_first=True)),
        n_later=Count("pk", filter=Q(was_first=False)),
        mean=Avg("cost_amount"),
        least=Min("cost_amount"),
        most=Max("cost_amount"),
    )
    found = [
        Shop(
            row["shop"],
            row["place"],
            row["n_first"],
            row["n_later"],
            row["mean"] if row["mean"] is None else round(row["mean"], 2),
            row["least"],
            row["most"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda one: (-one.cars, one.shop, one.place))
