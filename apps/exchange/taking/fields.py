"""The fields of a customer and of a car that an import brings, as pieces of SQL."""

CUSTOMER_FIELDS = {
    "kind": "text",
    "gender": "text",
    "main_phone": "text",
    "email": "text",
    "contact_name": "text",
    "birthday": "date",
    "id_number_hash": "text",
    "address": "text",
}
CAR_FIELDS = {
    "plate": "text",
    "brand": "text",
    "model": "text",
    "variant": "text",
    "colour": "text",
    "engine_number": "text",
    "sold_here": "boolean",
    "delivered_on": "date",
    "registered_on": "date",
    "warranty_months": "smallint",
    "warranty_km": "integer",
    "insurer": "text",
    "insured_until": "date",
    "inspection_due_on": "date",
}
EMPTY = "('', 'unknown', 'person', 'false')"


def follows(whose: str, ours: str) -> str:
    """SQL: may field e.key, which holds ``ours``, become what the DMS says now (e.value)?

    When it holds what a DMS row put there, or nothing and no row said anything: what was typed
    or cleared here stays, and so does what a person kept against this very value (DATA-05).
    ``whose``: the subject, as "customer_id = p.customer_id".
    """
    said = f"SELECT FROM exchange_takenrow AS t WHERE t.store_id = %(store)s AND t.{whose}"
    return f"""
           CASE WHEN coalesce({ours}, '') IN {EMPTY}
                THEN NOT EXISTS ({said} AND coalesce(t.vals ->> e.key, '') NOT IN {EMPTY})
                ELSE EXISTS ({said} AND t.vals ->> e.key = {ours}) END
           AND NOT EXISTS (SELECT FROM kept WHERE kept.{whose} AND kept.field = e.key
                              AND kept.theirs = e.value)"""


def record(fields: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in fields.items())


def names(fields: dict[str, str]) -> str:
    return ", ".join(fields)


def filled(fields: dict[str, str], defaults: dict[str, str]) -> str:
    """The fields of record r, with what an empty one is in the table."""
    texts = {name: "''" for name, kind in fields.items() if kind == "text"}
    return ", ".join(
        f"coalesce(r.{name}, {empty})" if (empty := (texts | defaults).get(name)) else f"r.{name}"
        for name in fields
    )


def over(fields: dict[str, str]) -> str:
    return ", ".join(f"{name} = coalesce(r.{name}, x.{name})" for name in fields)
