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
