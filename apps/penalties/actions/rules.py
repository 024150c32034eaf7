"""Rules and numbers from a coming day on, and who answers for a month's greetings (PEN-03, 06)."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.dates import month_end
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.penalties.choices import Clause
from apps.penalties.models import GreetingDuty, PenaltyPolicy, Rule
from apps.penalties.policy import REWARDS


@action
def set_rule(
    store: Store, clause: Clause, values: dict[str, Any], *, from_day: date, by: User, now: datetime
) -> Rule:
    """The clause as it holds from a coming day on; what held until then stays as it was.

    Refused: a day that has begun (its facts are judged by the old rule), a second rule of the
    clause for one day, and a reward in use that gives nothing.
    """
    _not_begun(from_day, now)
    if clause in REWARDS and values["is_on"] and not values["high_amount"]:
        raise Refused(_("Say how much the reward may come to."))
    row: Rule
    row, new = Rule.objects.standing().get_or_create(
        store=store,
        clause=clause,
        effective_from=from_day,
        defaults=values | {"made_by": by, "made_at": now},
    )
    if not new:
        raise Refused(_("There is a rule from that day already. Choose another day."))
    return row


@action
def set_numbers(
    store: Store, numbers: dict[str, Any], *, from_day: date, now: datetime
) -> PenaltyPolicy:
    """New numbers from a coming day on. Refused as with rules."""
    _not_begun(from_day, now)
    row: PenaltyPolicy
    row, new = PenaltyPolicy.objects.standing().get_or_create(
        store=store, effective_from=from_day, defaults=numbers
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row


@action
def withdraw_rule(rule: Rule, *, why: str, by: User, now: datetime) -> Rule:
    """A rule is taken back before its day: the one before it goes on. It stays to be read.

    Refused: when its day has begun, without a reason, a second time.
    """
    return _withdrawn(rule, why, by, now)


@action
def withdraw_numbers(numbers: PenaltyPolicy, *, why: str, by: User, now: datetime) -> PenaltyPolicy:
    """Numbers are taken back before their day. Refused as with rules."""
    return _withdrawn(numbers, why, by, now)


Row = TypeVar("Row", Rule, PenaltyPolicy)


def _withdrawn(row: Row, why: str, by: User, now: datetime) -> Row:
    row = locked(row)
    if row.withdrawn_at is not None:
        raise Refused(_("It is taken back already."))
    if row.effective_from <= timezone.localdate(now):
        raise Refused(_("Its day has begun. Let another follow it from tomorrow on."))
    if not why.strip():
        raise Refused(_("Write down why it is taken back."))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, by, why.strip()[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return row


@action
def name_greeter(
    store: Store, month: date, person: User, *, by: User, now: datetime
) -> GreetingDuty:
    """Who answers for the greetings and notices of a month; until it is over it may be another.

    Refused: a month that is over (nobody is named for what has happened), a person who does not
    work in the store.
    """
    if month_end(month) < timezone.localdate(now):
        raise Refused(_("That month is over. Nobody is named afterwards."))
    if person.store_id != store.pk or not person.is_active:
        raise Refused(_("Choose somebody who works in this store."))
    row, new = GreetingDuty.objects.get_or_create(
        store=store, month=month.replace(day=1), defaults={"person": person, "named_by": by}
    )
    if not new and (row := locked(row)).person_id != person.pk:
        row.person, row.named_by = person, by
        row.save(update_fields=["person", "named_by"])
    return row


def _not_begun(day: date, now: datetime) -> None:
    if day <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
