"""Who may open quotations, and who may write and approve them."""

from apps.accounts.choices import Role
from apps.accounts.models import User
from tests.access import Page
from tests.reception.quoting import line, make_opportunity, make_scheme

SELLS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
SEES = SELLS | {Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.CARE_MANAGER}


def wanted(store):
    """A purchase that each of those who may look sees: a consultant sees only his own."""
    sellers = User.objects.filter(store=store, roles__contains=[Role.SALES_CONSULTANT])
    return make_opportunity(store, sellers.order_by("pk").first())


def quoted(store, *lines, **fields):
    return make_scheme(store, *lines, opportunity=wanted(store), **fields)


def over_the_limit(store):
    """Asked for by somebody else than the first consultant."""
    return make_scheme(
        store, line("discount", "5650"), opportunity=make_opportunity(store), reason="竞品"
    )


PAGES = {
    "reception:quotation-compare": Page(roles=SEES, make=wanted),
    "reception:opportunity-quotations": Page(roles=SEES, make=wanted),
    "reception:quotation-new": Page(roles=SELLS, make=wanted),
    "reception:quotation-figures": Page("post", SELLS, wanted),
    "reception:quotation": Page(roles=SEES, make=quoted),
    "reception:quotation-print": Page(roles=SEES, make=quoted),
    "reception:quotation-edit": Page(roles=SELLS, make=quoted),
    "reception:quotation-explain": Page("post", SELLS, quoted, {"version": "1"}),
    "reception:quotation-accept": Page("post", SELLS, quoted, {"version": "1"}),
    "reception:quotation-withdraw": Page("post", SELLS, quoted, {"version": "1"}),
    "reception:quotation-decide": Page(
        "post", {Role.SALES_MANAGER}, over_the_limit, {"approved": "yes", "version": "1"}
    ),
}
