"""The two 5S checks of a day, what follows from the second at once, and the list (PEN-05)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Department, Store, User
from apps.checklists import actions as checklists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistRun, ChecklistTemplate
from apps.checklists.policy import Point as Written
from apps.checklists.policy import Said
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.core.pictures import Kept
from apps.penalties.actions.detect import detect_clause
from apps.penalties.choices import FIVE_S
from apps.penalties.models import Area, Finding, FiveSPhoto, SheetCopy
from apps.penalties.queries.inspections import FIRST, SECOND, Round, round_of
from apps.ssi.queries.rooms import second_hours

MOST_PHOTOS = 4  # of one point in one check
LEADERS = (Role.CARE_MANAGER, Role.GENERAL_MANAGER)


@dataclass(frozen=True)
class Look:
    """What is said of one point; ``person`` answers for it when it is not in order."""

    item: int
    done: bool
    person: User | None = None
    remark: str = ""
    photos: Sequence[bytes] = field(default_factory=tuple)


@action
def look_around(
    store: Store, kind: ChecklistKind, looks: Sequence[Look], *, by: User, now: datetime
) -> ChecklistRun:
    """Some points of today's first or second check, an area as a rule. Again: what differs is
    changed, photos come to those that are there.

    What the second check finds not put right is proposed at once, and who is concerned gets the
    sheet; what is corrected to *in order* is withdrawn again. Without ``looks`` the second check
    only says that it had nothing to look at.

    Refused: a point that this check does not look at; not in order without a person or without
    remark and photo; too many photos; the second check before its hours, or without a first one;
    the first one when the second has begun.
    """
    on = timezone.localdate(now)
    _one_by_one(store)  # what a check has to look at depends on the other
    check = round_of(store, kind, on)
    _allowed(store, check, looks, now)
    assert check.template is not None
    was_failing = {pk for pk, point in check.points.items() if point.failed}
    said = {look.item: _said(check, look) for look in looks}
    run = checklists.look_at(check.template, kind, said, on=on, by=by, now=now)
    answers = {answer.item_id: answer for answer in run.answers.filter(item__in=said)}
    with Kept() as kept:
        for look in looks:
            answer = answers[look.item]
            if not look.done:
                new = look.item not in was_failing
                _find(answer, look, check, new=new, by=by, now=now)
            for photo in look.photos:
                _keep(kept, answer, photo, by, now)
        if kind == SECOND:
            _follow(store, on, now)
    return run


def _one_by_one(store: Store) -> None:
    """Until the transaction ends; a lock of the store's row would hold up everybody else in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('penalties.fives'), %s)", [store.pk])


def _allowed(store: Store, check: Round, looks: Sequence[Look], now: datetime) -> None:
    if check.template is None:
        raise Refused(_("There is no list yet. Write one first."))
    if check.kind == FIRST:
        if ChecklistRun.objects.filter(store=store, kind=SECOND, on=check.on, subject="").exists():
            raise Refused(_("The second check has begun: the first one stays as it is."))
    else:
        begins, _ends = second_hours(store, check.on)
        if timezone.localtime(now).time() < begins:
            raise Refused(
                _("The second check begins at %(hour)s: until then it can be put right.")
                % {"hour": f"{begins:%H:%M}"}
            )
        if check.first is None:
            raise Refused(_("There was no first check today: nothing to look at again."))
    points = check.points
    for look in looks:
        if look.item not in points:
            raise Refused(_("The list has other points now. Load the page again."))
        _complete(look, points[look.item].answer)


def _complete(look: Look, answer: ChecklistAnswer | None) -> None:
    """Not in order: who, and what; photos within their number."""
    there = answer.photos.count() if answer else 0
    if there + len(look.photos) > MOST_PHOTOS:
        raise Refused(_("At most %(most)s photos of a point.") % {"most": MOST_PHOTOS})
    if look.done:
        return
    if look.person is None:
        raise Refused(_("Name who answers for what is not in order."))
    if not look.remark and not look.photos and not there:
        raise Refused(_("Write or photograph what is not in order."))


def _said(check: Round, look: Look) -> Said:
    """A point with a number is in order when that number is there."""
    wanted = check.points[look.item].item.quantity
    return Said(look.done, wanted if look.done else None, look.remark)


def _find(
    answer: ChecklistAnswer, look: Look, check: Round, *, new: bool, by: User, now: datetime
) -> None:
    """``new``: it was in order, or not looked at, before; then it is found now."""
    spot = check.kind == SECOND and check.points[look.item].spot
    facts = {"person": look.person, "spot": spot} | ({"at": now, "by": by} if new else {})
    Finding.objects.update_or_create(
        answer=answer,
        defaults=facts,
        create_defaults=facts | {"store_id": answer.store_id, "at": now, "by": by},
    )


def _keep(kept: Kept, answer: ChecklistAnswer, photo: bytes, by: User, now: datetime) -> None:
    FiveSPhoto.objects.create(
        store_id=answer.store_id, answer=answer, stored=kept.add(photo), by=by, at=now
    )


def _follow(store: Store, on: date, now: datetime) -> None:
    """The proposals of the day and the copies of its sheet, as the second check stands now."""
    for clause in FIVE_S:
        detect_clause(clause, [store.pk], first=on, last=on, now=now)
    found = Finding.objects.filter(
        store=store, answer__run__kind=SECOND, answer__run__on=on, answer__done=False
    )
    concerned = list(found.select_related("person__department"))
    if not concerned:
        return
    people = {finding.person_id for finding in concerned}
    people |= {
        finding.person.department.manager_id
        for finding in concerned
        if finding.person.department and finding.person.department.manager_id
    }
    leaders = User.objects.filter(store=store, is_active=True, roles__overlap=list(LEADERS))
    people |= set(leaders.values_list("pk", flat=True))
    SheetCopy.objects.bulk_create(
        (SheetCopy(store=store, on=on, person_id=person, sent_at=now) for person in sorted(people)),
        ignore_conflicts=True,
    )


@action
def read_sheet(copy: SheetCopy, *, now: datetime) -> SheetCopy:
    """The person has seen the sheet. Twice: the first time counts."""
    copy = locked(copy)
    if copy.read_at is None:
        copy.read_at = now
        copy.save(update_fields=["read_at"])
    return copy


@dataclass(frozen=True)
class Block:
    """An area as its manager writes it."""

    name: str
    department: Department
    person: User | None
    points: Sequence[Written]


@action
def set_areas(
    store: Store, blocks: Sequence[Block], *, effective_from: date, now: datetime
) -> ChecklistTemplate:
    """Other areas and points from a coming day on; what was gone through keeps its own.

    Refused: a day that has begun, a second list for one day, two areas of one name.
    """
    if len({block.name for block in blocks}) < len(blocks):
        raise Refused(_("An area stands there twice."))
    points = [
        replace(point, text=f"{block.name}：{point.text}")
        for block in blocks
        for point in block.points
    ]
    template = checklists.set_points(store, FIRST, points, effective_from=effective_from, now=now)
    _add_areas(template, blocks)
    return template


def _add_areas(template: ChecklistTemplate, blocks: Sequence[Block]) -> None:
    Area.objects.bulk_create(
        Area(
            store_id=template.store_id,
            template=template,
            place=place,
            name=block.name,
            department=block.department,
            person=block.person,
        )
        for place, block in enumerate(blocks, 1)
    )
