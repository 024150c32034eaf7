"""The access table of the regulation, its numbers and the month's greetings."""

from apps.accounts.choices import Role
from tests.access import Page

CHANGES = {Role.GENERAL_MANAGER}


def a_clause(store):
    return "reminder"


PAGES = {
    "penalties:rules": Page(),
    "penalties:rule-new": Page(roles=CHANGES, make=a_clause, scoped=False),
    "penalties:numbers": Page(),
    "penalties:numbers-new": Page(roles=CHANGES),
    "penalties:greetings": Page(),
    "penalties:greeting-new": Page(roles={Role.CARE_MANAGER}),
}
