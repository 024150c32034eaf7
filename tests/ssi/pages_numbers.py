"""The access table of the numbers of surveys and the official score."""

from datetime import datetime
from decimal import Decimal

from apps.accounts.choices import Role
from apps.ssi.actions.numbers import enter_official
from tests.access import Page
from tests.factories import NOW, make_user
from tests.ssi.pages_survey_models import CHANGES, SEES

SCORES = SEES - {Role.CARE_SPECIALIST, Role.SYSTEM_ADMINISTRATOR}
ENTERS = {Role.CARE_MANAGER, Role.GENERAL_MANAGER}


def a_score(store):
    who = make_user(f"enters{datetime.now().timestamp()}", store, Role.CARE_MANAGER)
    return enter_official(store, 2025, Decimal(700), "年度研究报告", by=who, now=NOW)


PAGES = {
    "ssi:numbers": Page(roles=SEES),
    "ssi:numbers-new": Page(roles=CHANGES),
    "ssi:official": Page(roles=SCORES),
    "ssi:official-new": Page(roles=ENTERS),
    "ssi:official-edit": Page(roles=ENTERS, make=a_score),
}
