"""Facts about deliveries that are counted: by one definition, with the rows behind each number
(REP-08)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from apps.accounts.models import Store, User
from apps.delivery.choices.dsm import Fault
from apps.delivery.models import DsmRecord
from apps.delivery.models.dsm import DsmQuerySet


def dsm_due(store: Store, month: date, until: date | None = None) -> DsmQuerySet:
    """The DSM records of ``store`` whose limit lies in the month of this day, or in those up to
    the month of ``until``."""
    rows: DsmQuerySet = DsmRecord.objects.filter(store=store)
    return rows.due_in(month, until)


def dsm_late(store: Store, month: date) -> DsmQuerySet:
    """Complete, but after the limit: evidence for PEN-07."""
    return dsm_due(store, month).at_fault(Fault.LATE)


def dsm_incomplete(store: Store, month: date, now: datetime) -> DsmQuerySet:
    """Not complete at ``now`` though the limit has passed, sent back and not put right before it,
    or accepted with something missing: evidence for PEN-07. No record is late and incomplete at
    once (PEN-06)."""
    return dsm_due(store, month).at_fault(Fault.INCOMPLETE, now)


@dataclass
class DsmMonth:
    """The records of one consultant (None: nobody's) that were due in a month."""

    person: User | None
    due: int = 0
    in_time: int = 0
    late: int = 0
    incomplete: int = 0

    @property
    def share(self) -> float | None:
        """Complete in time of those that are decided, in per cent, to one place; 100 only when all
        are. None of nothing."""
        decided = self.in_time + self.late + self.incomplete
        if not decided:
            return None
        share = round(100 * self.in_time / decided, 1)
        return 99.9 if share == 100 and self.in_time < decided else share


def dsm_by_consultant(rows: DsmQuerySet, now: datetime) -> list[DsmMonth]:
    """``rows`` (of a month) by their consultants, nobody's last. Four queries and the names."""
    found: dict[int | None, DsmMonth] = defaultdict(lambda: DsmMonth(None))
    counted: dict[str, Any] = {
        "due": rows,
        "in_time": rows.in_time(),
        "late": rows.at_fault(Fault.LATE, now),
        "incomplete": rows.at_fault(Fault.INCOMPLETE, now),
    }
    for name, these in counted.items():
        for pk, count in these.order_by().values_list("consultant").annotate(Count("pk")):
            setattr(found[pk], name, count)
    people = User.objects.in_bulk([pk for pk in found if pk])
    for pk, line in found.items():
        line.person = people.get(pk) if pk else None
    return [found[pk] for pk in sorted(found, key=lambda pk: (pk is None, pk or 0))]
