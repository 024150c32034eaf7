"""Who may open the specialist's day (SSI-06)."""

from apps.accounts.choices import Role
from tests.access import Page

PAGES = {"ssi:day": Page(roles={Role.CARE_SPECIALIST, Role.CARE_MANAGER})}
