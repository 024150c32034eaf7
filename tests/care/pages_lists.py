"""Who may open the lists, boards, scripts and numbers of care."""

from apps.accounts.choices import Role
from apps.care.models import Notice, Script
from tests.access import Page
from tests.factories import NOW, TODAY, make_user

TEAM = {Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
SPECIALISTS = {Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST}
LISTS = TEAM | SPECIALISTS
SETS_UP = {Role.SYSTEM_ADMINISTRATOR}
SCRIPTS = LISTS | SETS_UP
KEEPS = {Role.CARE_MANAGER}


def a_script(store):
    return Script.objects.filter(store=store).first()


def a_notice(store):
    """One's own only: who asks for another's is told there is none."""
    other = make_user(f"warned{Notice.objects.count()}", store, Role.CARE_MANAGER)
    return Notice.objects.create(store=store, user=other, on=TODAY, turn="first", made_at=NOW)


PAGES = {
    "care:my-calls": Page(roles=SPECIALISTS),
    "care:calls": Page(roles=TEAM),
    "care:call-reassign": Page("post", roles=KEEPS),
    "care:failed": Page(roles=LISTS),
    "care:month": Page(roles=LISTS),
    "care:churn": Page(roles=LISTS),
    "care:today": Page(roles=TEAM),
    "care:warnings": Page(roles=LISTS),
    "care:notice-seen": Page("post", LISTS, a_notice, missing=True),
    "care:forecast": Page(roles=TEAM),
    "care:analysis": Page(roles=TEAM),
    "care:credit": Page(roles=TEAM),
    "care:follow-ups": Page(roles=LISTS),
    "care:sample-list": Page(roles=LISTS),
    "care:scripts": Page(roles=SCRIPTS),
    "care:script": Page(roles=SCRIPTS, make=a_script),
    "care:script-work": Page(roles=SCRIPTS),
    "care:script-new": Page(roles=KEEPS | SETS_UP),
    "care:policy": Page(roles=TEAM | SETS_UP),
    "care:policy-new": Page(roles=KEEPS | SETS_UP),
}
