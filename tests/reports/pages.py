"""Who may open the month reports, and who may take which step."""

from datetime import date

from apps.accounts.choices import Role
from apps.reports.models import MonthlyReport, ReportAction
from tests.access import Page
from tests.factories import NOW

DEPARTMENTS = {Role.SALES_MANAGER, Role.SERVICE_MANAGER}
SEES = DEPARTMENTS | {
    Role.CARE_SPECIALIST,
    Role.CARE_MANAGER,
    Role.GENERAL_MANAGER,
    Role.GROUP_MANAGER,
}
MANAGES = SEES - {Role.CARE_SPECIALIST}
SUBMITS = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
REVIEWS = {Role.CARE_MANAGER}
DECIDES = {Role.GENERAL_MANAGER}
SETS = {Role.CARE_MANAGER, Role.GENERAL_MANAGER}


def a_report(store):
    row, _new = MonthlyReport.objects.get_or_create(
        store=store, month=date(2026, 10, 1), defaults={"written_at": NOW}
    )
    return row


def of_a_figure(store):
    return a_report(store).pk, "loans"


def an_action(store):
    report = a_report(store)
    row, _new = ReportAction.objects.get_or_create(
        store=store, report=report, figure="loans", defaults={"cause": "x", "action": "y"}
    )
    return row


PAGES = {
    "reports:list": Page(roles=SEES),
    "reports:report": Page(roles=SEES, make=a_report),
    "reports:count": Page("post", SUBMITS, a_report),
    "reports:submit": Page("post", SUBMITS, a_report),
    "reports:review": Page(roles=REVIEWS, make=a_report),
    "reports:approve": Page("post", DECIDES, a_report),
    "reports:send-back": Page(roles=DECIDES, make=a_report),
    "reports:action": Page(roles=SUBMITS, make=of_a_figure),
    "reports:outcome": Page(roles=SUBMITS, make=an_action),
    "reports:rows": Page(roles=SEES, missing=True),
    "reports:board": Page(roles=MANAGES),
    "reports:board-part": Page(roles=MANAGES, missing=True),
    "reports:board-store": Page(roles=MANAGES, missing=True),
    "reports:five": Page(roles=DECIDES),
    "reports:targets": Page(roles=SEES),
    "reports:target-new": Page(roles=SETS),
    "reports:targets-new": Page(roles=SETS),
}
