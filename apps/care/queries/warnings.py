"""What reaches its limit today (CARE-23): asked live, and of a notice at the moment it is made."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import User
from apps.care.choices import CallKind
from apps.care.models import Call, Notice
from apps.care.queries.lists import OPEN, due, shown, start_of

DAY = timedelta(days=1)


def limits(today: date) -> dict[str, Q]:
    """Each limit of the day, as the condition of its calls; a call can be at several."""
    birthday = Q(kind=CallKind.BIRTHDAY)
    return {
        "third_day": Q(status__in=OPEN, day3_on=today, paused_on=None, callback_at=None),
        "birthday": due(due_on=today) & birthday,
        "due": due(due_on=today) & ~birthday,
        "promised": Q(status__in=OPEN, callback_at__lt=start_of(today + DAY)),
    }


LIMITS = tuple(limits(date(2000, 1, 1)))


def at_limit(calls: Any, today: date, what: str = "") -> Any:
    """Those of ``calls`` that reach a limit today: one of them, or any."""
    wanted = limits(today)
    any_of_them = Q()
    for condition in wanted.values():
        any_of_them |= condition
    return calls.filter(wanted.get(what, any_of_them))


def of_person(user: User) -> Q:
    """What a person answers for: one's own, and the call-backs promised for one."""
    return Q(owner=user, callback_for=None) | Q(callback_for=user)


def counts(calls: Any, today: date) -> dict[str, int]:
    """How many of ``calls`` reach each limit today. One query."""
    wanted = {name: Count("pk", filter=what) for name, what in limits(today).items()}
    found: dict[str, int] = at_limit(calls, today).order_by().aggregate(**wanted)
    return found


def counts_by_person(calls: Any, today: date) -> dict[int | None, dict[str, int]]:
    """The same for each person who answers for them. One query."""
    wanted = {f"n_{name}": Count("pk", filter=what) for name, what in limits(today).items()}
    rows = at_limit(calls, today).order_by().values("owner", "callback_for").annotate(**wanted)
    found: dict[int | None, dict[str, int]] = {}
    for row in rows:
        line = found.setdefault(row["callback_for"] or row["owner"], dict.fromkeys(LIMITS, 0))
        for name in LIMITS:
            line[name] += row[f"n_{name}"]
    return found


def rows(user: User, today: date, what: str, person: int | None) -> QuerySet[Call]:
    """The calls behind one number, the most urgent first; a specialist's are his own."""
    calls = Call.objects.visible_to(user)
    if not user.has_perm("care.view_team"):
        calls = calls.filter(of_person(user))
    elif person is not None:
        calls = calls.filter(Q(owner=person, callback_for=None) | Q(callback_for=person))
    found: QuerySet[Call] = shown(at_limit(calls, today, what))
    return found.order_by("callback_at", "due_on", "pk")


def to_acknowledge(user: User, today: date) -> Notice | None:
    """The last warning of today that the person has not acknowledged."""
    rows = Notice.objects.filter(user=user, on=today, seen_at=None)
    return rows.order_by("-pk").first()
