"""Who may look at the scores."""

from apps.accounts.choices import Role
from tests.access import Page

READERS = {Role.CARE_MANAGER, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
PAGES = {
    "ssi:scores": Page(roles=READERS),
    "ssi:score-rows": Page(roles=READERS),
}
