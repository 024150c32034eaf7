"""What becomes of a purchase: its card edited, given to a colleague, lost, taken up again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.reception.actions.opportunities import NEEDS
from apps.reception.choices.opportunity import WORKED, LostReason, OpportunityStatus
from apps.reception.models import Opportunity
from apps.reception.policy import clocks
from apps.reception.queries.numbers import numbers_of

ELSEWHERE = (LostReason.COMPETITOR, LostReason.OTHER_DEALER)


@action
def change_card(opportunity: Opportunity, needs: Mapping[str, Any]) -> Opportunity:
    """What the customer looks for, as it is known now (REC-03). Refused: one that is closed."""
    row = locked(opportunity)
    if row.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    names = [name for name in NEEDS if name in needs]
    for name in names:
        setattr(row, name, needs[name])
    if row.trim is not None:
        row.car_model_id = row.trim.car_model_id
    row.save(update_fields=[*names, "car_model"])
    return row


@action
def give_opportunity(opportunity: Opportunity, to: User) -> Opportunity:
    """Another consultant follows the purchase; its promises and its day stay as they are.

    Refused: one that is closed, somebody of another store or gone, and somebody who follows
    another purchase of the same customer already.
    """
    locked(opportunity.customer)
    row = locked(opportunity)
    if row.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    if to.store_id != row.store_id or not to.is_active:
        raise Refused(_("%(person)s does not work in this store.") % {"person": to})
    if row.consultant_id == to.pk:
        return row
    _only_one(row, to)
    row.consultant = to
    row.save(update_fields=["consultant"])
    return row


@action
def propose_lost(
    opportunity: Opportunity,
    *,
    reason: str,
    lost_to: str = "",
    note: str = "",
    by: User,
    now: datetime,
) -> Opportunity:
    """The consultant thinks that nothing comes of it; a manager decides (REC-11).

    Refused: one that is not open, and a loss to somebody else without saying to whom.
    """
    row = locked(opportunity)
    if reason in ELSEWHERE and not lost_to.strip():
        raise Refused(_("Say what was bought instead, or where."))
    advance(row, OpportunityStatus.LOST_PROPOSED)
    row.lost_reason, row.lost_to, row.lost_note = reason, lost_to.strip(), note.strip()
    row.lost_proposed_by, row.lost_proposed_at = by, now
    row.lost_answer = ""
    row.save(
        update_fields=[
            *("status", "lost_reason", "lost_to", "lost_note", "lost_answer"),
            *("lost_proposed_by", "lost_proposed_at"),
        ]
    )
    return row


@action
def approve_lost(opportunity: Opportunity, *, by: User, now: datetime) -> Opportunity:
    """It is lost; from now on the customer can be asked why (REC-11, SSI-08).

    Refused: one that nobody proposes as lost.
    """
    row = locked(opportunity)
    advance(row, OpportunityStatus.LOST)
    row.lost_decided_by, row.closed_at = by, now
    row.save(update_fields=["status", "lost_decided_by", "closed_at"])
    return row


@action
def send_back_lost(
    opportunity: Opportunity, answer: str, *, by: User, now: datetime
) -> Opportunity:
    """It is not lost yet: the manager says what is to be tried, today (REC-11).

    Refused: one that nobody proposes as lost, and no word of what is to be tried.
    """
    row = locked(opportunity)
    if not answer.strip():
        raise Refused(_("Say what is to be tried yet."))
    if row.status != OpportunityStatus.LOST_PROPOSED:
        raise Refused(_("Nobody proposes this opportunity as lost."))
    advance(row, OpportunityStatus.OPEN)
    row.lost_answer, row.lost_decided_by = answer.strip()[:200], by
    row.lost_reason = row.lost_to = ""
    row.follow_up_on = timezone.localdate(now)
    row.save(
        update_fields=[
            *("status", "lost_answer", "lost_decided_by", "lost_reason", "lost_to"),
            "follow_up_on",
        ]
    )
    return row


@action
def take_up_again(opportunity: Opportunity, *, level: str, now: datetime) -> Opportunity:
    """Who was lost thinks of buying after all: followed again by the level (REC-03).

    Refused: one that is not lost; another purchase of the customer with the same consultant.
    """
    locked(opportunity.customer)
    row = locked(opportunity)
    if row.status != OpportunityStatus.LOST:
        raise Refused(_("Only a lost opportunity is taken up again."))
    _only_one(row, row.consultant)
    advance(row, OpportunityStatus.OPEN)
    today = timezone.localdate(now)
    row.level, row.closed_at = level, None
    row.lost_reason = row.lost_to = row.lost_note = ""
    row.follow_up_on = clocks.follow_up_on(level, today, numbers_of(row.store, today))
    row.save(
        update_fields=[
            *("status", "level", "closed_at", "lost_reason", "lost_to", "lost_note"),
            "follow_up_on",
        ]
    )
    return row


def _only_one(row: Opportunity, who: User) -> None:
    """One consultant follows one purchase of a customer, whose row the caller holds as
    ``open_opportunity`` does, so that two cannot come about at once."""
    others = Opportunity.objects.filter(
        customer=row.customer_id, consultant=who, status__in=WORKED
    ).exclude(pk=row.pk)
    if other := others.first():
        raise Refused(
            _("%(person)s follows this customer already:") % {"person": who},
            links=[("reception:opportunity", other.pk, str(other))],
        )
