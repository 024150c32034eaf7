"""Which list holds, and what was gone through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import Store
from apps.checklists import policy
from apps.checklists.models import ChecklistItem, ChecklistRun, ChecklistTemplate


def in_force(store: Store, kind: str, on: date) -> ChecklistTemplate | None:
    """The list that holds on a day; None before the first."""
    rows = ChecklistTemplate.objects.filter(store=store, kind=kind, effective_from__lte=on)
    found: ChecklistTemplate | None = rows.order_by("-effective_from").first()
    return found


def run_of(store: Store, kind: str, on: date, subject: str = "") -> ChecklistRun | None:
    rows = ChecklistRun.objects.filter(store=store, kind=kind, on=on, subject=subject)
    found: ChecklistRun | None = rows.select_related("by", "template").first()
    return found


def last_run(store: Store, kind: str, subject: str) -> ChecklistRun | None:
    """The newest time that the list was gone through about ``subject``, on whatever day."""
    rows = ChecklistRun.objects.filter(store=store, kind=kind, subject=subject)
    found: ChecklistRun | None = rows.select_related("by", "template").first()
    return found


def runs(user: Any, kind: str) -> QuerySet[ChecklistRun]:
    """What was gone through, the newest day first."""
    rows: QuerySet[ChecklistRun] = ChecklistRun.objects.visible_to(user).filter(kind=kind)
    return rows.select_related("by", "store").order_by("-on", "-pk")


@dataclass(frozen=True)
class Line:
    """A point with what is wanted and what was said of it."""

    item: ChecklistItem
    wanted: int | None
    said: policy.Said | None

    @property
    def missing(self) -> bool:
        return policy.is_missing(self.wanted, self.said)


def lines(items: Iterable[ChecklistItem], run: ChecklistRun | None, people: int) -> list[Line]:
    """The points of a list, with the answers of ``run``. One query."""
    answers = run.answers.all() if run else ()
    said = {
        answer.item_id: policy.Said(answer.done, answer.quantity, answer.remark)
        for answer in answers
    }
    return [Line(item, item.point.wanted(people), said.get(item.pk)) for item in items]
