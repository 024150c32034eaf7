"""Who may open the DSM records."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.delivery.dsm import make_record

ENTERS = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
CHECKS = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
SEES = ENTERS | CHECKS | {Role.GENERAL_MANAGER}

PAGES = {
    "delivery:dsm-list": Page(roles=SEES),
    "delivery:dsm-months": Page(roles=SEES),
    "delivery:dsm": Page(roles=SEES, make=make_record),
    "delivery:dsm-folder": Page(roles=SEES, make=make_record),
    "delivery:dsm-entry": Page(roles=ENTERS, make=make_record),
    "delivery:dsm-check": Page(roles=CHECKS, make=make_record),
    "delivery:dsm-send-back": Page(roles=CHECKS, make=make_record),
}
