"""A car goes through the workshop: to whom and where, its stages, the check at the end (SVC-09)."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance
from apps.service.actions.orders import held_order, note_stage, save_order
from apps.service.choices import BY_HAND, LineState, Outcome, Stage
from apps.service.models import Bay, QualityCheck, RepairOrder, RepairWork, Technician

WORKED_ON = (Stage.IN_WORK, Stage.QUALITY_CHECK)


@action
def dispatch(
    order: RepairOrder,
    *,
    technician: Technician | None,
    bay: Bay | None,
    version: int | None,
) -> RepairOrder:
    """Who works on the car, and in which bay 派工. Lines without a technician get this one.

    Refused: a technician or a bay of another store.
    """
    row = held_order(order, version)
    if any(one is not None and one.store_id != row.store_id for one in (technician, bay)):
        raise Refused(_("Choose technician and bay of this store."))
    row.technician, row.bay = technician, bay
    if technician is not None:
        row.work.filter(technician=None).update(technician=technician)
    save_order(row, "technician", "bay")
    return row


@action
def set_stage(
    order: RepairOrder, to: str, *, now: datetime, by: User, version: int | None, note: str = ""
) -> RepairOrder:
    """The car comes to a stage of the workshop; the same stage again changes nothing.

    Refused: work that nobody agreed to or without a technician, the check while work is left,
    ready and handed back (these follow from check, washing and hand-back).
    """
    row = held_order(order, version)
    if to == row.status:
        return row
    if to not in BY_HAND and (row.status, to) != (Stage.WASHING, Stage.READY):
        raise Refused(_("This stage follows from the check and the hand-back."))
    if row.outcome == Outcome.NOT_AGREED:
        raise Refused(_("The customer did not agree: no more work is done."))
    if to == Stage.IN_WORK and row.technician is None:
        raise Refused(_("Choose the technician first."))
    if to == Stage.IN_WORK and row.approved_at is None:
        raise Refused(_("The customer has not agreed yet. Note his answer first."))
    if to == Stage.QUALITY_CHECK:
        _check_all_done(row)
    _go(row, Stage(to), now=now, by=by, note=note)
    save_order(row, "status", "settled_at", "settled_by", "paid_how", "amount")
    return row


def _go(row: RepairOrder, to: Stage, *, now: datetime, by: User, note: str = "") -> None:
    advance(row, to)
    if row.settled_at is not None:  # back to work: what is owed changes
        row.settled_at, row.settled_by, row.paid_how, row.amount = None, None, "", None
    note_stage(row, at=now, by=by, note=note)


def _check_all_done(row: RepairOrder) -> None:
    """Nothing unanswered, and what was approved is done (SVC-09)."""
    open_lines = [one.name for one in row.work.filter(state=LineState.PROPOSED)]
    open_lines += [
        str(one) for one in row.parts.filter(state=LineState.PROPOSED).select_related("part")
    ]
    if open_lines:
        raise Refused(
            _("The customer has not answered to: %(lines)s.") % {"lines": "、".join(open_lines)}
        )
    left = [one.name for one in row.work.filter(state=LineState.APPROVED, done_at=None)]
    if left:
        raise Refused(_("Not done yet: %(lines)s.") % {"lines": "、".join(left)})


@action
def finish_work(
    order: RepairOrder, work: RepairWork, *, now: datetime, version: int | None
) -> RepairOrder:
    """A piece of work is done. Twice: once.

    Refused: work that the customer has not confirmed 维修变更确认, a car that is not in work.
    """
    row = held_order(order, version)
    line = row.work.filter(pk=work.pk).first()
    if line is None or line.state != LineState.APPROVED:
        raise Refused(_("The customer has not confirmed this work: it is not to be done."))
    if line.done_at is not None:
        return row
    if row.status != Stage.IN_WORK:
        raise Refused(_("The car is not in work. Set its stage first."))
    line.done_at, line.technician = now, line.technician or row.technician
    line.save(update_fields=["done_at", "technician"])
    save_order(row)
    return row


@action
def check_quality(
    order: RepairOrder,
    *,
    passed: bool,
    wash: bool,
    findings: str,
    now: datetime,
    by: User,
    version: int | None,
) -> RepairOrder:
    """The check after the work: passed goes on to washing or is ready, failed is rework.

    Refused: a car that is not at the check, failed without saying what is wrong, who did the
    work himself.
    """
    row = held_order(order, version)
    if row.status != Stage.QUALITY_CHECK:
        raise Refused(_("The car is not at the quality check."))
    if not passed and not findings.strip():
        raise Refused(_("Say what is not right, so that it can be put right."))
    if row.work.filter(technician__user=by, done_at__isnull=False).exists():
        raise Refused(_("Who did the work does not check it himself."))
    QualityCheck.objects.create(
        order=row, passed=passed, findings=findings.strip()[:500], at=now, by=by
    )
    to = Stage.IN_WORK if not passed else Stage.WASHING if wash else Stage.READY
    _go(row, to, now=now, by=by, note=findings.strip())
    if passed:
        row.outcome = Outcome.DONE
    save_order(row, "status", "outcome")
    return row


@action
def not_agree(
    order: RepairOrder, *, reason: str, now: datetime, by: User, version: int | None
) -> RepairOrder:
    """The customer does not want the repair (SVC-10): what is not done is declined.

    The car is made as it was, what is owed already is settled, the customer seen off. Refused:
    parts that were issued for work that is not done, a reason missing, too late.
    """
    row = held_order(order, version)
    if not reason.strip():
        raise Refused(_("Say why the customer does not agree."))
    if row.status in (Stage.QUALITY_CHECK, Stage.WASHING, Stage.READY):
        raise Refused(_("The work is done already."))
    if row.parts.filter(issued_at__isnull=False, work__isnull=False, work__done_at=None).exists():
        raise Refused(_("Parts were issued for work that is not done. Take them back first."))
    answer = {"state": LineState.DECLINED, "decided_at": now, "decided_by": by}
    how = row.approved_how or "signed"
    for lines, finished in ((row.work, "done_at"), (row.parts, "issued_at")):
        open_lines = lines.filter(state__in=(LineState.PROPOSED, LineState.APPROVED))
        open_lines.filter(**{finished: None}).update(**answer, decided_how=how)
    row.outcome = Outcome.NOT_AGREED
    _go(row, Stage.READY, now=now, by=by, note=reason.strip())
    save_order(row, "status", "outcome")
    return row
