"""The store's numbers for surveys, from a day on, and the official score beside (SSI-07)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.ssi.models import OfficialScore, SsiPolicy


@action
def set_numbers(
    store: Store, numbers: dict[str, Any], *, effective_from: date, now: datetime
) -> SsiPolicy:
    """New numbers from a coming day on; the row in force until then stays.

    Refused: a day that has begun (its answers are judged by the old numbers), and a second row
    for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = SsiPolicy.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=numbers
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row


@action
def enter_official(
    store: Store, year: int, score: Decimal, source: str, *, by: User, now: datetime
) -> OfficialScore:
    """The score that the official study gave the store for a year; no figure counts it.

    Refused: a year that has not begun, and one whose score is there (correct it instead).
    """
    if year > timezone.localdate(now).year:
        raise Refused(_("That year has not begun."))
    row, new = OfficialScore.objects.get_or_create(
        store=store, year=year, defaults={"score": score, "source": source, "by": by, "at": now}
    )
    if not new:
        raise Refused(_("The score of that year is there already. Correct it instead."))
    return row


@action
def correct_official(
    row: OfficialScore, score: Decimal, source: str, *, by: User, now: datetime
) -> OfficialScore:
    """Another score or source of the same year; what stood there before stays in the history."""
    row = locked(row)
    if (row.score, row.source) != (score, source):
        row.score, row.source, row.by, row.at = score, source, by, now
        row.save(update_fields=["score", "source", "by", "at"])
    return row
