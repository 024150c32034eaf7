"""The purchases as the lists and the pages show them (REC-03, REC-10)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.core.rows import first_by_store
from apps.customers.search import search
from apps.reception.choices.opportunity import WORKED
from apps.reception.models import Clock, Opportunity
from apps.reception.queries.opportunities import seen_by

WEEK = timedelta(days=7)
MOST_FOUND = 200  # customers that a text may stand for
SHOWN = ("customer", "consultant", "car_model", "trim", "store")
SAME = ("level", "source", "car_model", "consultant")


def running(now: Any) -> QuerySet[Clock]:
    """Promised contacts whose time is over, of purchases that are followed (REC-10)."""
    return Clock.objects.filter(done_at=None, due_at__lt=now, opportunity__status__in=WORKED)


def asked_for(user: Any, asked: Mapping[str, Any], today: date, now: Any) -> QuerySet[Opportunity]:
    """The purchases that a filter asks for, in the order of their next contact; those that are
    closed, the newest first."""
    rows: QuerySet[Opportunity] = seen_by(user)
    status = asked.get("status") or ""
    if not status:
        rows = rows.filter(status__in=WORKED)
    elif status != "all":
        rows = rows.filter(status=status)
    for name in SAME:
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if text := (asked.get("text") or "").strip():
        found = search(user.store_ids, text, MOST_FOUND)
        rows = rows.filter(customer__in=[hit.customer.pk for hit in found if hit.customer])
    rows = rows.filter(_due(asked.get("due") or "", today, now))
    order = ("-opened_at", "-pk") if newest_first(asked) else ("follow_up_on", "pk")
    return rows.select_related(*SHOWN).order_by(*order)


def _due(asked: str, today: date, now: Any) -> Q:
    if asked == "overdue":
        return Q(follow_up_on__lt=today)
    if asked == "today":
        return Q(follow_up_on=today)
    if asked == "week":
        return Q(follow_up_on__lte=today + WEEK)
    if asked == "clock":
        return Q(Exists(running(now).filter(opportunity=OuterRef("pk"))))
    return Q()


def newest_first(asked: Mapping[str, Any]) -> bool:
    """Closed purchases, and all of them, are read from the last one back."""
    return (asked.get("status") or "") not in ("", *WORKED)


def page(
    rows: QuerySet[Opportunity],
    store_ids: Sequence[int],
    after: str,
    size: int,
    *,
    newest_first: bool,
) -> tuple[list[Opportunity], str]:
    """One page and where the next begins ("" on the last one). ``after`` is "when_pk" of the
    last row of the page before: no OFFSET, no COUNT."""
    field = "opened_at" if newest_first else "follow_up_on"
    than = "lt" if newest_first else "gt"
    if place := _place(after, newest_first):
        rows = rows.filter(
            Q(**{f"{field}__{than}": place[0]}) | Q(**{field: place[0], f"pk__{than}": place[1]})
        )
    found = first_by_store(rows, store_ids, size + 1)
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    return found[:size], f"{getattr(last, field).isoformat()}_{last.pk}"


def _place(after: str, newest_first: bool) -> tuple[date | datetime, int] | None:
    when, _sep, pk = after.rpartition("_")
    try:
        read: Any = datetime if newest_first else date
        return read.fromisoformat(when), int(pk)
    except ValueError:
        return None


def with_clocks(rows: Iterable[Opportunity]) -> list[Opportunity]:
    """Each with ``clock``: the promise of it that ends first, None without one. One query."""
    rows = list(rows)
    clocks: dict[int, Clock] = {}
    open_clocks = Clock.objects.filter(opportunity__in=rows, done_at=None).order_by("due_at", "pk")
    for clock in open_clocks if rows else ():
        clocks.setdefault(clock.opportunity_id, clock)
    for row in rows:
        row.clock = clocks.get(row.pk) if row.status in WORKED else None  # type: ignore[attr-defined]
    return rows
