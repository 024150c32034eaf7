"""Finding anyone in one box (CUS-05). Every question is answered from an index.

Rows are found without joins, and what belongs to them is fetched for the few that are shown:
with a join the planner may walk through a whole table for the first twenty.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _

from apps.customers.models import ContactNumber, Customer, Vehicle

MOST = 20
Question = Callable[[list[int], str], QuerySet[Customer]]
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
    """Who fits ``text`` in these stores, at most ``limit``: phones first, then cars, then names;
    what fits as a whole before what fits in part.

    Takes the last digits of a phone (4 or more), any part of a plate or VIN (3 or more),
    a part of a Chinese name, the initials of its pinyin.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())[:LONGEST]
    hits: dict[tuple[int | None, int | None], Hit] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # Stores lie one behind the other: reading the table from its beginning until twenty
        # rows fit looks cheap to the planner, but the first one may be of the last store.
        cursor.execute("SET LOCAL enable_seqscan = off")
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


def customers_called(store_ids: list[int], name: str) -> QuerySet[Customer]:
    """Records merged into another too: who knows the old name finds the new record (CUS-04)."""
    rows: QuerySet[Customer] = Customer.everyone.filter(store__in=store_ids, name=name)
    return rows.order_by()


def customers_named(store_ids: list[int], text: str) -> QuerySet[Customer]:
    """Those whose name has ``text`` in it. The order is that of an index which knows nothing of
    names: through it the planner goes for a frequent piece, which comes soon; for a rare one
    through the index of pieces. A frequent surname may come last in the order of initials."""
    text = text.lower()
    pieces = [text[i : i + 2] for i in range(len(text) - 1)] or [text]
    rows: QuerySet[Customer] = Customer.everyone.filter(
        store__in=store_ids, name_pieces__contains=pieces
    )
    if len(text) > 2:
        rows = rows.filter(name__icontains=text)
    return rows.order_by("store_id", "-pk")


def customers_abbreviated(store_ids: list[int], letters: str) -> QuerySet[Customer]:
    rows: QuerySet[Customer] = Customer.everyone.filter(store__in=store_ids, initials=letters)
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
    rows = numbers_ending(store_ids, digits).prefetch_related("customer")[:limit]
    return [Hit(row.customer, None, _("phone …%(end)s") % {"end": row.number[-4:]}) for row in rows]


def _by_car(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    """A VIN has no Chinese character; a plate has more than those."""
    part = re.sub(r"[·.\-]", "", text).upper()
    if len(part) < FEWEST_PART or not re.search(r"[0-9A-Z]", part):
        return []
    fields = [("plate", _("plate %(value)s"))]
    if part.isascii():
        fields.append(("vin", _("VIN %(value)s")))
    hits: list[Hit] = []
    for field, label in fields:
        rows: Any = cars_with(store_ids, field, part).prefetch_related("owner")[:limit]
        hits += [Hit(car.owner, car, label % {"value": getattr(car, field)}) for car in rows]
    return hits


def _by_name(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    if not re.search(r"[\u3400-\u9fff]", text) and len(text) < 2:
        return []
    questions = (customers_called, customers_named)
    return [_hit(row, _("name")) for row in _whole_first(questions, store_ids, text, limit)]


def _by_initials(store_ids: list[int], text: str, limit: int) -> list[Hit]:
    if not re.fullmatch(r"[A-Za-z]{2,}", text):
        return []
    questions = (customers_abbreviated, customers_with_initials)
    return [
        _hit(row, _("initials %(value)s") % {"value": row.initials})
        for row in _whole_first(questions, store_ids, text.lower(), limit)
    ]


def _whole_first(
    questions: Iterable[Question], store_ids: list[int], text: str, limit: int
) -> list[Customer]:
    """Rows of the first question, then of the next as long as there are too few."""
    found: dict[int, Customer] = {}
    for question in questions:
        if len(found) < limit:
            rows = question(store_ids, text).prefetch_related("merged_into")[:limit]
            found |= {row.pk: row for row in rows if row.pk not in found}
    return list(found.values())[:limit]


def _hit(row: Customer, matched: str) -> Hit:
    if row.merged_into is None:
        return Hit(row, None, matched)
    return Hit(row.merged_into, None, _("formerly %(name)s") % {"name": row.name})
