"""The month is closed: what was issued becomes lines that never change (PEN-09)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.dates import month_end
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.penalties.choices import EntryKind, PenaltyStatus
from apps.penalties.models import Correction, MonthSheet, Penalty, SheetEntry
from apps.penalties.policy import entry_amount


@action
def close_month(store: Store, month: date, *, by: User, now: datetime) -> MonthSheet:
    """Everything issued up to the month's end that stands on no sheet yet becomes its lines, and
    so do the corrections that wait. What is not issued by then comes with the next month.

    Refused before the month is over, a second time, and out of order.
    """
    store = locked(store)
    if timezone.localdate(now) <= month_end(month):
        raise Refused(_("The month is not over yet."))
    last = MonthSheet.objects.filter(store=store).first()
    if last is not None and last.month >= month:
        raise Refused(_("This month, or a later one, is closed already."))
    sheet = MonthSheet.objects.create(store=store, month=month, closed_by=by)
    rows = Penalty.objects.filter(
        store=store,
        status=PenaltyStatus.ISSUED,
        entries=None,
        event_on__lte=month_end(month),
        amount__gt=0,
    ).select_for_update(of=("self",))
    SheetEntry.objects.bulk_create(
        _line(sheet, row, _sign_of(row, row.amount), row.get_clause_display())
        for row in rows.order_by("person", "event_on", "pk")
    )
    for correction in _waiting(store):
        _take_in(sheet, correction)
    sheet.sealed_at = now
    sheet.save(update_fields=["sealed_at"])
    return sheet


@action
def correct(
    penalty: Penalty, *, amount: Decimal, reason: str, by: User, now: datetime
) -> Correction:
    """A line of a closed month was wrong: the next sheet takes the difference.

    ``amount``: what it should have come to, in CNY, 0 or more. Said again before the next sheet
    it replaces what waits. Refused on one's own, without a reason, for what stands on no sheet.
    """
    penalty = locked(penalty)
    if penalty.person_id == by.pk:
        raise Refused(_("Nobody corrects his own."))
    if not reason.strip():
        raise Refused(_("Write down why it is corrected."))
    if not SheetEntry.objects.filter(penalty=penalty).exists():
        raise Refused(_("It stands on no closed month: decide it anew instead."))
    correction, _new = Correction.objects.update_or_create(
        penalty=penalty,
        entry=None,
        defaults={
            **{"store_id": penalty.store_id, "amount": amount, "reason": reason.strip()[:300]},
            **{"by": by, "at": now},
        },
    )
    return correction


def _waiting(store: Store) -> Any:
    """Held: one that somebody says anew at this moment is taken in as he says it, or comes with
    the next month."""
    rows = Correction.objects.filter(store=store, entry=None).order_by("pk")
    return rows.select_related("penalty").select_for_update(of=("self",))


def _take_in(sheet: MonthSheet, correction: Correction) -> None:
    penalty = correction.penalty
    stands = SheetEntry.objects.filter(penalty=penalty).aggregate(sum=Sum("amount"))["sum"]
    difference = _sign_of(penalty, correction.amount) - stands
    line = _line(sheet, penalty, difference, correction.reason)
    line.kind = EntryKind.CORRECTION
    line.save()
    correction.entry = line
    correction.save(update_fields=["entry"])


def _sign_of(penalty: Penalty, amount: Decimal) -> Decimal:
    return entry_amount(amount, is_reward=penalty.is_reward)


def _line(sheet: MonthSheet, penalty: Penalty, amount: Decimal, text: str) -> SheetEntry:
    return SheetEntry(
        store_id=sheet.store_id,
        sheet=sheet,
        kind=EntryKind.REWARD if penalty.is_reward else EntryKind.PENALTY,
        person_id=penalty.person_id,
        department_id=penalty.department_id,
        penalty=penalty,
        amount=amount,
        text=text,
    )
