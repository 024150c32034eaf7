"""The access table of the desk."""

from apps.accounts.choices import Role
from tests.access import EVERYBODY, Page
from tests.factories import make_call, make_customer, make_vehicle

READS = EVERYBODY - {Role.ADMINISTRATION, Role.SYSTEM_ADMINISTRATOR}

SETS_UP = {Role.SYSTEM_ADMINISTRATOR, Role.GENERAL_MANAGER}

PAGES = {
    "desk:home": Page(),
    "desk:setup": Page(roles=SETS_UP),
    "desk:setup-supply": Page("post", SETS_UP),
    "desk:help": Page(),
    "desk:help-of": Page(make=lambda store: "group_manager", scoped=False),
    "desk:search": Page(roles=READS, data={"q": "张伟"}),
    "desk:customer-list": Page(roles=READS),
    "desk:customer": Page(roles=READS, make=make_customer),
    "desk:customer-timeline": Page(roles=READS, make=make_customer),
    "desk:customer-print": Page(roles=READS, make=make_customer),
    "desk:customer-contact": Page(roles=READS, make=make_customer),
    "desk:customer-messages": Page(roles=READS, make=make_customer),
    "desk:customer-history": Page(roles=READS, make=make_customer),
    "desk:vehicle": Page(roles=READS, make=make_vehicle),
    "desk:vehicle-timeline": Page(roles=READS, make=make_vehicle),
    "desk:vehicle-print": Page(roles=READS, make=make_vehicle),
    "desk:vehicle-history": Page(roles=READS, make=make_vehicle),
    "desk:call-history": Page(roles=READS, make=make_call),
}
