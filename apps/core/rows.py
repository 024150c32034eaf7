"""Writing many rows as one statement."""

from typing import Any

from django.db import connections, models


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
    columns = ", ".join(f'"{into._meta.get_field(name).column}"' for name in names)
    select, params = source.query.sql_with_params()
    with connections[source.db].cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{into._meta.db_table}" ({columns}) {select} ON CONFLICT DO NOTHING',
            params,
        )
        return int(cursor.rowcount)
