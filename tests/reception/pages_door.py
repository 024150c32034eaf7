"""Who may open the door's pages."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.reception.showroom import make_party

REGISTERS = {Role.RECEPTIONIST, Role.SALES_CONSULTANT, Role.SALES_MANAGER}
SEES = REGISTERS | {Role.GENERAL_MANAGER}
LOOKS = {Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
PAGES = {
    "reception:door": Page(roles=SEES),
    "reception:door-parties": Page(roles=SEES),
    "reception:door-known": Page(roles=REGISTERS, data={"q": "5678"}),
    "reception:visit-new": Page(method="post", roles=REGISTERS),
    "reception:visit-greet": Page(method="post", roles=REGISTERS, make=make_party),
    "reception:visit-take": Page(method="post", roles=REGISTERS, make=make_party),
    "reception:visit-leave": Page(method="post", roles=REGISTERS, make=make_party),
    "reception:visit-card": Page(roles=REGISTERS, make=make_party),
    "reception:visit-edit": Page(roles=REGISTERS, make=make_party),
    "reception:visit-list": Page(roles=SEES | {Role.GROUP_MANAGER}),
    "reception:visit-print": Page(roles=SEES | {Role.GROUP_MANAGER}),
    "reception:traffic": Page(roles=LOOKS),
}
