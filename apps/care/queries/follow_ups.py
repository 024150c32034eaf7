"""What became of the follow-up calls of a month (SVC-11)."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Store
from apps.care.choices import NOT_CONTENT, CallKind, CallStatus
from apps.care.models import Call
from apps.core.dates import month_end

WHAT: dict[str, Q] = {
    "all": Q(),
    "open": Q(status__in=[CallStatus.WAITING, CallStatus.CLAIMED]),
    "answered": Q(follow_up__isnull=False),
    "not_content": Q(follow_up__satisfaction__in=NOT_CONTENT),
    "not_reached": Q(
        follow_up=None, status__in=[CallStatus.REACHED, CallStatus.FAILED, CallStatus.LAPSED]
    ),
}


def follow_ups(store: Store, first: date, what: str = "all") -> QuerySet[Call]:
    """Of the cars handed back in the month that begins with ``first``, the newest first."""
    rows: QuerySet[Call] = Call.objects.filter(
        store=store,
        kind=CallKind.SERVICE_FOLLOW_UP,
        event_on__range=(first, month_end(first)),
    )
    shown = rows.filter(WHAT.get(what, Q()))
    related = (
        "customer",
        "vehicle",
        "owner",
        "store",
        "follow_up__by",
        "follow_up__quick_response",
    )
    return shown.select_related(*related).order_by("-event_on", "-pk")


def counts(store: Store, first: date) -> dict[str, int]:
    """How many of each ``WHAT``. One query."""
    numbers = {name: Count("pk", filter=what) for name, what in WHAT.items()}
    found: Any = follow_ups(store, first).order_by().aggregate(**numbers)
    return dict(found)
