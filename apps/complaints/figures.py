"""Why it came to quick responses, and how long their steps took (SSI-04): one definition each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from apps.accounts.calendar import Calendar
from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import QuickResponse, StepTaken
from apps.complaints.policy import Taken, since_when
from apps.core.dates import month_span


def matters(store: Any, departments: Iterable[str]) -> QuerySet[QuickResponse]:
    """What counts: of these departments, but not what was dropped as a mistake."""
    rows: QuerySet[QuickResponse] = QuickResponse.objects.filter(
        store=store, department__in=list(departments)
    )
    return rows.exclude(status=Step.DROPPED)


def causes(store: Any, departments: Iterable[str], months: list[date]) -> dict[date, Counter[str]]:
    """Month of being written down → root cause ("" as long as it is not known) → how many.
    One query."""
    rows = matters(store, departments).filter(
        made_at__gte=month_span(months[0])[0], made_at__lt=month_span(months[-1])[1]
    )
    counted = (
        rows.order_by().annotate(month=TruncMonth("made_at")).values_list("month", "root_cause")
    )
    found: dict[date, Counter[str]] = {month: Counter() for month in months}
    for month, cause, number in counted.annotate(number=Count("pk")):
        found[timezone.localdate(month)][cause] = number
    return found


@dataclass
class StepFigure:
    """The steps of one kind that were taken in a month; times in working time."""

    step: Step
    spans: list[timedelta] = field(default_factory=list)
    late: int = 0

    @property
    def number(self) -> int:
        return len(self.spans)

    @property
    def in_time(self) -> int | None:
        """Per cent; None when none was taken."""
        return 100 * (self.number - self.late) // self.number if self.spans else None

    @property
    def median(self) -> timedelta | None:
        if not self.spans:
            return None
        return timedelta(seconds=median(span.total_seconds() for span in self.spans))

    @property
    def longest(self) -> timedelta | None:
        return max(self.spans, default=None)


def steps_taken(store: Any, departments: Iterable[str], first: date) -> list[Taken]:
    """The steps that were taken in the month, the latest first, each with its beginning. One
    query."""
    start, end = month_span(first)
    of_month = StepTaken.objects.filter(
        store=store,
        response__department__in=list(departments),
        at__gte=start,
        at__lt=end,
    )
    whole = StepTaken.objects.filter(response__in=of_month.order_by().values("response"))
    rows = whole.select_related("by", "response__customer", "response__handler")
    by_response: dict[int, list[StepTaken]] = defaultdict(list)
    for step in rows.order_by("at", "pk"):
        by_response[step.response_id].append(step)
    found = [
        t for steps in by_response.values() for t in since_when(steps, steps[0].response.made_at)
    ]
    return sorted(
        (taken for taken in found if start <= taken.step.at < end),
        key=lambda taken: (taken.step.at, taken.step.pk),
        reverse=True,
    )


def figures_of(taken: Iterable[Taken], calendar: Calendar) -> list[StepFigure]:
    """What the steps come to, in the order of the steps."""
    found: dict[str, StepFigure] = {step: StepFigure(step) for step in OPEN_STEPS}
    for one in taken:
        figure = found[one.step.step]
        figure.spans.append(worked(one.since, one.step.at, calendar))
        figure.late += one.step.was_late
    return list(found.values())


def worked(since: datetime, until: datetime, calendar: Calendar) -> timedelta:
    local = timezone.localtime
    return calendar.working_time_between(local(since), local(until))


def narrowed(taken: list[Taken], step: str, *, late: bool) -> list[Taken]:
    """Of the steps those of one kind; of them the late ones."""
    return [one for one in taken if one.step.step == step and (one.step.was_late or not late)]
