"""Quick responses asked for, one of them with its steps, and who is to take the next (SSI-04)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.complaints import policy
from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import QuickResponse
from apps.complaints.policy import Taken, since_when
from apps.complaints.queries.mine import Moment, makers_of, seen_by
from apps.core.dates import month_span

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
        rows = rows.exclude(status=Step.DROPPED)  # as they are counted
    for name in ("department", "origin", "handler"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if month := wanted.get("month"):
        rows = rows.filter(made_in(month))
    return rows


def made_in(first: date) -> Q:
    """Written down in the month that begins with ``first``."""
    start, end = month_span(first)
    return Q(made_at__gte=start, made_at__lt=end)


def steps_of(row: QuickResponse) -> list[Taken]:
    """The steps in their order. One query."""
    return since_when(row.steps.select_related("by").order_by("at", "pk"), row.made_at)


def who_takes(row: QuickResponse) -> list[User]:
    """Whose roles take the next step, but not who made or mended it when it is to be approved.
    Two queries at most."""
    roles = [role.value for role in policy.roles_for(row.status, row.department)]
    people = User.objects.filter(store=row.store_id, is_active=True, roles__overlap=roles)
    if row.status == Step.APPROVE:
        people = people.exclude(pk__in=makers_of(row))
    return list(people.order_by("pk"))
