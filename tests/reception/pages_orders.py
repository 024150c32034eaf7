"""Who may open the pages of stock and orders."""

from apps.accounts.choices import Role
from apps.accounts.models import User
from tests.access import Page
from tests.factories import TODAY
from tests.reception import quoting, sold
from tests.reception.sold import make_car

SELLS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
SEES = SELLS | {Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.CARE_MANAGER}
KEEPS = {Role.SALES_MANAGER}


def seller_of(store):
    """The consultant who asks, if one does: a consultant sees only his own."""
    sellers = User.objects.filter(store=store, roles__contains=[Role.SALES_CONSULTANT])
    return sellers.order_by("pk").first() or sold.person(store)


def make_order(store, **fields):
    return sold.make_order(store, seller_of(store), **fields)


def make_opportunity(store):
    return sold.make_opportunity(store, seller_of(store))


def to_sign(store):
    return sold.explained(make_order(store, promised_on=TODAY))


def signed(store):
    return make_order(store, status="signed")


def chosen(store):
    return quoting.make_scheme(store, opportunity=make_opportunity(store))


PAGES = {
    "reception:quotation-order": Page(roles=SELLS, make=chosen),
    "reception:stock-list": Page(roles=SEES),
    "reception:stock-new": Page(roles=KEEPS),
    "reception:stock-edit": Page(roles=KEEPS, make=make_car),
    "reception:order-list": Page(roles=SEES),
    "reception:penetration": Page(roles=SEES),
    "reception:contract-points": Page(roles=KEEPS),
    "reception:order-new": Page(roles=SELLS, make=make_opportunity),
    "reception:order": Page(roles=SEES, make=make_order),
    "reception:order-edit": Page(roles=SELLS, make=make_order),
    "reception:order-contract": Page(roles=SELLS, make=make_order),
    "reception:order-contract-print": Page(roles=SEES, make=make_order),
    "reception:order-sign": Page("post", SELLS, to_sign),
    "reception:order-copy": Page("post", SELLS, signed),
    "reception:order-deposit": Page("post", SELLS, signed),
    "reception:order-cancel": Page("post", SELLS, make_order),
    "reception:order-car": Page("post", SELLS, make_order),
    "reception:order-paper": Page(roles=SELLS, make=lambda store: (make_order(store), "id_card")),
    "reception:order-loan": Page(roles=SELLS, make=make_order),
    "reception:order-loan-move": Page("post", SELLS, make_order),
    "reception:order-trade-in": Page(roles=SELLS, make=make_order),
    "reception:order-value": Page(roles=SELLS, make=make_order),
    "reception:order-trade-in-drop": Page("post", SELLS, make_order),
}
