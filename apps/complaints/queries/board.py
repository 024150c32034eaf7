"""The board: what is open, by step, with the working time that is left (SSI-04)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from apps.accounts.queries import calendars_of
from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import QuickResponse
from apps.complaints.queries.mine import seen_by, waits_for

MOST = 300  # cards of a board; the list has them all


@dataclass(frozen=True)
class Card:
    """One matter: ``left`` is the working time until its step is due, less than nought when late;
    ``mine``: its step waits for who looks."""

    row: QuickResponse
    left: timedelta
    late: bool
    mine: bool


@dataclass
class Column:
    step: Step
    cards: list[Card] = field(default_factory=list)
    total: int = 0
    mine: int = 0
    late: int = 0


def board(user: Any, now: datetime, departments: Collection[str]) -> list[Column]:
    """The open steps in their order, in each the late ones first, then what waits for the person,
    then by deadline. Four queries."""
    columns: dict[str, Column] = {step: Column(step) for step in OPEN_STEPS}
    seen = seen_by(user).filter(status__in=OPEN_STEPS, department__in=departments)
    seen = seen.order_by("due_at", "pk")
    counts = (
        seen.order_by()
        .values("status")
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    )
    for found in counts:
        column = columns[found["status"]]
        column.total, column.late = found["total"], found["late"]
    rows = list(seen.select_related("customer", "vehicle", "handler", "store")[:MOST])
    for card in cards(user, rows, now):
        column = columns[card.row.status]
        column.cards.append(card)
        column.mine += card.mine
    for column in columns.values():
        column.cards.sort(key=lambda card: (not card.late, not card.mine, card.row.due_at))
    return list(columns.values())


def cards(user: Any, rows: list[QuickResponse], now: datetime) -> list[Card]:
    """Open ``rows`` with the time that each has left. Two queries."""
    calendars = calendars_of({row.store_id: row.store for row in rows}.values())
    mine = set(
        waits_for(user, now).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    local = timezone.localtime(now)
    return [
        Card(
            row,
            calendars[row.store_id].working_time_between(local, timezone.localtime(row.due_at)),
            row.due_at < now,
            row.pk in mine,
        )
        for row in rows
        if row.due_at is not None
    ]
