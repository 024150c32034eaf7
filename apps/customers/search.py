"""Finding anyone in one box (CUS-05). Every question is answered from an index."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _

from apps.customers.models import ContactNumber, Customer, Vehicle

MOST = 20
FEWEST_DIGITS = 4  # of a phone's end
FEWEST_PART = 3  # of a plate or VIN: a trigram
LONGEST = 40


@dataclass(frozen=True)
class Hit:
    """One customer (or a car without owner) and what in it matched."""

    customer: Customer | None
    vehicle: Vehicle | None
    matched: str


def search(store_ids: list[int], text: str, limit: int = MOST) -> list[Hit]:
    """Who fits ``text`` in these stores, at most ``limit``: phones first, then cars, then names.

    Takes the last digits of a phone (4 or more), any part of a plate or VIN (3 or more),
    a part of a Chinese name, the initials of its pinyin.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())[:LONGEST]
    hits: dict[tuple[int | None, int | None], Hit] = {}
    for find in (_by_phone, _by_car, _by_name, _by_initials):
        for hit in find(store_ids, text, limit):
            car = hit.vehicle.pk if hit.vehicle else None
            hits.setdefault((hit.customer.pk, None) if hit.customer else (None, car), hit)
        if len(hits) >= limit:
            break
    return list(hits.values())[:limit]


def numbers_ending(store_ids: list[int], digits: str) -> QuerySet[ContactNumber]:
    rows: Any = ContactNumber.objects.annotate(end=Reverse("number")).order_by()
    found: QuerySet[ContactNumber] = rows.filter(store__in=store_ids, end__startswith=digits[::-1])
    return found


def cars_with(store_ids: list[int], field: str, part: str) -> QuerySet[Vehicle]:
    rows: QuerySet[Vehicle] = Vehicle.objects.filter(
        **{"store__in": store_ids, f"{field}__contains": part}
    )
    return rows.order_by()


def customers_named(store_ids: list[int], text: str) -> QuerySet[Customer]:
    """Records merged into another too: who knows the old name finds the new record (CUS-04)."""
    text = text.lower()
    pieces = [text[i : i + 2] for i in range(len(text) - 1)] or [text]
    rows: QuerySet[Customer] = Customer.everyone.filter(
        store__in=store_ids, name_pieces__contains=pieces, name__icontains=text
    )
    return rows.order_by()


def customers_with_initials(store_ids: list[int], letters: str) -> QuerySet[Customer]:
    rows: QuerySet[Customer] = Customer.everyone.filter(
        store__in=store_ids, initials__startswith=letters.lower()
    )
    return rows.order_by()


def _by_phone(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    digits = re.sub(r"\D", "", text)
    if len(digits) < FEWEST_DIGITS or re.search(r"[^\d+\-()]", text):
        return []
    rows = numbers_ending(store_ids, digits).select_related("customer")[:limit]
    return [Hit(row.customer, None, _("phone …%(end)s") % {"end": row.number[-4:]}) for row in rows]


def _by_car(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    part = re.sub(r"[·.\-]", "", text).upper()
    if len(part) < FEWEST_PART:
        return []
    hits: list[Hit] = []
    for field, label in (("plate", _("plate %(value)s")), ("vin", _("VIN %(value)s"))):
        rows: Any = cars_with(store_ids, field, part).select_related("owner")[:limit]
        hits += [Hit(car.owner, car, label % {"value": getattr(car, field)}) for car in rows]
    return hits


def _by_name(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    if not re.search(r"[\u3400-\u9fff]", text) and len(text) < 2:
        return []
    rows = customers_named(store_ids, text).select_related("merged_into")[:limit]
    return [_hit(row, _("name")) for row in rows]


def _by_initials(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    if not re.fullmatch(r"[A-Za-z]{2,}", text):
        return []
    rows = customers_with_initials(store_ids, text).select_related("merged_into")[:limit]
    return [_hit(row, _("initials %(value)s") % {"value": row.initials}) for row in rows]


def _hit(row: Customer, matched: str) -> Hit:
    if row.merged_into is None:
        return Hit(row, None, matched)
    return Hit(row.merged_into, None, _("formerly %(name)s") % {"name": row.name})
