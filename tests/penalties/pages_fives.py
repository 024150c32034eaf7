"""Who may make the 5S checks, open their sheets and read the weak points (PEN-05)."""

from uuid import uuid4

from django.utils import timezone

from apps.accounts.choices import Role
from apps.checklists.actions import look_at
from apps.checklists.models import ChecklistAnswer, ChecklistTemplate
from apps.checklists.policy import Said
from apps.penalties.models import Finding, FiveSPhoto
from apps.penalties.queries.inspections import FIRST
from tests.access import Page
from tests.factories import make_user

CARE = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
CHECKS = CARE | {Role.SALES_MANAGER}
WHOLE = CHECKS | {Role.GENERAL_MANAGER, Role.ADMINISTRATION}
READS = CHECKS | {Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}


def first_check(store):
    return (FIRST.value,)


def first_area(store):
    return (FIRST.value, 1)


def a_day(store):
    return ("2026-10-10",)


def a_photo(store):
    """There is a row and no file."""
    now = timezone.now()
    by = make_user(f"by{FiveSPhoto.objects.count()}", store)
    template = ChecklistTemplate.objects.get(store=store, kind=FIRST)
    item = template.items.first()
    said = {item.pk: Said(done=False, remark="脏")}
    run = look_at(template, FIRST, said, on=timezone.localdate(now), by=by, now=now)
    answer = ChecklistAnswer.objects.get(run=run, item=item)
    Finding.objects.get_or_create(
        answer=answer, defaults={"store": store, "person": by, "at": now, "by": by}
    )
    photo = FiveSPhoto.objects.create(store=store, answer=answer, stored=uuid4(), by=by, at=now)
    return (str(photo.stored),)


PAGES = {
    "penalties:fives-check": Page(roles=CHECKS, make=first_check, scoped=False),
    "penalties:fives-area": Page(roles=CHECKS, make=first_area, scoped=False),
    "penalties:fives-areas": Page(roles={Role.CARE_MANAGER, Role.SYSTEM_ADMINISTRATOR}),
    "penalties:fives-weak": Page(roles=READS),
    "penalties:fives-rows": Page(roles=READS),
    "penalties:fives-copies": Page(),
    "penalties:fives-sheet": Page(roles=WHOLE, make=a_day, scoped=False),
    "penalties:fives-read": Page("post", make=a_day, scoped=False, missing=True),
    "penalties:fives-photo": Page(roles=WHOLE, make=a_photo, missing=True),
}
