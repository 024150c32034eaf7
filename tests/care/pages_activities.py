"""Who may open the pages of the care activities."""

from datetime import date

from apps.accounts.choices import Role
from apps.care.actions.activities import add_photos
from apps.care.models import Activity
from tests.access import Page
from tests.care.events import make_activity, make_participant
from tests.factories import NOW

RUNS = {Role.CARE_MANAGER}
KEEPS = RUNS | {Role.CARE_SPECIALIST}
SEES = KEEPS | {Role.GENERAL_MANAGER, Role.GROUP_MANAGER, Role.SALES_MANAGER, Role.SERVICE_MANAGER}


def a_photo(store):
    row = make_activity(store)
    Activity.objects.filter(pk=row.pk).update(on=date(2026, 11, 20))
    [photo] = add_photos(row, [b"a picture"], by=row.made_by, now=NOW)
    return row.pk, photo.stored


PAGES = {
    "care:activity-list": Page(roles=SEES),
    "care:activity": Page(roles=SEES, make=make_activity),
    "care:activity-picture": Page(roles=SEES, make=a_photo),
    "care:activity-new": Page(roles=RUNS),
    "care:activity-edit": Page(roles=RUNS, make=make_activity),
    "care:activity-cancel": Page(roles=RUNS, make=make_activity),
    "care:activity-evaluate": Page(roles=RUNS, make=make_activity),
    "care:activity-hold": Page("post", RUNS, make_activity),
    "care:activity-invite": Page(roles=RUNS, make=make_activity),
    "care:activity-message": Page("post", RUNS, make_activity),
    "care:activity-photos": Page("post", KEEPS, make_activity),
    "care:activity-photo-remove": Page("post", RUNS, a_photo),
    "care:participant-list": Page(roles=SEES, missing=True),
    "care:participant-new": Page("post", KEEPS, make_activity),
    "care:participant-attend": Page("post", KEEPS, make_participant),
    "care:participant-decline": Page("post", KEEPS, make_participant),
}
