"""Who may open the pages of parts and operations."""

from datetime import timedelta
from itertools import count

from apps.accounts.choices import Role
from apps.service.models import PartSupply
from tests.access import Page
from tests.factories import TODAY, make_user
from tests.service import workshop
from tests.service.pages import SEES
from tests.service.pages_capacity import MANAGES

ORDERS = {
    Role.SERVICE_MANAGER,
    Role.GENERAL_MANAGER,
    Role.SERVICE_ADVISOR,
    Role.SERVICE_SUPERVISOR,
}
READS = SEES | {Role.SYSTEM_ADMINISTRATOR}
NUMBERS = count(1)


def make_part(store):
    return workshop.make_part(store, f"P{next(NUMBERS)}")


def make_operation(store):
    return workshop.make_operation(store, f"O{next(NUMBERS)}")


def make_supply(store):
    return PartSupply.objects.create(
        store=store,
        part=make_part(store),
        kind="order",
        quantity=2,
        expected_on=TODAY + timedelta(days=1),
        by=make_user(f"orders-{next(NUMBERS)}-{store.code}", store, Role.SERVICE_MANAGER),
    )


PAGES = {
    "service:part-list": Page(roles=READS),
    "service:part-new": Page(roles=MANAGES),
    "service:part": Page(roles=READS, make=make_part),
    "service:part-edit": Page(roles=MANAGES, make=make_part),
    "service:part-stock": Page(roles=MANAGES, make=make_part),
    "service:parts-short": Page(roles=SEES),
    "service:supply-new": Page(roles=ORDERS, make=make_part),
    "service:supply-list": Page(roles=SEES),
    "service:supply-receive": Page("post", ORDERS, make_supply),
    "service:supply-postpone": Page(roles=ORDERS, make=make_supply),
    "service:supply-cancel": Page("post", ORDERS, make_supply),
    "service:operation-list": Page(roles=READS),
    "service:operation-new": Page(roles=MANAGES),
    "service:operation-edit": Page(roles=MANAGES, make=make_operation),
    "service:operation-history": Page(roles=READS, make=make_operation),
}
