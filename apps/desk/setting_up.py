"""Setting up a new store: which steps are done, which lack what, and where each is done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.models import Store, User


@dataclass(frozen=True)
class State:
    """What is there, in words, and the names of what lacks; nothing lacks: done."""

    have: str = ""
    lacks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One step: its words, its page with the permission that opens it, how it is counted.

    ``changes``: the permission to do it, where that is another. ``by``: the role that does it.
    ``supplied``: a new store has it from the start; one that is older than this part of the
    product takes it over by a button.
    """

    label: Any
    hint: Any
    page: str
    permission: str
    count: Callable[[Store, date], State]
    changes: str = ""
    by: str = Role.SYSTEM_ADMINISTRATOR
    arguments: tuple[str, ...] = ()
    supplied: bool = False


@dataclass(frozen=True)
class Chapter:
    """Steps that belong together."""

    label: Any
    steps: Sequence[Step]


@dataclass(frozen=True)
class Line:
    """A step as it stands in a store; ``url`` is empty for whom its page does not open."""

    number: int
    step: Step
    state: State
    url: str
    mine: bool  # the reader may do it
    people: list[str]  # whose step it is

    @property
    def done(self) -> bool:
        return not self.state.lacks

    @property
    def role(self) -> str:
        return str(Role(self.step.by).label)


@dataclass(frozen=True)
class Progress:
    """The chapters with their lines, counted from the rows of the store."""

    chapters: list[tuple[Any, list[Line]]]

    @property
    def lines(self) -> list[Line]:
        return [line for _label, lines in self.chapters for line in lines]

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)

    @property
    def next(self) -> Line | None:
        return next((line for line in self.lines if not line.done), None)

    @property
    def whole(self) -> bool:
        return self.next is None

    @property
    def to_supply(self) -> list[Line]:
        return [line for line in self.lines if line.step.supplied and not line.done]


def progress(
    chapters: Iterable[Chapter], store: Store, today: date, *, user: User, first: int = 1
) -> Progress:
    """How far ``store`` is; numbered from ``first``. A query or two a step."""
    people = _people(store)
    found, number = [], first
    for chapter in chapters:
        lines = []
        for step in chapter.steps:
            url = reverse(step.page, args=step.arguments) if user.has_perm(step.permission) else ""
            mine = user.has_perm(step.changes or step.permission)
            state, who = step.count(store, today), people.get(step.by, [])
            lines.append(Line(number, step, state, url, mine, who))
            number += 1
        found.append((chapter.label, lines))
    return Progress(found)


def _people(store: Store) -> dict[str, list[str]]:
    """Role → the names of those who hold it."""
    found: dict[str, list[str]] = {}
    for person in User.objects.filter(store=store, is_active=True).order_by("pk"):
        for role in person.roles:
            found.setdefault(role, []).append(str(person))
    return found
