"""Who may open the pages of the waiting list."""

from datetime import timedelta

from apps.accounts.choices import Role
from apps.service import policy
from apps.service.actions.waiting import wait
from tests.access import Page
from tests.factories import NOW, TODAY, make_user, make_vehicle
from tests.service.pages import BOOKS, NUMBERS, SEES


def make_waiting(store):
    by = make_user(f"waits-{next(NUMBERS)}-{store.code}", store, Role.SERVICE_ADVISOR)
    days = {"wanted_from": TODAY, "wanted_until": TODAY + timedelta(days=1)}
    return wait(make_vehicle(store), policy.Job(60, "general"), **days, remark="", by=by, now=NOW)


PAGES = {
    "service:waiting-list": Page(roles=SEES),
    "service:waiting-new": Page(roles=BOOKS, make=make_vehicle),
    "service:waiting-leave": Page(roles=BOOKS, make=make_waiting),
}
