"""A text filled for many customers by PostgreSQL, as ``policy.fill`` fills it for one."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from apps.customers.choices import CustomerKind, Gender
from apps.messaging import policy

# Texts go to customers, so these are Chinese whatever the page's language.
TITLES: dict[str, str] = {Gender.MALE: "先生", Gender.FEMALE: "女士"}


def known_of_customers() -> dict[str, Any]:
    """As ``outbox`` knows them of one customer: the placeholders that need no caller."""
    titles = [
        When(kind=CustomerKind.PERSON, gender=gender, then=Value(title))
        for gender, title in TITLES.items()
    ]
    return {
        "name": F("name"),
        "title": Case(*titles, default=Value("")),
        "store": F("store__name"),
    }


def words_in_sql(text: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Each placeholder of ``text`` → what stands in its place, as ``policy.words_of``.

    ``known``: placeholder → expression over a customer, beside name, title and store.
    """
    known = {**known_of_customers(), **known}
    return {
        name: Coalesce(
            NullIf(Cast(known[name], TextField()), Value("")),
            Value(policy.PLACEHOLDERS[name].unknown),
            output_field=TextField(),
        )
        for name in policy.words_of(text, {})
    }


def fill_in_sql(text: str, words: Mapping[str, Any]) -> Any:
    """``policy.fill`` in SQL: put together from its pieces, so that a name with braces is safe."""
    parts = [
        words[part] if name else Value(part, output_field=TextField())
        for part, name in policy.pieces(text)
    ]
    return Concat(Value(""), *parts, Value(""), output_field=TextField())
