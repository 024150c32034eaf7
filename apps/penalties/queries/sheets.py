"""The closed months as they are read, and the one that is closed next (PEN-09)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum

from apps.accounts.models import Store
from apps.core.dates import add_months, month_end
from apps.penalties.choices import COUNTED, UNDECIDED, PenaltyStatus
from apps.penalties.models import Correction, MonthSheet, Penalty, SheetEntry

SHOWN = ("person", "department", "penalty", "sheet")


@dataclass(frozen=True)
class Summed:
    """What one person, or one department, comes to in a month."""

    who: Any
    taken: Decimal
    given: Decimal
    lines: int

    @property
    def amount(self) -> Decimal:
        return self.taken + self.given


@dataclass(frozen=True)
class Coming:
    """The month that would be closed next, and what would not be on it."""

    month: date
    is_over: bool
    lines: int
    corrections: int
    left: int  # decided or signed, of this month or before, and not issued
    undecided: int


def sheets_of(store: Store) -> list[MonthSheet]:
    rows = MonthSheet.objects.filter(store=store, sealed_at__isnull=False)
    return list(rows.select_related("closed_by").annotate(sum=Sum("entries__amount")))


def entries_of(store: Store, month: date) -> QuerySet[SheetEntry]:
    """The lines of the sheet of ``month``; none when it is not closed."""
    rows: QuerySet[SheetEntry] = SheetEntry.objects.filter(store=store, sheet__month=month)
    return rows.select_related(*SHOWN).order_by("department", "person", "pk")


def by_person(lines: list[SheetEntry]) -> list[Summed]:
    return _summed(lines, "person")


def by_department(lines: list[SheetEntry]) -> list[Summed]:
    return _summed(lines, "department")


def _summed(lines: list[SheetEntry], name: str) -> list[Summed]:
    """In the order of the lines."""
    found: dict[Any, list[SheetEntry]] = {}
    for line in lines:
        found.setdefault(getattr(line, name), []).append(line)
    return [
        Summed(
            who,
            sum((line.amount for line in some if line.amount < 0), Decimal(0)),
            sum((line.amount for line in some if line.amount > 0), Decimal(0)),
            len(some),
        )
        for who, some in found.items()
    ]


def coming(store: Store, today: date) -> Coming:
    """The month that is closed next. Four queries at most."""
    month = _next_month(store.pk, today)
    end = month_end(month)
    rows = Penalty.objects.filter(store=store, event_on__lte=end, entries=None)
    issued = Q(status=PenaltyStatus.ISSUED)
    decided = Q(status__in=[*COUNTED, PenaltyStatus.APPEALED]) & ~issued
    return Coming(
        month=month,
        is_over=today > end,
        lines=rows.filter(issued, amount__gt=0).count(),
        corrections=Correction.objects.filter(store=store, entry=None).count(),
        left=rows.filter(decided).count(),
        undecided=rows.filter(status__in=UNDECIDED).count(),
    )


def _next_month(store: int, today: date) -> date:
    """After the last closed month, or the month of the first proposal. Two queries at most."""
    last = MonthSheet.objects.filter(store=store).first()
    if last is not None:
        return add_months(last.month, 1)
    first = Penalty.objects.filter(store=store).aggregate(day=Min("event_on"))["day"]
    return (first or today).replace(day=1)


def to_close(store: int, today: date) -> date | None:
    """The month that is over and not closed yet, the oldest of them (PEN-09)."""
    month = _next_month(store, today)
    return month if today > month_end(month) else None


def last_month(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
