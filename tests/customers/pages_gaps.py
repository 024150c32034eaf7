"""Who may see what the archive lacks, and how well it is kept."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.customers.pages import KEEPS

MANAGES = {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}

PAGES = {
    "customers:gaps": Page(roles=KEEPS | MANAGES),
}
