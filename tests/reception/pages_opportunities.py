"""Who may open the pages of purchases."""

from itertools import count

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.reception.actions import pipeline as keeping
from apps.reception.actions.opportunities import open_opportunity
from tests.access import Page
from tests.factories import NOW, make_customer, make_user

SELLS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
APPROVES = {Role.SALES_MANAGER}
SEES_ALL = {
    *(Role.SALES_MANAGER, Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER),
}
SEES = SELLS | SEES_ALL
NUMBERS = count(1)


def make_opportunity(store, consultant=None, **fields):
    who = consultant or make_user(f"sells-{next(NUMBERS)}-{store.code}", store, *SELLS)
    customer = fields.pop("customer", None) or make_customer(store)
    return open_opportunity(customer, who, by=who, **{"now": NOW} | fields)


def of_everybody(store):
    """One that each of those who may look sees: a consultant sees only his own."""
    sellers = User.objects.filter(store=store, roles__contains=[Role.SALES_CONSULTANT])
    return make_opportunity(store, sellers.order_by("pk").first())


def proposed_lost(store):
    row = of_everybody(store)
    return keeping.propose_lost(row, reason="price", by=row.consultant, now=NOW)


def lost(store):
    row = proposed_lost(store)
    return keeping.approve_lost(row, by=row.consultant, now=NOW)


PAGES = {
    "reception:my-day": Page(roles=SELLS),
    "reception:team-day": Page(roles=SEES_ALL),
    "reception:approval-list": Page(roles=APPROVES),
    "reception:lost-approve": Page("post", APPROVES, proposed_lost),
    "reception:lost-send-back": Page("post", APPROVES, proposed_lost, {"answer": "再约一次"}),
    "reception:opportunity-again": Page(roles=APPROVES, make=lost),
    "reception:opportunity-list": Page(roles=SEES),
    "reception:opportunity-find": Page(roles=SELLS),
    "reception:opportunity-card": Page(roles=SELLS),
    "reception:opportunity-new": Page(roles=SELLS, make=make_customer),
    "reception:opportunity": Page(roles=SEES_ALL | SELLS, make=of_everybody),
    "reception:opportunity-edit": Page(roles=SELLS, make=of_everybody),
    "reception:opportunity-contact": Page("post", SELLS, of_everybody),
    "reception:opportunity-lost": Page(roles=SELLS, make=of_everybody),
    "reception:opportunity-give": Page(roles=APPROVES, make=of_everybody),
}
