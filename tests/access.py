"""What a row of the access table is, and all the tables together.

Each app has ``tests/<app>/pages.py`` (or ``pages_….py``) with
``PAGES = {"app:url-name": Page(...)}``: the roles there are written out by hand, not read from
``roles.py``, so that the two must agree.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import URLPattern, get_resolver, reverse

from apps.accounts.choices import Role

EVERYBODY = frozenset(Role)
# Opened by whoever is not signed in, too.
PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "accounts:language",
    "healthz",
    "readyz",
    # a provider calls these, with a token
    "messaging:aliyun-receipts",
    "messaging:aliyun-replies",
    # a customer, with the signed link of his appointment
    "service:my-appointment",
    # a customer, with the signed link of his survey
    "ssi:my-survey",
}
# kind of a URL's argument → a value that no row has
OF_NO_ROW = {
    "IntConverter": 2**31 - 1,
    "SlugConverter": "none",
    "StringConverter": "none",
    "UUIDConverter": UUID(int=0),
}


@dataclass(frozen=True)
class Page:
    """How one URL is asked for, and exactly who may ask.

    ``make(store)`` makes the object whose pk goes into the URL (or returns the argument itself,
    or a tuple of arguments). ``scoped=False``: the object belongs to no store, so there is
    nothing to hide from strangers. ``missing``: those who may come in find nothing (404).
    ``own``: a person's own account, which takes no role.
    """

    method: str = "get"
    roles: frozenset[str] | set[str] = EVERYBODY
    make: Callable[[Any], Any] | None = None
    data: dict[str, Any] = field(default_factory=dict)
    scoped: bool = True
    missing: bool = False
    own: bool = False


def all_pages() -> dict[str, Page]:
    """The rows of every app's table."""
    pages: dict[str, Page] = {}
    for table in sorted(Path(__file__).parent.glob("*/pages*.py")):
        pages |= import_module(f"tests.{table.parent.name}.{table.stem}").PAGES
    return pages


def names_of(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Every URL name of the resolver, as ``reverse`` takes it, and arguments of no row."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            kinds = getattr(entry.pattern, "converters", {}).values()
            yield f"{namespace}{entry.name}", [OF_NO_ROW[type(kind).__name__] for kind in kinds]
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from names_of(entry.url_patterns, inner)


def address(name: str, page: Page, store: Any) -> str:
    """The URL of ``page``, for an object of ``store`` made just now if it has one."""
    made = page.make(store) if page.make else ()
    arguments = made if isinstance(made, tuple) else (made,)
    return reverse(name, args=[getattr(argument, "pk", argument) for argument in arguments])


def ask(client: Any, page: Page, url: str) -> Any:
    return getattr(client, page.method)(url, page.data)
