"""One entry of the menu, and the names of pages by app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.desk.waiting import Rows


@dataclass(frozen=True)
class Entry:
    """One line of the menu: shown to whoever has one of ``permissions``."""

    name: str
    icon: str
    label: Any
    permissions: tuple[str, ...]
    waiting: Callable[[User, date], Rows] | None = None
    also: Callable[[User, date], Rows] | None = None  # what else waits on the same page
    covers: tuple[str, ...] = ()  # other pages on which this entry is the current one
    mine: bool = False  # the count is mine to do: blue
    url: str = ""
    here: bool = False
    count: str = ""


def of_care(names: str) -> tuple[str, ...]:
    return tuple(f"care:{name}" for name in names.split())


def of_showroom(names: str) -> tuple[str, ...]:
    return tuple(f"reception:{name}" for name in names.split())


def of_service(names: str) -> tuple[str, ...]:
    return tuple(f"service:{name}" for name in names.split())


def of_complaints(names: str) -> tuple[str, ...]:
    return tuple(f"complaints:{name}" for name in names.split())
