"""The lists of calls: mine, the team's, the failed ones (CARE-04, CARE-14, CARE-28)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from apps.accounts.choices import Slot
from apps.accounts.models import User
from apps.care import policy
from apps.care.choices import CallStatus
from apps.care.models import Attempt, Call
from apps.care.queries.slots import best_slots
from apps.core.rows import first_by_store
from apps.messaging.models import Message

OPEN = (CallStatus.WAITING, CallStatus.CLAIMED)


def due(**when: date) -> Q:
    """The one meaning of *due* on every page: open, not waiting for a good number, and without
    a promised call-back, whose time then counts. ``when`` says the day: ``due_on=``…"""
    return Q(status__in=OPEN, paused_on=None, callback_at=None, **when)


# What the team's list can be asked for: a status, or one of these states of an open call.
STATES = {
    "open": lambda day: Q(status__in=OPEN),
    "overdue": lambda day: due(due_on__lt=day),
    "today": lambda day: due(due_on=day),
    "promised": lambda day: Q(status=CallStatus.WAITING, callback_at__isnull=False),
    "paused": lambda day: Q(status=CallStatus.WAITING, paused_on__isnull=False),
    "held": lambda day: Q(status=CallStatus.CLAIMED),
}
MOST_OF_A_GROUP = 100


def shown(calls: QuerySet[Call]) -> QuerySet[Call]:
    """With everything that a line of a list shows."""
    return calls.select_related("customer", "vehicle", "store", "owner", "holder", "callback_for")


@dataclass(frozen=True)
class MyCalls:
    """What one person answers for, the most urgent first; each group ends at a hundred."""

    promised: list[Call]
    overdue: list[Call]
    today: list[Call]
    later: list[Call]
    paused: list[Call]

    def __bool__(self) -> bool:
        return any((self.promised, self.overdue, self.today, self.later, self.paused))


def mine(user: User, day: date, slot: Slot | None = None) -> MyCalls:
    """My open calls by urgency, with call-backs that were promised for me. Six queries.

    Of those that are equally urgent the customers come first who pick up in ``slot``
    (CARE-20); each call has its ``best_slot``.
    """
    own = shown(Call.objects.visible_to(user).filter(status__in=OPEN))
    promised = Q(callback_for=user) | Q(callback_for=None, owner=user)
    waiting = own.filter(due(), owner=user)

    def first(calls: QuerySet[Call], *order: str) -> list[Call]:
        return list(calls.order_by(*order)[:MOST_OF_A_GROUP])

    found = MyCalls(
        promised=first(own.filter(promised, callback_at__isnull=False), "callback_at", "pk"),
        overdue=first(waiting.filter(due_on__lt=day), "-due_on", "-pk"),
        today=first(waiting.filter(due_on=day), "pk"),
        later=first(waiting.filter(due_on__gt=day), "due_on", "pk"),
        paused=first(
            own.filter(owner=user, paused_on__isnull=False, callback_at=None), "paused_on", "pk"
        ),
    )
    _best_first(found, slot)
    return found


def _best_first(found: MyCalls, slot: Slot | None) -> None:
    best = best_slots(call for group in vars(found).values() for call in group)
    for group in vars(found).values():
        for call in group:
            call.best_slot = best.get(call.customer_id)

    def later(call: Call) -> bool:
        return slot is not None and best.get(call.customer_id) != slot

    found.overdue.sort(key=lambda call: (-call.due_on.toordinal(), later(call)))
    for group in (found.today, found.later):
        group.sort(key=lambda call: (call.due_on, later(call)))


def narrowed(calls: QuerySet[Call], asked: dict[str, Any], day: date) -> QuerySet[Call]:
    """The calls that a filter asks for; what it leaves open is not narrowed."""
    state = asked.get("state") or "open"
    calls = calls.filter(STATES[state](day) if state in STATES else Q(status=state))
    same = {"kind": "kind", "specialist": "owner", "group": "churn_group", "made_up": "made_up"}
    since = {
        "due_from": "due_on__gte",
        "due_until": "due_on__lte",
        "opens_from": "opens_on__gte",
        "opens_until": "opens_on__lte",
    }
    for name, field in {**same, **since}.items():
        if asked.get(name) not in (None, ""):
            calls = calls.filter(**{field: asked[name]})
    return calls


def team(user: User, asked: dict[str, Any], day: date) -> QuerySet[Call]:
    """The team's calls that a filter asks for, by due day; ended ones the newest first."""
    calls = shown(narrowed(Call.objects.visible_to(user), asked, day))
    sign = "-" if newest_first(asked) else ""
    return calls.order_by(f"{sign}due_on", f"{sign}pk")


