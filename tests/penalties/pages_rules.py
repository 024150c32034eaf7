"""The access table of the regulation, its numbers and the month's greetings."""

from datetime import date

from apps.accounts.choices import Role
from apps.penalties.models import PenaltyPolicy, Rule
from tests.access import Page

CHANGES = {Role.GENERAL_MANAGER}


def a_clause(store):
    return "reminder"


def a_coming_rule(store):
    return Rule.objects.create(
        **{"store": store, "clause": "reminder", "effective_from": date(2099, 1, 1)},
        **{"low_amount": 1, "high_amount": 1, "text": "x"},
    )


def coming_numbers(store):
    return PenaltyPolicy.objects.create(store=store, effective_from=date(2099, 1, 1))


PAGES = {
    "penalties:rules": Page(),
    "penalties:rule-new": Page(roles=CHANGES, make=a_clause, scoped=False),
    "penalties:rule-withdraw": Page(roles=CHANGES, make=a_coming_rule),
    "penalties:numbers": Page(),
    "penalties:numbers-new": Page(roles=CHANGES),
    "penalties:numbers-withdraw": Page(roles=CHANGES, make=coming_numbers),
    "penalties:greetings": Page(),
    "penalties:greeting-new": Page(roles={Role.CARE_MANAGER}),
}
