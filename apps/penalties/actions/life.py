"""One proposal from its explanation to its issue (PEN-08, PEN-10)."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.penalties.choices import UNDECIDED, PenaltyStatus, SignedHow
from apps.penalties.models import Penalty
from apps.penalties.policy import Range, decides


@action
def explain(penalty: Penalty, *, text: str, by: User, now: datetime) -> Penalty:
    """The person says what was special about it; until it is decided he may say it anew.

    Refused: for another person, without words, after the days to explain, and when it is decided.
    """
    penalty = locked(penalty)
    if penalty.person_id != by.pk:
        raise Refused(_("Only the person concerned explains."))
    if penalty.status not in UNDECIDED:
        raise Refused(_("It is decided already. Appeal to the general manager instead."))
    if timezone.localdate(now) > penalty.explain_until:
        raise Refused(
            _("It could be explained until %(day)s. Appeal when it has been decided.")
            % {"day": penalty.explain_until}
        )
    penalty.explanation, penalty.explained_at = _words(text, 500), now
    if penalty.status == PenaltyStatus.PROPOSED:
        advance(penalty, PenaltyStatus.EXPLAINED)
    penalty.save(update_fields=["status", "explanation", "explained_at"])
    return penalty


@action
def confirm(
    penalty: Penalty, *, amount: Decimal, by: User, now: datetime, reason: str = ""
) -> Penalty:
    """The care manager confirms it, with a sum in the rule's range.

    Refused on his own, before it was explained or the days for that are over, outside the range,
    and without a reason for another sum than was proposed.
    """
    penalty = _to_decide(penalty, by)
    explained = penalty.status == PenaltyStatus.EXPLAINED
    if not explained and timezone.localdate(now) <= penalty.explain_until:
        raise Refused(
            _("The person may explain until %(day)s. Confirm it after that.")
            % {"day": penalty.explain_until}
        )
    allowed = Range(penalty.rule.low_amount, penalty.rule.high_amount)
    if not allowed.allows(amount):
        raise Refused(
            _("The rule allows %(low)s to %(high)s CNY.")
            % {"low": allowed.low, "high": allowed.high}
        )
    if amount != penalty.amount and not reason.strip():
        raise Refused(_("Say why the sum is another than proposed."))
    penalty.amount = amount
    return _decide(penalty, PenaltyStatus.CONFIRMED, reason, by, now)


@action
def waive(penalty: Penalty, *, reason: str, by: User, now: datetime) -> Penalty:
    """The care manager waives it with a reason. Refused on his own."""
    return _decide(_to_decide(penalty, by), PenaltyStatus.WAIVED, _words(reason, 300), by, now)


@action
def appeal(penalty: Penalty, *, text: str, by: User, now: datetime) -> Penalty:
    """The person asks the general manager, once. Refused for another person, or a second time."""
    penalty = locked(penalty)
    if penalty.person_id != by.pk:
        raise Refused(_("Only the person concerned appeals."))
    if penalty.appealed_at is not None:
        raise Refused(_("The general manager has it already, or has decided it."))
    advance(penalty, PenaltyStatus.APPEALED)
    penalty.appeal, penalty.appealed_at = _words(text, 500), now
    penalty.signed_at, penalty.signed_how = None, ""
    penalty.save(update_fields=["status", "appeal", "appealed_at", "signed_at", "signed_how"])
    return penalty


@action
def decide_appeal(
    penalty: Penalty, *, upheld: bool, reason: str, by: User, now: datetime
) -> Penalty:
    """The general manager upholds the appeal (nothing is deducted), or the decision stays.

    Refused for who is concerned and for who decided before: a second person answers.
    """
    penalty = locked(penalty)
    if Role.GENERAL_MANAGER not in by.roles:
        raise Refused(_("The general manager decides on appeals."))
    if by.pk in (penalty.person_id, penalty.decided_by_id):
        raise Refused(_("Somebody else must decide this: you are concerned, or decided before."))
    advance(penalty, PenaltyStatus.WAIVED if upheld else PenaltyStatus.CONFIRMED)
    penalty.appeal_reason = _words(reason, 300)
    penalty.appeal_decided_by, penalty.appeal_decided_at = by, now
    penalty.save(
        update_fields=["status", "appeal_reason", "appeal_decided_by", "appeal_decided_at"]
    )
    return penalty


@action
def sign(penalty: Penalty, *, how: SignedHow, now: datetime) -> Penalty:
    """It is signed on the screen: by the person, or in his place by both managers (PEN-05)."""
    penalty = locked(penalty)
    advance(penalty, PenaltyStatus.SIGNED)
    penalty.signed_how, penalty.signed_at = how, now
    penalty.save(update_fields=["status", "signed_how", "signed_at"])
    return penalty


@action
def issue(penalty: Penalty, *, by: User, now: datetime) -> Penalty:
    """Administration issues what was signed. Refused on one's own."""
    penalty = locked(penalty)
    if penalty.person_id == by.pk:
        raise Refused(_("Nobody issues his own. Ask a colleague of the administration."))
    advance(penalty, PenaltyStatus.ISSUED)
    penalty.issued_by, penalty.issued_at = by, now
    penalty.save(update_fields=["status", "issued_by", "issued_at"])
    return penalty


def _to_decide(penalty: Penalty, by: User) -> Penalty:
    penalty = locked(penalty)
    if penalty.person_id == by.pk:
        raise Refused(_("Nobody decides on his own. The general manager decides yours."))
    if not decides(by.roles, penalty.person.roles):
        raise Refused(_("The general manager decides on a care manager's."))
    return penalty


def _decide(penalty: Penalty, to: PenaltyStatus, reason: str, by: User, now: datetime) -> Penalty:
    advance(penalty, to)
    penalty.decided_by, penalty.decided_at, penalty.reason = by, now, reason.strip()[:300]
    penalty.save(update_fields=["status", "amount", "decided_by", "decided_at", "reason"])
    return penalty


def _words(text: str, most: int) -> str:
    text = text.strip()[:most]
    if not text:
        raise Refused(_("Write it down in a few words: others decide by it."))
    return text
