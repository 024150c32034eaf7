"""Quotations: written, explained, approved, chosen (REC-07).

Every change holds the quotation's row and checks the version that was looked at: a manager never
approves what he has not seen.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.quotation import TYPED, Approval, LineKind, QuotationStatus
from apps.reception.models import Opportunity, Quotation, QuotationLine
from apps.reception.policy import quotation as policy
from apps.reception.queries.numbers import numbers_of
from apps.reception.queries.quotations import Reckoned, Scheme, reckon

MOST_SCHEMES = 20  # of one opportunity
MANAGES = "reception.approve_sales"


@action
def make_quotation(
    opportunity: Opportunity, scheme: Scheme, *, now: datetime, by: User
) -> Quotation:
    """One more scheme for this purchase (REC-07). Twice is two schemes.

    Refused: a purchase that is closed, a configuration of another store or without a price,
    figures that cannot be, more given away than anybody may; over the writer's limit without
    a reason. Over the limit it waits for a sales manager.
    """
    opportunity = _held(opportunity)
    last = opportunity.quotations.aggregate(last=Max("place"))["last"] or 0
    if last >= MOST_SCHEMES:
        raise Refused(_("There are %(most)s schemes already.") % {"most": MOST_SCHEMES})
    row = Quotation(
        store=opportunity.store, opportunity=opportunity, place=last + 1, made_at=now, made_by=by
    )
    return _write(row, scheme, before=None, now=now, by=by)


@action
def change_quotation(
    quotation: Quotation, scheme: Scheme, *, version: int, now: datetime, by: User
) -> Quotation:
    """Write it anew with the prices and rates of today (REC-07). Refused as ``make_quotation``,
    and when it is chosen or withdrawn, or was changed meanwhile.

    What was approved stays approved while the car is the same and no more is given. A line that
    says the same as before stays explained.
    """
    row = _open(quotation, version)
    before = Quotation(
        guide_amount=row.guide_amount, given_amount=row.given_amount, approval=row.approval
    )
    row.version += 1
    return _write(row, scheme, before=before, now=now, by=by)


def _held(opportunity: Opportunity) -> Opportunity:
    row = locked(opportunity)
    if row.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    return row


def _open(quotation: Quotation, version: int | None) -> Quotation:
    _held(quotation.opportunity)
    row = locked(quotation)
    if version is not None and row.version != version:
        raise Refused(_("Somebody changed the quotation meanwhile. Look at it again."))
    if row.status != QuotationStatus.OPEN:
        raise Refused(
            _("The quotation is %(status)s: it cannot be changed.")
            % {"status": row.get_status_display()}
        )
    return row


def _write(
    row: Quotation, scheme: Scheme, *, before: Quotation | None, now: datetime, by: User
) -> Quotation:
    today = timezone.localdate(now)
    if scheme.trim.store_id != row.store_id:
        raise Refused(_("Choose a configuration of this store."))
    if scheme.valid_until < today:
        raise Refused(_("A quotation holds until today at least."))
    if any(line.kind not in TYPED for line in scheme.lines):
        raise Refused(_("Price, tax and interest are worked out, not typed."))
    found = reckon(row.store, scheme, today)
    _fill(row, scheme, found)
    _ask(row, before, scheme.reason, now=now, by=by)
    row.save()
    _write_lines(row, _lines(scheme, found))
    return row


def _fill(row: Quotation, scheme: Scheme, found: Reckoned) -> None:
    for name in ("trim", "valid_until", "name", "colour", "remark"):
        setattr(row, name, getattr(scheme, name))
    figures, loan = found.figures, found.figures.loan
    row.energy, row.guide_amount, row.invoice_amount = found.energy, found.guide, figures.invoice
    row.tax_base_amount, row.tax_relief_amount = figures.tax.base, figures.tax.relief
    row.given_amount, row.total_amount = figures.given, figures.total
    row.loan_product = scheme.loan
    row.annual_percent = scheme.loan.annual_percent if scheme.loan else None
    row.months = loan.months if loan else None
    row.down_percent = scheme.down_percent if loan else None
    row.loan_amount = loan.principal if loan else None
    row.monthly_amount = loan.monthly if loan else None
    row.last_amount = loan.last if loan else None


def _ask(row: Quotation, before: Quotation | None, reason: str, *, now: datetime, by: User) -> None:
    """Whether the discount is within the limit of who writes it (REC-07)."""
    numbers = numbers_of(row.store, timezone.localdate(now))
    most = numbers.manager_discount_percent
    own = most if by.has_perm(MANAGES) else numbers.consultant_discount_percent
    try:
        need = policy.standing(row.given_amount, row.guide_amount, own, most)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    row.reason = reason
    if need == Approval.NOT_NEEDED:
        _settle(row, Approval.NOT_NEEDED)
    elif not _covered(row, before):
        if not reason.strip():
            raise Refused(
                _("More than %(percent)s per cent: say why, for the sales manager.")
                % {"percent": own}
            )
        _settle(row, Approval.WAITING, asked_by=by, asked_at=now)


def _covered(row: Quotation, before: Quotation | None) -> bool:
    return (
        before is not None
        and before.is_settled
        and before.guide_amount == row.guide_amount
        and row.given_amount <= before.given_amount
    )


def _settle(row: Quotation, approval: Approval, **asked: Any) -> None:
    row.approval, row.decision = approval, ""
    row.decided_by = row.decided_at = None
    row.asked_by, row.asked_at = asked.get("asked_by"), asked.get("asked_at")


def _lines(scheme: Scheme, found: Reckoned) -> list[policy.Line]:
    figures = found.figures
    lines = [
        policy.Line(LineKind.CAR, str(scheme.trim), found.guide),
        *scheme.lines,
        policy.Line(LineKind.TAX, "", figures.tax.due),
    ]
    if figures.loan:
        lines.append(policy.Line(LineKind.INTEREST, str(scheme.loan), figures.loan.interest))
    order = {kind: n for n, kind in enumerate(LineKind)}
    return sorted(lines, key=lambda line: order[LineKind(line.kind)])


def _write_lines(row: Quotation, lines: list[policy.Line]) -> None:
    """In the place of those that were there; one that says the same stays explained."""
    said: dict[policy.Line, list[QuotationLine]] = {}
    for one in row.lines.order_by("place"):
        key = policy.Line(one.kind, one.name, one.amount, one.remark)
        said.setdefault(key, []).append(one)
    row.lines.all().delete()
    kept = [said[line].pop(0) if said.get(line) else None for line in lines]
    QuotationLine.objects.bulk_create(
        QuotationLine(
            quotation=row,
            place=place,
            **line._asdict(),
            explained_at=old.explained_at if old else None,
            explained_by_id=old.explained_by_id if old else None,
        )
        for place, (line, old) in enumerate(zip(lines, kept, strict=True), 1)
    )


@action
def explain_lines(
    quotation: Quotation, explained: Collection[int], *, version: int, now: datetime, by: User
) -> Quotation:
    """These lines are explained to the customer, the others are not (REC-07). Who explained a
    line first stays with it. Refused: lines that are not on it, a closed quotation."""
    row = _open(quotation, version)
    lines = {line.pk: line for line in row.lines.all()}
    if not set(explained) <= set(lines):
        raise Refused(_("This line is not on the quotation any more. Look at it again."))
    for pk, line in lines.items():
        if (pk in explained) != (line.explained_at is not None):
            line.explained_at = now if pk in explained else None
            line.explained_by = by if pk in explained else None
            line.save(update_fields=["explained_at", "explained_by"])
    return row


@action
def decide_discount(
    quotation: Quotation, *, approved: bool, words: str, version: int, now: datetime, by: User
) -> Quotation:
    """The sales manager agrees to a discount over the limit, or does not (REC-07).

    Refused: one's own request, one that is decided or was changed meanwhile, more than a manager
    may give today, no without words.
    """
    row = _open(quotation, version)
    if row.approval != Approval.WAITING:
        raise Refused(_("This discount does not wait for approval."))
    if by.pk == row.asked_by_id:
        raise Refused(_("Nobody approves what he asked for himself."))
    if not approved and not words.strip():
        raise Refused(_("Say why not, so that the consultant can offer something else."))
    if approved:
        most = numbers_of(row.store, timezone.localdate(now)).manager_discount_percent
        try:
            policy.standing(row.given_amount, row.guide_amount, most, most)
        except ValueError as wrong:
            raise Refused(str(wrong)) from None
    row.approval = Approval.APPROVED if approved else Approval.SENT_BACK
    row.decided_by, row.decided_at, row.decision = by, now, words.strip()
    row.version += 1
    row.save(update_fields=["approval", "decided_by", "decided_at", "decision", "version"])
    return row


@action
def accept(quotation: Quotation, *, version: int, now: datetime, by: User) -> Quotation:
    """The customer chooses this scheme; one chosen before is open again (REC-07). An order is
    made from it. Chosen twice is chosen.

    Refused: a discount that waits, a quotation that holds no more, lines nobody explained.
    """
    opportunity = _held(quotation.opportunity)
    row = locked(quotation)
    if row.status == QuotationStatus.ACCEPTED:
        return row
    row = _open(row, version)
    check_acceptable(row, now)
    for other in opportunity.quotations.filter(status=QuotationStatus.ACCEPTED):
        _move(other, QuotationStatus.OPEN, accepted_at=None)
    _move(row, QuotationStatus.ACCEPTED, accepted_at=now)
    return row


def check_acceptable(row: Quotation, now: datetime) -> None:
    """Refuse what the customer cannot choose."""
    if not row.is_settled:
        raise Refused(_("The discount is not approved: the customer cannot choose it yet."))
    if row.valid_until < timezone.localdate(now):
        raise Refused(_("The quotation holds no more. Write it anew with today's prices."))
    if left := [str(line) for line in row.lines.filter(explained_at=None)]:
        raise Refused(_("Explain these lines first: %(lines)s.") % {"lines": "、".join(left)})


def _move(row: Quotation, to: QuotationStatus, **facts: Any) -> None:
    advance(row, to)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=["status", "version", *facts])


@action
def withdraw(quotation: Quotation, *, version: int, by: User) -> Quotation:
    """It is not offered any more, and stays to be read. Refused: withdrawn already, ordered."""
    _held(quotation.opportunity)
    row = locked(quotation)
    if row.version != version:
        raise Refused(_("Somebody changed the quotation meanwhile. Look at it again."))
    _move(row, QuotationStatus.WITHDRAWN, accepted_at=None)
    return row
