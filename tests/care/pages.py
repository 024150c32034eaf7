"""Who may open which page of the specialist's work. The lists stand in ``pages_lists``."""

from apps.accounts.choices import Role
from tests.access import Page
from tests.care.calls import make_call
from tests.care.pages_lists import PAGES as LISTS

SPECIALIST = {Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST}
WATCHES = SPECIALIST | {Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}

PAGES = {
    "care:queue": Page(roles=SPECIALIST),
    "care:claim-next": Page("post", SPECIALIST),
    "care:call": Page(roles=WATCHES, make=make_call),
    "care:call-result": Page("post", SPECIALIST, make_call, {"result": "no_answer"}),
    "care:call-booking": Page("post", SPECIALIST, make_call),
    "care:call-give-back": Page("post", SPECIALIST, make_call),
    "care:call-touch": Page("post", SPECIALIST, make_call),
} | LISTS
