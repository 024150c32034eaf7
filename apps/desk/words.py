"""The words by which a person is known, and where they stand in texts of others (SEC-02)."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from apps.accounts.models import Store, User
from apps.care import people as care
from apps.complaints import people as complaints
from apps.customers import people as customers
from apps.customers.models import ContactNumber, Customer, Vehicle
from apps.customers.sealing import CannotOpen
from apps.customers.sealing import open as opened
from apps.delivery import people as delivery
from apps.exchange import people as exchange
from apps.messaging import people as messaging
from apps.reception import people as reception
from apps.service import people as service
from apps.ssi import people as ssi

FLOORS: tuple[Any, ...] = (
    *(messaging, complaints, reception, service, delivery, exchange, care, ssi),
    customers,
)
TYPED = (models.CharField, models.TextField, models.JSONField)
LEAST = 2  # characters of a word that is searched for
LEAST_DIGITS = 7


def words_of(ids: Collection[int]) -> set[str]:
    """Names, numbers, addresses and plates that are these records' and nobody else's.

    Also those of their history. What another customer (or one of our people, for a name) is
    known by, too, is left out: in a text one cannot tell whose it is.
    """
    people = list(Customer.everyone.filter(pk__in=ids))
    store = people[0].store_id
    rows: list[Any] = [*people, *_events(Customer).filter(pgh_obj__in=ids)]
    names = {name for row in rows for name in (row.name, row.contact_name, *row.also_named)}
    phones = {row.main_phone for row in rows}
    managers: list[Any] = [ContactNumber.objects, _events(ContactNumber)]
    for numbers in managers:
        phones.update(numbers.filter(customer__in=ids).values_list("number", flat=True))
    others = Customer.everyone.filter(store=store).exclude(pk__in=ids)
    names -= set(others.filter(name__in=names).values_list("name", flat=True))
    names -= set(User.objects.filter(name__in=names).values_list("name", flat=True))
    theirs = ContactNumber.objects.filter(store=store).exclude(customer__in=ids)
    phones -= set(theirs.filter(number__in=phones).values_list("number", flat=True))
    more = {row.email for row in rows} | {row.address for row in rows if len(row.address) > 5}
    more |= {_open(row.id_number_sealed) for row in rows}
    return {word for word in names | phones | more | _plates(ids) if len(word) >= LEAST}


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects


def _open(sealed: str) -> str:
    try:
        return opened(sealed)
    except CannotOpen:
        return ""


def _plates(ids: Collection[int]) -> set[str]:
    """Of the cars that are his now, and those that he drove before with another plate."""
    now = set(Vehicle.objects.filter(owner__in=ids).values_list("plate", flat=True))
    once = set(_events(Vehicle).filter(owner__in=ids).values_list("plate", flat=True))
    others = Vehicle.objects.filter(plate__in=now | once).exclude(owner__in=ids)
    return (now | once) - set(others.values_list("plate", flat=True))


def pattern_of(words: Iterable[str]) -> str:
    """A regular expression, for PostgreSQL and Python alike, that finds the words as people type
    them: numbers and plates with blanks and dashes, letters large and small, in an address.

    "" when there is none. A short number is not looked for within a longer one.
    """
    parts: set[str] = set()
    for word in words:
        if word.isdecimal():
            if len(word) >= LEAST_DIGITS:
                apart = "[- ]?".join(word)
                parts.add(apart if len(word) >= 11 else f"(?<![0-9]){apart}(?![0-9])")
            continue
        parts.add(re.escape(word))
        if quote(word) != word:
            parts.add(re.escape(quote(word)))
        if re.fullmatch(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}", word):
            parts.add(f"{word[:2]}[·.• -]?{word[2:]}")
    return f"(?i){'|'.join(sorted(parts))}" if parts else ""


def searched() -> Iterator[tuple[Any, list[str]]]:
    """Each table of the house with the columns in which a person may be named by somebody: every
    text that is no choice, but not what tells whom a row is about."""
    names = {
        (row.model, column) for floor in FLOORS for row in floor.PERSONAL for column in row.names
    }
    names |= {(getattr(model, "pgh_event_model", None), column) for model, column in names}
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", model)
        if not tracked.__module__.startswith("apps.") or tracked in (User, Store):
            continue
        columns = [f.name for f in typed_columns(model) if (model, f.name) not in names]
        if columns:
            yield model, columns


def typed_columns(model: Any) -> list[Any]:
    """The columns that can hold words."""
    return [field for field in model._meta.concrete_fields if _is_typed(field)]


def _is_typed(field: Any) -> bool:
    if isinstance(field, ArrayField):
        return _is_typed(field.base_field)
    return isinstance(field, TYPED) and not field.choices


def found_in(model: Any, columns: Collection[str], store_id: int, pattern: str) -> QuerySet[Any]:
    """The rows of a store in whose columns the pattern is found."""
    rows = model._base_manager.order_by()
    path = store_path(model)
    if path:
        rows = rows.filter(**{path: store_id})
    casts = {f"typed_{name}": Cast(F(name), TextField()) for name in columns}
    anywhere = Q(*(Q(**{f"{name}__regex": pattern}) for name in casts), _connector=Q.OR)
    found: QuerySet[Any] = rows.alias(**casts).filter(anywhere)
    return found


def store_path(model: Any) -> str:
    """The shortest way by foreign keys to the store that a row belongs to, by a person only when
    there is no other; "" when there is none."""
    return _way(model, {model, User}) or _way(model, {model})


def _way(model: Any, seen: set[Any]) -> str:
    ways: list[tuple[Any, str]] = [(model, "")]
    for here, path in ways:
        for field in here._meta.concrete_fields:
            there = field.related_model
            if there is None or there in seen:
                continue
            if there is Store:
                return f"{path}{field.name}"
            seen.add(there)
            ways.append((there, f"{path}{field.name}__"))
    return ""
