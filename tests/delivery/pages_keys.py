"""Who may open the pages of hand-overs."""

from datetime import timedelta
from itertools import count

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.accounts.queries import calendar_of
from apps.delivery.models import DeliveryArea
from tests.access import Page
from tests.delivery import keys
from tests.factories import TODAY

SELLS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
CHECKS = {
    *(Role.WORKSHOP, Role.SERVICE_ADVISOR, Role.SERVICE_SUPERVISOR, Role.SERVICE_MANAGER),
    Role.SALES_MANAGER,
}
SEES = (
    SELLS
    | CHECKS
    | {
        *(Role.RECEPTIONIST, Role.CARE_SPECIALIST, Role.CARE_MANAGER),
        *(Role.GENERAL_MANAGER, Role.GROUP_MANAGER),
    }
)
MANAGES = {Role.SALES_MANAGER}
NUMBERS = count(1)


def of_everybody(store):
    """An order that each of those who may look sees: a consultant sees only his own."""
    sellers = User.objects.filter(store=store, roles__contains=[Role.SALES_CONSULTANT])
    consultant = sellers.order_by("pk").first() or keys.seller(store)
    return keys.make_order(store, consultant=consultant)


def free(store):
    """Another hour of another day each time, when the store is open."""
    calendar = calendar_of(store)
    for number in NUMBERS:
        on = TODAY + timedelta(days=1 + number % 30)
        if calendar.is_open(on):
            return {"clock": f"{9 + number // 30 % 7:02d}:00", "on": on}


def make_planned(store):
    return keys.make_hand_over(store, order=of_everybody(store), **free(store))


def make_ready(store):
    return keys.make_ready(store, make_planned(store))


def make_running(store):
    return keys.make_running(store, make_planned(store))


def make_finished(store):
    return keys.make_finished(store, make_planned(store))


def with_signature(store):
    row = make_finished(store)
    return row.pk, row.signature


def make_area(store):
    return DeliveryArea.objects.create(store=store, name=f"区{next(NUMBERS)}")


PAGES = {
    "delivery:plan": Page(roles=SEES),
    "delivery:hand-over-plan": Page(roles=SELLS, make=of_everybody),
    "delivery:hand-over-list": Page(roles=SEES),
    "delivery:hand-over": Page(roles=SEES, make=make_planned),
    "delivery:hand-over-agree": Page("post", SELLS, make_planned, {"how": "phone"}),
    "delivery:hand-over-point": Page("post", SELLS | CHECKS, make_planned, {"point": "gift"}),
    "delivery:hand-over-tell": Page("post", SELLS, make_planned, {"told": "晚到"}),
    "delivery:hand-over-cancel": Page(roles=SELLS, make=make_planned),
    "delivery:hand-over-papers": Page(roles=SELLS, make=make_planned),
    "delivery:pdi": Page(roles=CHECKS, make=make_planned),
    "delivery:hand-over-start": Page("post", SELLS, make_ready),
    "delivery:sheet": Page(roles=SELLS, make=make_running),
    "delivery:first-service": Page("post", SELLS, make_finished),
    "delivery:hand-over-picture": Page(roles=SEES, make=with_signature),
    "delivery:settings": Page(roles=MANAGES),
    "delivery:numbers-new": Page(roles=MANAGES),
    "delivery:area-new": Page(roles=MANAGES),
    "delivery:area-edit": Page(roles=MANAGES, make=make_area),
    "delivery:points": Page(roles=MANAGES, make=lambda store: "pdi", scoped=False),
}
