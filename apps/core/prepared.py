"""Statements that PostgreSQL plans once for each connection, not each time they are asked."""

import re
from functools import lru_cache
from hashlib import md5
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_PLACE = re.compile(r"%\((\w+)\)s")
_GENERIC = "SET LOCAL plan_cache_mode = force_generic_plan"  # only lives in a transaction
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # connection → names


def prepared(sql: str) -> str:
    """SQL that does what ``sql`` does, with the same ``%(name)s``, planned once for all values.

    For statements that are dear to plan and cheap to run. The plan cannot lean on the values,
    so the way through the indexes must be the same for all of them.
    """
    name, text, run = _parts(sql)
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, set())
    if name not in known:
        with connection.connection.cursor() as cursor:
            cursor.execute(text)
        known.add(name)
    return f"{_GENERIC}; {run}" if connection.in_atomic_block else run


@lru_cache(maxsize=64)
def _parts(sql: str) -> tuple[str, str, str]:
    """Name, PREPARE and EXECUTE."""
    names = list(dict.fromkeys(_PLACE.findall(sql)))
    name = f"p{md5(sql.encode(), usedforsecurity=False).hexdigest()}"
    text = _PLACE.sub(lambda place: f"${names.index(place[1]) + 1}", sql)
    values = ", ".join(f"%({each})s" for each in names)
    return name, f"PREPARE {name} AS {text}", f"EXECUTE {name} ({values})"
