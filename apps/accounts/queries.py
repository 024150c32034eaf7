"""What upper floors ask about stores and people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from apps.accounts.calendar import DAY, Calendar, SlotTimes
from apps.accounts.choices import Role, Slot
from apps.accounts.models import CalendarDay, CallSlots, DutyDay, Store, Team, TeamMember, User


def calendar_of(store: Store) -> Calendar:
    """The store's days and hours with its corrections by hand (ORG-03). One query."""
    return Calendar(
        opens=store.opens_at,
        weekend_opens=store.weekend_opens_at,
        closes=store.closes_at,
        corrections=dict(store.calendar_days.values_list("on", "kind")),
    )


def calendars_of(stores: Iterable[Store]) -> dict[int, Calendar]:
    """``calendar_of`` for many stores, by store id. One query."""
    stores = list(stores)
    corrections: dict[int, dict[date, str]] = defaultdict(dict)
    days = CalendarDay.objects.filter(store__in=stores)
    for store_id, on, kind in days.values_list("store", "on", "kind"):
        corrections[store_id][on] = kind
    return {
        store.pk: Calendar(
            opens=store.opens_at,
            weekend_opens=store.weekend_opens_at,
            closes=store.closes_at,
            corrections=corrections[store.pk],
        )
        for store in stores
    }


def slots_of(store: Store, day: date) -> SlotTimes:
    """The call slots in force on ``day`` (ORG-05); the defaults before the first row. One query."""
    row = CallSlots.objects.in_force(store, day)
    if row is None:
        return SlotTimes()
    return SlotTimes(
        tuple((slot, getattr(row, f"{slot}_from"), getattr(row, f"{slot}_until")) for slot in Slot)
    )


def store_shown(user: Any, asked: Mapping[str, Any]) -> Store:
    """The one store a page is about: that of the address among those one reads, else the chosen
    one, one's own, or the first. 404 for any other."""
    ids = user.store_ids
    store = asked.get("store", "")
    if store.isdecimal():
        return get_object_or_404(Store, pk=store, pk__in=ids)
    pk = user.store_id if user.store_id in ids else next(iter(ids), None)
    return get_object_or_404(Store, pk=pk)


def people_of(store: Store | None, *, gone: bool) -> QuerySet[User]:
    """Who works in the store, or who did; by department."""
    people = User.objects.filter(store=store, is_active=not gone) if store else User.objects.none()
    return people.select_related("department").order_by("department_id", "pk")


def stores_to_give(by: User) -> QuerySet[Store]:
    """The stores that ``by`` may let others read: the system administrator all, a general
    manager those he reads himself (ORG-02)."""
    if by.has_role(Role.SYSTEM_ADMINISTRATOR):
        return Store.objects.all()
    own = by.all_store_ids if by.has_role(Role.GENERAL_MANAGER) else []
    return Store.objects.filter(pk__in=own)


def duty_of(store: Store, day: date, role: str, calendar: Calendar) -> list[tuple[User, bool]]:
    """The active people of ``role`` in a fixed order, and whether each is on duty on ``day``
    (ORG-04). One query.

    The roster decides; without a row a person is on duty on working days.
    """
    said = DutyDay.objects.filter(user=OuterRef("pk"), on=day).values("on_duty")
    people: Any = User.objects.filter(store=store, is_active=True, roles__contains=[role])
    default = calendar.is_working(day)
    return [
        (person, default if person.said is None else person.said)
        for person in people.annotate(said=Subquery(said)).order_by("pk")
    ]


def on_duty(store: Store, day: date, role: str, calendar: Calendar) -> list[User]:
    """Those of ``duty_of`` who are on duty, in its order. One query."""
    return [person for person, is_there in duty_of(store, day, role, calendar) if is_there]


def on_duty_in(calendars: dict[int, Calendar], day: date, role: str) -> dict[int, list[int]]:
    """``on_duty`` for many stores: store id → ids of people, in a fixed order. Two queries.

    Where nobody is on duty, everybody active of the role: their work waits for them.
    """
    people: dict[int, list[int]] = {store_id: [] for store_id in calendars}
    active = User.objects.filter(store__in=people, is_active=True, roles__contains=[role])
    for store_id, pk in active.order_by("pk").values_list("store_id", "pk"):
        people[store_id].append(pk)
    roster = dict(
        DutyDay.objects.filter(store__in=people, on=day).values_list("user_id", "on_duty")
    )
    return {
        store_id: [pk for pk in ids if roster.get(pk, calendars[store_id].is_working(day))] or ids
        for store_id, ids in people.items()
    }


@dataclass(frozen=True)
class RosterDay:
    """One cell of the roster: is the person on duty, and did somebody say so?"""

    on: date
    on_duty: bool
    by_hand: bool
    past: bool


def roster_week(
    people: Iterable[User], store: Store, monday: date, today: date
) -> list[tuple[User, list[RosterDay]]]:
    """Who of ``people`` is on duty on which day of a week (ORG-04). Two queries."""
    days = [monday + DAY * n for n in range(7)]
    calendar = calendar_of(store)
    said = {
        (user_id, on): on_duty
        for user_id, on, on_duty in DutyDay.objects.filter(store=store, on__in=days).values_list(
            "user_id", "on", "on_duty"
        )
    }
    return [
        (
            person,
            [
                RosterDay(
                    on=day,
                    on_duty=said.get((person.pk, day), calendar.is_working(day)),
                    by_hand=(person.pk, day) in said,
                    past=day < today,
                )
                for day in days
            ],
        )
        for person in people
    ]


def team_on(user_ids: Iterable[int], day: date) -> dict[int, int]:
    """Who of ``user_ids`` belonged to which team on ``day``: user id → team id (SSI-07).

    The row that began last decides; who belonged to none is not in it. One query.
    """
    begun = TeamMember.objects.filter(user__in=user_ids, from_on__lte=day)
    latest = begun.order_by("user", "-from_on").distinct("user")
    return {user: team for user, team in latest.values_list("user_id", "team_id") if team}


@dataclass(frozen=True)
class Membership:
    """Somebody in a team (None: in none) from a day until one; ``until`` None: no end is known."""

    row: TeamMember
    until: date | None

    def holds(self, day: date) -> bool:
        return self.row.from_on <= day and (self.until is None or day <= self.until)


def memberships(store: Store) -> list[Membership]:
    """Who was, is and will be in which team: by person, the latest first. One query."""
    rows = TeamMember.objects.filter(store=store).select_related("user", "team")
    found: list[Membership] = []
    for row in rows.order_by("user__name", "user", "-from_on"):
        after = found[-1].row if found and found[-1].row.user_id == row.user_id else None
        found.append(Membership(row, after.from_on - DAY if after else None))
    return found


def teams_on(
    store: Store, day: date, known: list[Membership]
) -> tuple[list[tuple[Team, list[Membership]]], list[User]]:
    """The teams with those who belong to them on ``day``, and the active sales consultants who
    belong to none. Two queries."""
    there = [one for one in known if one.holds(day) and one.row.team_id]
    teams = Team.objects.filter(store=store)
    placed = {one.row.user_id for one in there}
    sellers = User.objects.filter(
        store=store, is_active=True, roles__contains=[Role.SALES_CONSULTANT]
    )
    return (
        [(team, [one for one in there if one.row.team_id == team.pk]) for team in teams],
        [person for person in sellers.order_by("name") if person.pk not in placed],
    )
