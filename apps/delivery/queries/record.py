"""What the record of a signed hand-over shows (DEL-05, DEL-08)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.delivery.choices.hand_over import LISTS
from apps.delivery.models import HandOver
from apps.delivery.policy.hand_over import odd_length
from apps.delivery.queries.first_service import offered

KINDS = tuple(LISTS.values())


def last_pdi(row: HandOver) -> ChecklistRun | None:
    """The newest PDI of the car; None: nobody has checked it, or there is no car yet."""
    car = row.order.stock_car
    return lists.last_run(row.store, ChecklistKind.PDI, car.vin) if car else None


@dataclass(frozen=True)
class Length:
    """How long the hand-over took, and what is odd about it: "short", "long" or ""."""

    minutes: int
    planned: int

    @property
    def odd(self) -> str:
        return odd_length(self.minutes, self.planned)


def length_of(row: HandOver) -> Length | None:
    """None while it is not signed."""
    if row.started_at is None or row.finished_at is None:
        return None
    minutes = round((row.finished_at - row.started_at).total_seconds() / 60)
    return Length(minutes, row.planned_minutes)


def of(row: HandOver, asked: Any, now: datetime, *, offers: bool) -> dict[str, Any]:
    """Everything of the page of a signed hand-over. ``offers``: with times for a first service."""
    runs = ChecklistRun.objects.filter(store=row.store, kind__in=KINDS, subject=str(row.pk))
    found = list(runs.prefetch_related("answers__item").order_by("kind"))
    found.sort(key=lambda run: KINDS.index(ChecklistKind(run.kind)))
    context: dict[str, Any] = {
        "runs": found,
        "steps": list(row.steps.all()),
        "photos": list(row.photos.all()),
        "length": length_of(row),
        "pdi": last_pdi(row),
    }
    return context | (offered(row, asked, now) if offers else {})
