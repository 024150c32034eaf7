"""System checks of what the house stands on (``manage.py check --database default``)."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

ADVICE = (
    "Create the cluster or the database with: initdb --locale=C.UTF-8 --encoding=UTF8, or "
    "CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'."
)


@register(Tags.database)
def chinese_can_be_searched(
    *, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """A database with the plain C ctype sees no letters in 张三: search would find nobody."""
    return [found for alias in databases or () for found in _look_at(alias)]


def _look_at(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype, datlocprovider,"
            " EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"
            " FROM pg_database WHERE datname = current_database()"
        )
        encoding, ctype, provider, has_trigrams = cursor.fetchone()
        if encoding != "UTF8" or (provider == "c" and ctype in ("C", "POSIX")):
            return [
                Error(
                    f"The database {alias} has encoding {encoding} and ctype {ctype};"
                    " Chinese text needs UTF8 and a UTF-8 ctype such as C.UTF-8.",
                    hint=ADVICE,
                    id="core.E001",
                )
            ]
        if has_trigrams:
            cursor.execute("SELECT show_trgm('张三')")
            if not cursor.fetchone()[0]:
                return [
                    Error(
                        f"The database {alias} finds no trigrams in Chinese text (ctype {ctype}):"
                        " the search over names and plates would find nothing.",
                        hint=ADVICE,
                        id="core.E002",
                    )
                ]
    return []
