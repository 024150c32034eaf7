"""Who may open the pages of test drives."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.reception import driving

SELLS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
WATCHES = {Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.CARE_MANAGER}
SEES = WATCHES | SELLS
KEEPS = {Role.SALES_MANAGER}


def mine(make):
    """Of whoever asks: a consultant sees his own drives only; the tests' people bear their
    role's name."""

    def made(store):
        row = make(store)
        asking = type(row.consultant).objects.filter(store=store).order_by("pk").first()
        type(row.opportunity).objects.filter(pk=row.opportunity_id).update(consultant=asking)
        return row

    return made


def wanted(store):
    row = driving.make_wanted(store, driving.make_user(f"w{next(driving.NUMBERS)}", store))
    asking = type(row.consultant).objects.filter(store=store).order_by("pk").first()
    if asking is not None:
        type(row).objects.filter(pk=row.pk).update(consultant=asking)
    return row


def signature(store):
    row = mine(driving.signed)(store)
    return row.pk, row.signature


def watched(store):
    """A reception of whoever asks."""
    asking = driving.User.objects.filter(store=store).order_by("pk").first()
    row = driving.make_check(store)
    if asking is not None:
        type(row).objects.filter(pk=row.pk).update(consultant=asking)
    return row


booked, is_back = mine(driving.make_drive), mine(driving.back)

PAGES = {
    "reception:drive-list": Page(roles=SEES),
    "reception:drive-find": Page(roles=SELLS),
    "reception:my-drives": Page(roles=SELLS),
    "reception:opportunity-drives": Page(roles=SEES, make=wanted),
    "reception:drive-new": Page(roles=SELLS, make=wanted),
    "reception:drive": Page(roles=SEES, make=booked),
    "reception:drive-move": Page(roles=SELLS, make=booked),
    "reception:drive-licence": Page("post", SELLS, booked),
    "reception:drive-agreement": Page(roles=SEES, make=mine(driving.checked)),
    "reception:drive-signature": Page(roles=SEES, make=signature),
    "reception:drive-out": Page("post", SELLS, mine(driving.signed), {"km": 100}),
    "reception:drive-back": Page("post", SELLS, mine(driving.out), {"km": 110}),
    "reception:drive-feedback": Page("post", SELLS, is_back, {"impression": "pleased"}),
    "reception:drive-cancel": Page("post", SELLS, booked),
    "reception:demo-car-list": Page(roles=SEES),
    "reception:demo-car-new": Page(roles=KEEPS),
    "reception:demo-car-edit": Page(roles=KEEPS, make=driving.make_demo_car),
    "reception:route-new": Page(roles=KEEPS),
    "reception:route-edit": Page(roles=KEEPS, make=driving.make_route),
    "reception:self-check-list": Page(roles=SEES),
    "reception:self-check-new": Page(roles=KEEPS),
    "reception:self-check": Page(roles=SEES, make=watched),
}
