"""Many rows in one statement: written, or the first of them found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, models
from django.db.models.expressions import RawSQL


def first_by_store(
    rows: models.QuerySet[Any, Any], store_ids: Sequence[int], limit: int
) -> list[Any]:
    """The first ``limit`` of ``rows`` in their order, when they belong to several stores.

    A few of each store come from an index that begins with the store and goes on in that order;
    of those stores whose few are all among the first, ``limit`` more. What lies between, of
    stores that nobody asked for, is not read. Two or three queries; one when it is one store.
    """
    if len(store_ids) == 1:
        return list(rows[:limit])
    few = max(1, limit // 10)
    found = _first_ids(rows, {few: store_ids}, limit)
    counts = Counter(store for store, _pk in found)
    if more := {store for store, count in counts.items() if count == few}:
        others = [store for store in store_ids if store not in more]
        found = _first_ids(rows, {few: others, limit: list(more)}, limit)
    return list(rows.filter(pk__in=[pk for _store, pk in found]))


def _first_ids(
    rows: models.QuerySet[Any, Any], wanted: Mapping[int, Sequence[int]], limit: int
) -> list[tuple[int, int]]:
    """(store, id) of the first ``limit``, of at most n of each store: ``wanted`` is n → stores."""
    order = [str(name).replace("pk", "id") for name in rows.query.order_by]
    names = {"id", "store_id", *(name.lstrip("-") for name in order)}
    of_store = rows.filter(store=RawSQL("wanted.store", ())).values(*names)
    parts, values = [], []
    for most, stores in wanted.items():
        select, params = of_store[:most].query.sql_with_params()
        parts.append(
            "SELECT found.* FROM unnest(%s::bigint[]) AS wanted(store) "
            f"CROSS JOIN LATERAL ({select}) AS found"
        )
        values += [list(stores), *params]
    sorting = ", ".join(f'"{n.lstrip("-")}"{" DESC" * n.startswith("-")}' for n in order)
    union = " UNION ALL ".join(parts)
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f"SELECT store_id, id FROM ({union}) AS found ORDER BY {sorting} LIMIT {limit:d}",
            values,
        )
        return list(cursor.fetchall())


def insert_from(source: models.QuerySet[Any, Any], into: type[models.Model]) -> int:
    """Insert every row of ``source`` that ``into`` does not hold yet; return how many.

    ``source`` is a ``.values(...)`` query whose names are those of ``into``'s fields.
    PostgreSQL does all of it in one statement (INSERT ... SELECT ... ON CONFLICT DO
    NOTHING): no row travels through Python, and the unique constraints of ``into``
    decide what is new, whoever else inserts at the same time (CARE-16).
    """
    names = [
        *source.query.extra_select,
        *source.query.values_select,
        *source.query.annotation_select,
    ]
    columns = ", ".join(f'"{_column(into, name)}"' for name in names)
    select, params = source.query.sql_with_params()
    with connections[source.db].cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{into._meta.db_table}" ({columns}) {select} ON CONFLICT DO NOTHING',
            params,
        )
        return int(cursor.rowcount)


def insert_by_store(
    source: models.QuerySet[Any, Any], columns: Mapping[str, Any], into: type[models.Model]
) -> Counter[int]:
    """``insert_from`` with the columns named apart; return how many in each store.

    ``columns``: field of ``into`` → expression over ``source``. Same wall: ON CONFLICT DO NOTHING.
    """
    names = ", ".join(f'"{_column(into, name)}"' for name in columns)
    select, params = source.values_list(*columns.values()).query.sql_with_params()
    with connections[source.db].cursor() as cursor:
        cursor.execute(
            f'WITH new AS (INSERT INTO "{into._meta.db_table}" ({names}) {select} '
            "ON CONFLICT DO NOTHING RETURNING store_id) "
            "SELECT store_id, count(*) FROM new GROUP BY store_id",
            params,
        )
        return Counter(dict(cursor.fetchall()))


def update_from(
    source: models.QuerySet[Any, Any],
    columns: Mapping[str, Any],
    *,
    only_if: str = "true",
) -> int:
    """Set ``columns`` (field → expression over ``source``) of every row of ``source``; how many.

    One statement (UPDATE ... FROM SELECT). ``only_if`` is SQL over the row as it is when its
    lock is held, as ``row.status = 'waiting'``: what changed meanwhile is left alone.
    """
    meta = source.model._meta
    names = [meta.get_field(name).column for name in columns]
    select, params = (
        source.order_by("pk").values_list("pk", *columns.values()).query.sql_with_params()
    )
    sets = ", ".join(f'"{name}" = new."{name}"' for name in names)
    listed = ", ".join(f'"{name}"' for name in ["id", *names])
    with connections[source.db].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS row SET {sets} FROM ({select}) AS new ({listed}) '
            f"WHERE row.id = new.id AND ({only_if})",
            params,
        )
        return int(cursor.rowcount)


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)
