"""Who may open the pages of the workshop's capacity."""

from datetime import timedelta
from itertools import count

from apps.accounts.choices import Role
from apps.service.models import BayClosure, ServiceDay
from tests.access import Page
from tests.factories import TODAY
from tests.service import workshop
from tests.service.pages import SEES

MANAGES = {Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.SYSTEM_ADMINISTRATOR}
NUMBERS = count(1)


def make_bay(store):
    return workshop.make_bay(store, f"c{next(NUMBERS)}")


def make_technician(store):
    return workshop.make_technician(store, f"c{next(NUMBERS)}")


def make_closure(store):
    return BayClosure.objects.create(store=store, bay=make_bay(store), on=TODAY, reason="检修")


def make_day(store):
    return ServiceDay.objects.create(store=store, on=TODAY - timedelta(days=1000 + next(NUMBERS)))


PAGES = {
    "service:capacity": Page(roles=MANAGES),
    "service:capacity-new": Page(roles=MANAGES),
    "service:load": Page(roles=SEES),
    "service:stranded-list": Page(roles=SEES),
    "service:bay-new": Page(roles=MANAGES),
    "service:bay-edit": Page(roles=MANAGES, make=make_bay),
    "service:technician-new": Page(roles=MANAGES),
    "service:technician-edit": Page(roles=MANAGES, make=make_technician),
    "service:closure-new": Page(roles=MANAGES),
    "service:closure-end": Page("post", MANAGES, make_closure),
    "service:day-new": Page(roles=MANAGES),
    "service:day-edit": Page(roles=MANAGES, make=make_day),
    "service:day-usual": Page("post", MANAGES, make_day),
}
