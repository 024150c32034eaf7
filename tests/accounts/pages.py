"""The access table of accounts."""

from datetime import time, timedelta
from itertools import count

from django.utils import timezone

from apps.accounts.actions.store import correct_day, set_slots
from apps.accounts.actions.teams import put_into_team
from apps.accounts.choices import DayKind, Role
from apps.accounts.models import Team
from tests.access import Page
from tests.factories import make_user

PEOPLE = {Role.ADMINISTRATION, Role.GENERAL_MANAGER, Role.SYSTEM_ADMINISTRATOR}
CALENDAR = PEOPLE
TEAMS = PEOPLE | {Role.SALES_MANAGER}
ROSTER = PEOPLE | {
    Role.SALES_MANAGER,
    Role.SERVICE_SUPERVISOR,
    Role.SERVICE_MANAGER,
    Role.CARE_MANAGER,
}
STORE = {Role.GENERAL_MANAGER, Role.SYSTEM_ADMINISTRATOR}
SLOTS = {
    "morning_from": time(9),
    "morning_until": time(11),
    "afternoon_from": time(13),
    "afternoon_until": time(15),
    "late_from": time(15),
    "late_until": time(17),
}
_people = count(1)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def a_person(store):
    return make_user(f"person{next(_people)}", store, Role.WORKSHOP)


def a_correction(store):
    return correct_day(store, tomorrow(), DayKind.CLOSED, "盘点", on=timezone.localdate())


def later_slots(store):
    return set_slots(store, tomorrow(), SLOTS, on=timezone.localdate())


def a_team(store):
    return Team.objects.create(store=store, name=f"team{next(_people)}")


def a_coming_membership(store):
    seller = a_person(store)
    return put_into_team(seller, a_team(store), tomorrow())


PAGES = {
    "account_change_password": Page(own=True),
    "accounts:choose-store": Page(),
    "accounts:sessions": Page(),
    "accounts:people": Page(roles=PEOPLE),
    "accounts:person-new": Page(roles=PEOPLE),
    "accounts:person": Page(roles=PEOPLE, make=a_person),
    "accounts:person-password": Page("post", PEOPLE, a_person),
    "accounts:person-active": Page("post", PEOPLE, a_person, {"active": "no"}),
    "accounts:department-manager": Page(
        "post", PEOPLE, lambda store: store.departments.first(), {"person": ""}
    ),
    "accounts:roles": Page(roles=PEOPLE),
    "accounts:roster": Page(roles=ROSTER),
    # Without a person in it the cell is nobody's: 404 for those who may press it.
    "accounts:roster-set": Page("post", ROSTER, data={"cell": "0:2036-01-01:off"}, missing=True),
    # A session is a person's own: nobody has this one.
    "accounts:session-end": Page("post", make=lambda store: 10**9, missing=True),
    "accounts:calendar": Page(roles=CALENDAR),
    "accounts:calendar-correct": Page(
        "post", CALENDAR, data={"on": "2036-01-01", "kind": "closed", "note": ""}
    ),
    "accounts:calendar-undo": Page("post", CALENDAR, a_correction),
    "accounts:store": Page(roles=STORE),
    "accounts:slots-new": Page("post", STORE, data={}),
    "accounts:slots-withdraw": Page("post", STORE, later_slots),
    "accounts:teams": Page(roles=TEAMS),
    "accounts:team-new": Page("post", TEAMS, data={"name": "新组"}),
    "accounts:team": Page(roles=TEAMS, make=a_team),
    "accounts:team-delete": Page("post", TEAMS, a_team),
    # Without a person in it the form is not valid.
    "accounts:team-member-new": Page("post", TEAMS, data={}),
    "accounts:team-member-withdraw": Page("post", TEAMS, a_coming_membership),
}
