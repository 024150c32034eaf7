"""Who may open the checks of rooms and the action guide (SSI-06, SSI-11)."""

from apps.accounts.choices import Role
from apps.checklists.choices import ChecklistKind
from apps.ssi.models import GuideAction
from tests.access import Page

CARE = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
MANAGES = {Role.SALES_MANAGER, Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
SEES = CARE | MANAGES
WRITES = {Role.CARE_MANAGER, Role.SYSTEM_ADMINISTRATOR}
SERVICE = {Role.SERVICE_ADVISOR, Role.SERVICE_SUPERVISOR, Role.SERVICE_MANAGER}
MENDS = SERVICE | {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
OVERSEE = {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
READS = CARE | MENDS | OVERSEE | {Role.SYSTEM_ADMINISTRATOR}


def showroom(store):
    return (ChecklistKind.FACILITY.value,)


def a_line(store):
    return GuideAction.objects.filter(store=store, factor="delivery").first()


PAGES = {
    "ssi:room-list": Page(roles=SEES),
    "ssi:room-check": Page(roles=SEES, make=showroom, scoped=False),
    "ssi:room-points": Page(roles=WRITES, make=showroom, scoped=False),
    "ssi:guide": Page(roles=READS),
    "ssi:guide-new": Page(roles=WRITES),
    "ssi:guide-edit": Page(roles=WRITES, make=a_line),
}
