"""Who keeps an eye on who looked, changed and signed in."""

from apps.accounts.choices import Role
from tests.access import Page

AUDITS = {Role.GENERAL_MANAGER, Role.SYSTEM_ADMINISTRATOR}

PAGES = {
    "desk:audit-looks": Page(roles=AUDITS),
    "desk:audit-opened": Page(roles=AUDITS),
    "desk:audit-changes": Page(roles=AUDITS),
    "desk:audit-sign-ins": Page(roles=AUDITS),
}
