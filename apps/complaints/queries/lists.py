"""Quick responses asked for, one of them with its steps, and who is to take the next (SSI-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.complaints import policy
from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import QuickResponse, StepTaken
from apps.complaints.queries.mine import Moment, seen_by
from apps.core.dates import month_end

OPEN, LATE, UNKNOWN = "open", "late", "unknown"
SHOWN = ("customer", "vehicle", "store", "handler", "made_by")


def asked(user: Any, wanted: Mapping[str, Any], now: Moment) -> QuerySet[QuickResponse]:
    """Those that a filter asks for, the newest first."""
    rows = seen_by(user).select_related(*SHOWN).order_by("-pk")
    step, cause = wanted.get("step"), wanted.get("root_cause")
    if step in (OPEN, LATE):
        rows = rows.filter(status__in=OPEN_STEPS)
    elif step:
        rows = rows.filter(status=step)
    if step == LATE:
        rows = rows.filter(due_at__lt=now)
    if cause:
        rows = rows.filter(root_cause="" if cause == UNKNOWN else cause)
    for name in ("department", "origin", "handler"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if month := wanted.get("month"):
        rows = rows.filter(made_in(month))
    return rows


def made_in(first: date) -> Q:
    """Written down in the month that begins with ``first``."""
    return Q(made_at__gte=start_of(first), made_at__lt=end_of(first))


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(first: date) -> datetime:
    """When the month that begins with ``first`` is over."""
    return start_of(month_end(first) + timedelta(days=1))


@dataclass(frozen=True)
class Taken:
    """A step that was taken, and since when it could be."""

    step: StepTaken
    since: datetime


def steps_of(row: QuickResponse) -> list[Taken]:
    """The steps in their order. One query."""
    return since_when(row.steps.select_related("by").order_by("at", "pk"), row)


def since_when(steps: Any, row: QuickResponse) -> list[Taken]:
    """Each step begins when the one before it was taken, the first when it was written down."""
    taken, since = [], row.made_at
    for step in steps:
        taken.append(Taken(step, since))
        since = step.at
    return taken


def who_takes(row: QuickResponse) -> list[User]:
    """Whose roles take the next step, but not who made it when it is to be approved. One query."""
    roles = [role.value for role in policy.roles_for(row.status, row.department)]
    people = User.objects.filter(store=row.store_id, is_active=True, roles__overlap=roles)
    if row.status == Step.APPROVE and row.made_by_id:
        people = people.exclude(pk=row.made_by_id)
    return list(people.order_by("pk"))
