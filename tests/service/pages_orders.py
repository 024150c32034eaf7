"""Who may open the pages of repair orders and of the workshop."""

from apps.accounts.choices import Role
from apps.service.choices import Stage
from tests.access import Page
from tests.service import garage
from tests.service.pages import RUNS, SEES

WRITES = RUNS | {Role.SERVICE_ADVISOR}
WORKS = WRITES | {Role.WORKSHOP}


def make_order(store):
    return garage.make_order(store, promised_at=None)


def proposed(store):
    order = make_order(store)
    garage.propose(order)
    order.refresh_from_db()
    return order


def agreed(store):
    order = proposed(store)
    return garage.agree(order)


def in_work(store):
    return garage.start(agreed(store))


def at_the_check(store):
    return garage.work_off(in_work(store))


def ready(store):
    return garage.make_ready(store, promised_at=None)


def settled(store):
    return garage.settle(ready(store))


PAGES = {
    "service:workshop": Page(roles=SEES),
    "service:order": Page(roles=SEES, make=make_order),
    "service:order-sheet": Page(roles=SEES, make=make_order),
    "service:order-edit": Page(roles=WRITES, make=make_order),
    "service:order-add": Page(roles=WRITES, make=make_order),
    "service:order-remove": Page("post", WRITES, proposed),
    "service:order-answer": Page("post", WRITES, proposed),
    "service:order-dispatch": Page("post", WORKS, make_order),
    "service:order-stage": Page("post", WORKS, in_work, {"to": Stage.WAITING_PARTS}),
    "service:order-work-done": Page("post", WORKS, in_work),
    "service:order-issue": Page("post", WORKS, agreed),
    "service:order-part-return": Page("post", WORKS, agreed),
    "service:order-check": Page("post", WORKS, at_the_check),
    "service:order-not-agree": Page("post", WRITES, make_order, {"reason": "太贵"}),
    "service:order-settle": Page("post", WRITES, ready),
    "service:order-unsettle": Page("post", WRITES, settled),
    "service:order-hand-back": Page("post", WRITES, settled),
}
