"""The access table of requests about personal data (SEC-02)."""

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.customers.actions import take_request
from tests.access import Page
from tests.customers.pages import KEEPS
from tests.factories import NOW, TODAY, make_customer, make_user

SETTLES = {Role.CARE_MANAGER, Role.GENERAL_MANAGER}
ASKED = {"kind": "access", "how": "phone", "asked_on": "2026-11-20", "text": ""}


def a_request(store, kind="access"):
    name = f"taker_of_{store.code}"
    by = User.objects.filter(username=name).first()
    by = by or make_user(name, store, Role.CARE_SPECIALIST)
    said = {"how": "phone", "text": "姓名写错了", "asked_on": TODAY}
    return take_request(make_customer(store), kind=kind, **said, by=by, now=NOW)


PAGES = {
    "desk:request-list": Page(roles=KEEPS | SETTLES),
    "desk:request": Page(roles=KEEPS | SETTLES, make=a_request),
    "desk:request-new": Page(roles=KEEPS | SETTLES, make=make_customer),
    "desk:privacy": Page(roles=SETTLES),
    "desk:privacy-new": Page(roles=SETTLES),
    "desk:consent-text-new": Page(roles=SETTLES),
    "desk:request-settle": Page("post", roles=SETTLES, make=a_request),
    "desk:request-data": Page("post", roles=SETTLES, make=a_request),
    "desk:request-erase": Page("post", roles=SETTLES, make=a_request),
}
