"""Lists are set for a day on, and gone through."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.checklists import policy
from apps.checklists.models import (
    ChecklistAnswer,
    ChecklistItem,
    ChecklistRun,
    ChecklistTemplate,
)
from apps.checklists.queries import in_force
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked

FROM_THE_START = date(2000, 1, 1)


@action
def add_default(store: Store, kind: str, points: Sequence[policy.Point]) -> ChecklistTemplate:
    """The list that a new store starts with; one that has a list of this kind keeps it."""
    first = ChecklistTemplate.objects.filter(store=store, kind=kind).order_by("pk").first()
    return first or _written(store, kind, points, FROM_THE_START)


@action
def set_points(
    store: Store,
    kind: str,
    points: Sequence[policy.Point],
    *,
    effective_from: date,
    now: datetime,
) -> ChecklistTemplate:
    """Other points from a coming day on; what was gone through keeps its own.

    Refused: a day that has begun, and a second list for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    there = ChecklistTemplate.objects.filter(store=store, kind=kind, effective_from=effective_from)
    if there.exists():
        raise Refused(_("There is a list from that day already. Choose another day."))
    return _written(store, kind, points, effective_from)


def _written(
    store: Store, kind: str, points: Sequence[policy.Point], effective_from: date
) -> ChecklistTemplate:
    template = ChecklistTemplate.objects.create(
        store=store, kind=kind, effective_from=effective_from
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            template=template,
            place=place,
            text=point.text,
            quantity=point.quantity,
            each=point.each,
        )
        for place, point in enumerate(points, 1)
    )
    return template


@action
def go_through(
    store: Store,
    kind: str,
    said: Mapping[int, policy.Said],
    *,
    on: date,
    people: int,
    by: User,
    now: datetime,
    subject: str = "",
) -> ChecklistRun:
    """Keep what is said of each point (item → said), with who and when. Again: what differs is
    changed, and the history keeps what was said before.

    Refused: another day than today, a day without a list, and a list that is signed. A point
    nobody speaks of is missing.
    """
    if on != timezone.localdate(now):
        raise Refused(_("A list can only be gone through on its day."))
    template = in_force(store, kind, on)
    if template is None:
        raise Refused(_("There is no list yet. Write one first."))
    rows: QuerySet[ChecklistRun] = ChecklistRun.objects.select_for_update()
    run, _new = rows.get_or_create(
        store=store,
        kind=kind,
        on=on,
        subject=subject,
        defaults={"template": template, "by": by, "at": now},
    )
    if run.sealed_at is not None:
        raise Refused(_("The list is signed: nothing in it changes any more."))
    items = list(run.template.items.all())
    run.by, run.at, run.people = by, now, people
    run.missing = policy.missing((item.point.wanted(people), said.get(item.pk)) for item in items)
    run.save(update_fields=["by", "at", "people", "missing"])
    _keep(run, items, said)
    return run


@action
def look_at(
    template: ChecklistTemplate,
    kind: str,
    said: Mapping[int, policy.Said],
    *,
    on: date,
    by: User,
    now: datetime,
) -> ChecklistRun:
    """A part of a list is gone through: what is said of its points is kept in the day's run of
    ``kind``, and what was said of the others before stays. Missing is then what was looked at and
    is not in order; nobody is on duty for points that count for each.

    Refused: another day than today, a list that is signed, and a point of another list.
    """
    if on != timezone.localdate(now):
        raise Refused(_("A list can only be gone through on its day."))
    rows: QuerySet[ChecklistRun] = ChecklistRun.objects.select_for_update()
    run, _new = rows.get_or_create(
        store_id=template.store_id,
        kind=kind,
        on=on,
        subject="",
        defaults={"template": template, "by": by, "at": now},
    )
    if run.sealed_at is not None:
        raise Refused(_("The list is signed: nothing in it changes any more."))
    items = list(run.template.items.filter(pk__in=said))
    if len(items) != len(said):
        raise Refused(_("The list has other points now. Load the page again."))
    _keep(run, items, said)
    run.by, run.at, run.missing = by, now, _not_in_order(run)
    run.save(update_fields=["by", "at", "missing"])
    return run


@action
def seal(run: ChecklistRun, *, now: datetime) -> ChecklistRun:
    """The list is signed with what was said in it; nothing in it changes any more.

    Refused: a list with a point that is missing. Twice: the first counts.
    """
    run = locked(run)
    if run.missing:
        raise Refused(
            _("%(list)s: points are missing (%(missing)s). Nothing unfinished is signed.")
            % {"list": run.get_kind_display(), "missing": run.missing}
        )
    if run.sealed_at is None:
        run.sealed_at = now
        run.save(update_fields=["sealed_at"])
    return run


def _not_in_order(run: ChecklistRun) -> int:
    answers = run.answers.select_related("item").order_by()
    return policy.missing(
        (answer.item.point.wanted(0), policy.Said(answer.done, answer.quantity))
        for answer in answers
    )


def _keep(
    run: ChecklistRun, items: Sequence[ChecklistItem], said: Mapping[int, policy.Said]
) -> None:
    """The answers of all points; what did not change is not written."""
    there = {answer.item_id: answer for answer in run.answers.all()}
    new, changed = [], []
    for item in items:
        told = said.get(item.pk) or policy.Said(done=False)
        facts = {"done": told.done, "quantity": told.quantity, "remark": told.remark}
        row = there.get(item.pk)
        if row is None:
            new.append(ChecklistAnswer(store_id=run.store_id, run=run, item=item, **facts))
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            changed.append(row)
    ChecklistAnswer.objects.bulk_create(new)
    ChecklistAnswer.objects.bulk_update(changed, ["done", "quantity", "remark"])
