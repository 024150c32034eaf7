"""Warned before, not after: the notices of the day (CARE-23)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import calendars_of
from apps.care.choices import Warned
from apps.care.figures import near
from apps.care.models import Call, CarePolicy, Notice
from apps.care.queries import warnings
from apps.core.actions import action

WARNED = (Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST, Role.CARE_MANAGER)


def warn(*, now: datetime) -> int:
    """Write the notice whose time has come in each open store; return how many.

    One for each person and time. After an outage only the last one that is due is written.
    Twice, or on two machines at once, writes nothing more.
    """
    return sum(_warn(store, turn, numbers, now) for store, turn, numbers in _whose_time(now))


def _whose_time(now: datetime) -> list[tuple[Store, Warned, CarePolicy]]:
    """Stores that are open, past a warning's time and without its notices. Four queries."""
    today, clock = timezone.localdate(now), timezone.localtime(now).time()
    rows = CarePolicy.objects.filter(effective_from__lte=today).select_related("store")
    in_force = {row.store_id: row for row in rows.order_by("effective_from")}
    there = set(Notice.objects.filter(on=today).values_list("store", "turn").distinct())
    turns = {}
    for pk, numbers in in_force.items():
        if clock >= numbers.warn_again_at:
            turns[pk] = Warned.AGAIN
        elif clock >= numbers.warn_first_at:
            turns[pk] = Warned.FIRST
    waiting = [in_force[pk].store for pk, turn in turns.items() if (pk, turn) not in there]
    calendars = calendars_of(waiting)
    return [
        (store, turns[store.pk], in_force[store.pk])
        for store in waiting
        if calendars[store.pk].is_open(today)
    ]


@action
def _warn(store: Store, turn: Warned, numbers: CarePolicy, now: datetime) -> int:
    """A notice for each specialist about own calls, for each manager about all of the store.

    One without anything in it is taken as acknowledged: it only says that the time has passed.
    """
    today = timezone.localdate(now)
    calls = Call.objects.filter(store=store)
    own = warnings.counts_by_person(calls, today)
    rates = near.rates(store, numbers, today)
    whole = {name: sum(line[name] for line in own.values()) for name in warnings.LIMITS}
    people = User.objects.filter(store=store, is_active=True, roles__overlap=list(WARNED))
    notices = []
    for person in people.order_by("pk"):
        limits, told = own.get(person.pk, {}), rates.people.get(person.pk, [])
        if Role.CARE_MANAGER in person.roles:
            limits, told = whole, rates.store
        notices.append(_notice(store, person, turn, today, now, limits, told))
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def _notice(
    store: Store,
    person: User,
    turn: Warned,
    today: date,
    now: datetime,
    limits: dict[str, int],
    rates: list[near.Near],
) -> Notice:
    told: dict[str, Any] = {one.kind: {**one.counts, "line": one.line} for one in rates if one}
    limits = {name: n for name, n in limits.items() if n}
    seen_at = None if limits or told else now
    return Notice(
        store=store,
        user=person,
        on=today,
        turn=turn,
        made_at=now,
        limits=limits,
        rates=told,
        seen_at=seen_at,
    )


@action
def acknowledge(notice: Notice, *, by: User, now: datetime) -> int:
    """The person has read it, and with it those before it. Twice changes nothing."""
    rows = Notice.objects.filter(user=by, seen_at=None, pk__lte=notice.pk)
    return rows.update(seen_at=now)
