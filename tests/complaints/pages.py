"""Who may look at quick responses, and take which step (SSI-04)."""

from apps.accounts.choices import Role
from apps.complaints.actions import open_response
from apps.complaints.choices import Origin
from apps.complaints.models import QuickResponse
from tests.access import Page
from tests.factories import NOW, make_customer, make_user

CARE = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
SALES = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
SERVICE = {Role.SERVICE_ADVISOR, Role.SERVICE_SUPERVISOR, Role.SERVICE_MANAGER}
OVERSEE = {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
SEES = CARE | SALES | SERVICE | OVERSEE
SEES_SALES = CARE | SALES | OVERSEE
TAKES_SALES = CARE | SALES | {Role.GENERAL_MANAGER}


def a_response(store, department="sales", status="approve", text="交车等了两个小时"):
    """A matter of a customer, at a step."""
    row = open_response(
        make_customer(store),
        origin=Origin.COMPLAINT,
        department=department,
        text=text,
        by=None,
        now=NOW,
        questions={"按约定的时间交车": 3},
    )
    if status == "dropped":
        QuickResponse.objects.filter(pk=row.pk).update(status=status, ended_at=NOW, due_at=None)
    elif status != "approve":
        boss = make_user(f"boss{row.pk}", store, f"{department}_manager")
        QuickResponse.objects.filter(pk=row.pk).update(status=status, approved_by=boss)
    row.refresh_from_db()
    return row


def at(status):
    return lambda store: a_response(store, status=status)


def step(status, **data):
    return Page("post", roles=TAKES_SALES, make=at(status), data=data)


PAGES = {
    "complaints:board": Page(roles=SEES),
    "complaints:response-list": Page(roles=SEES),
    "ssi:behind": Page(roles=SEES_SALES, make=a_response),
    "complaints:causes": Page(roles=SEES),
    "complaints:numbers": Page(roles=SEES | {Role.SYSTEM_ADMINISTRATOR}),
    "complaints:numbers-new": Page(roles={Role.CARE_MANAGER, Role.SYSTEM_ADMINISTRATOR}),
    "complaints:response": Page(roles=SEES_SALES, make=a_response),
    "complaints:response-sheet": Page(roles=SEES_SALES, make=a_response),
    "complaints:response-new": Page(roles=CARE, make=make_customer),
    "complaints:response-approve": step("approve"),
    "complaints:response-send-back": step("approve", text="写明是哪位顾问"),
    "complaints:response-mend": step("mend", text="等了两个小时"),
    "complaints:response-drop": step("mend", text="写错了"),
    "complaints:response-accept": step("handle"),
    "complaints:response-handle": step("handle", root_cause="time", measure="致歉"),
    "complaints:response-ask-again": step("contact", satisfied="no"),
    "complaints:response-close": step("close"),
}
