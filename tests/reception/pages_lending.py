"""Who may keep loans and purchase tax."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.reception.quoting import make_loan

KEEPS = {Role.SALES_MANAGER}

PAGES = {
    "reception:loan-list": Page(roles=KEEPS),
    "reception:loan-new": Page(roles=KEEPS),
    "reception:loan-end": Page(roles=KEEPS, make=make_loan),
    "reception:tax-new": Page(roles=KEEPS),
}
