"""Who may see what the archive lacks, and how well it is kept."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.customers.pages import KEEPS

MANAGES = {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
LEADS = {Role.SALES_MANAGER, Role.SERVICE_MANAGER, Role.CARE_MANAGER}

PAGES = {
    "customers:gaps": Page(roles=KEEPS | MANAGES),
    "customers:health": Page(roles=LEADS | MANAGES),
}
