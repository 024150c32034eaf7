"""Models with their configurations, prices and sheets as the pages show them (REC-04, REC-07)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import Store
from apps.reception.models import CarModel, ModelSheet, Trim, TrimPrice


def prices_on(trims: Iterable[Trim], on: date) -> dict[int, TrimPrice]:
    """Trim → the last price that began, whether or not it still holds. One query."""
    rows = TrimPrice.objects.filter(trim__in=list(trims), effective_from__lte=on)
    return {row.trim_id: row for row in rows.order_by("effective_from")}


@dataclass(frozen=True)
class PricedTrim:
    """A configuration with its price of a day, and the one that comes."""

    trim: Trim
    price: TrimPrice | None
    coming: TrimPrice | None
    on: date

    @property
    def expired(self) -> bool:
        return bool(self.price and self.price.until and self.price.until < self.on)

    @property
    def amount(self) -> Decimal | None:
        return self.price.guide_amount if self.price and not self.expired else None


@dataclass(frozen=True)
class SoldModel:
    """A model as the list shows it."""

    model: CarModel
    trims: list[PricedTrim]
    sheet: ModelSheet | None
    on: date

    @property
    def expired(self) -> bool:
        return bool(self.sheet and self.sheet.valid_until < self.on)

    @property
    def lacks_price(self) -> bool:
        return any(line.amount is None for line in self.trims if line.trim.is_sold)

    @property
    def span(self) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest price of what is sold."""
        amounts = [line.amount for line in self.trims if line.amount and line.trim.is_sold]
        return (min(amounts), max(amounts)) if amounts else None


def priced(trims: Iterable[Trim], on: date) -> list[PricedTrim]:
    """Two queries."""
    trims = list(trims)
    now = prices_on(trims, on)
    later = TrimPrice.objects.filter(trim__in=trims, effective_from__gt=on)
    coming = {row.trim_id: row for row in later.order_by("-effective_from")}
    return [PricedTrim(trim, now.get(trim.pk), coming.get(trim.pk), on) for trim in trims]


def models_of(store: Store, asked: Mapping[str, Any], on: date) -> list[SoldModel]:
    """The store's models, those whose sheet has expired or is missing too. Four queries."""
    rows: QuerySet[CarModel] = CarModel.objects.filter(
        store=store, is_sold=asked.get("state") != "gone"
    )
    if text := (asked.get("text") or "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(brand__icontains=text))
    models = list(rows.select_related("sheet").order_by("brand", "name"))
    trims = Trim.objects.filter(car_model__in=models).order_by("-is_sold", "name")
    by_model: dict[int, list[PricedTrim]] = {model.pk: [] for model in models}
    for line in priced(trims, on):
        by_model[line.trim.car_model_id].append(line)
    return [SoldModel(m, by_model[m.pk], getattr(m, "sheet", None), on) for m in models]