def newest_first(asked: dict[str, Any]) -> bool:
    """Calls that have ended are read from the last one back."""
    return asked.get("state") in set(CallStatus.values)


def page_by_due(
    calls: QuerySet[Call],
    store_ids: Sequence[int],
    after: str,
    size: int,
    *,
    newest_first: bool,
) -> tuple[list[Call], str]:
    """One page in the order of due days and where the next begins ("" on the last one).

    ``after`` is "day_pk" of the last row of the page before: no OFFSET, no COUNT. ``store_ids``:
    whose calls they are.
    """
    sign, than = ("-", "lt") if newest_first else ("", "gt")
    day, _, pk = after.partition("_")
    try:
        last = date.fromisoformat(day)
        calls = calls.filter(
            Q(**{f"due_on__{than}": last}) | Q(due_on=last, **{f"pk__{than}": int(pk)})
        )
    except ValueError:
        pass  # the first page
    ordered = calls.order_by(f"{sign}due_on", f"{sign}pk")
    found = first_by_store(ordered, store_ids, size + 1)
    if len(found) <= size:
        return found, ""
    return found[:size], f"{found[size - 1].due_on}_{found[size - 1].pk}"


@dataclass(frozen=True)
class Due:
    """How many calls are due today, and how many were due before."""

    today: int
    overdue: int


def due_counts(calls: QuerySet[Call], day: date) -> Due:
    """Counted as the lists of the same names show them. One query."""
    counted = calls.order_by().aggregate(
        today=Count("pk", filter=due(due_on=day)), overdue=Count("pk", filter=due(due_on__lt=day))
    )
    return Due(**counted)


@dataclass(frozen=True)
class FailedCall:
    """One line of 提醒失败记录: the call, its attempts and the message sent instead."""

    call: Call
    attempts: list[Attempt]
    message: Message | None


def failed_calls(user: User, asked: dict[str, Any]) -> QuerySet[Call]:
    """The failed calls that a filter asks for, the newest first, with their attempts."""
    calls = shown(Call.objects.visible_to(user).filter(status=CallStatus.FAILED))
    for name, field in {"kind": "kind", "reason": "end_reason", "specialist": "owner"}.items():
        if asked.get(name):
            calls = calls.filter(**{field: asked[name]})
    if asked.get("since"):
        calls = calls.filter(ended_at__gte=start_of(asked["since"]))
    tries = Prefetch("tries", Attempt.objects.select_related("by").order_by("at"))
    return calls.prefetch_related(tries).order_by("-pk")


def failed_lines(calls: list[Call]) -> list[FailedCall]:
    """Each with the message that went out instead. One query."""
    sent = _fallbacks(calls)
    return [
        FailedCall(call, list(call.tries.all()), sent.get((call.store_id, _key(call))))
        for call in calls
    ]


def failed(
    user: User, asked: dict[str, Any], after: str, size: int
) -> tuple[list[FailedCall], int | None]:
    """One page of them and the pk after which the next begins. Four queries however long."""
    calls = failed_calls(user, asked)
    if after.isdecimal():
        calls = calls.filter(pk__lt=int(after))
    found = list(calls[: size + 1])
    return failed_lines(found[:size]), found[size - 1].pk if len(found) > size else None


def _key(call: Call) -> str:
    return policy.fallback_key(call.pk, call.event_on)


def _fallbacks(calls: Iterable[Call]) -> dict[tuple[int, str], Message]:
    keys = {_key(call): call.store_id for call in calls}
    rows = Message.objects.filter(dedupe_key__in=keys, store__in=set(keys.values()))
    return {(row.store_id, row.dedupe_key): row for row in rows}


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
