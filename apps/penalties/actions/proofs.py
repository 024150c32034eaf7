"""Pictures and papers that explain a proposal, and signatures on the screen (PEN-05, PEN-08)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.core.papers import Brought
from apps.core.pictures import Kept
from apps.penalties.actions.life import explain, sign
from apps.penalties.choices import PenaltyStatus, ProofKind, SignedHow
from apps.penalties.models import Penalty, Proof
from apps.penalties.queries.signing import may_sign_as, signatures

MOST_FILES = 6  # beside one explanation


@action
def explain_with(
    penalty: Penalty, *, text: str, attached: Sequence[Brought], by: User, now: datetime
) -> Penalty:
    """``explain``, with pictures or papers that show it. Those of an earlier explanation stay.

    Refused as ``explain`` is, and with too many files.
    """
    penalty = explain(penalty, text=text, by=by, now=now)
    there = Proof.objects.filter(penalty=penalty, kind=ProofKind.ATTACHED).count()
    if there + len(attached) > MOST_FILES:
        raise Refused(
            _("At most %(most)s files stand beside an explanation.") % {"most": MOST_FILES}
        )
    with Kept() as kept:
        for file in attached:
            _keep(kept, penalty, ProofKind.ATTACHED, file, by, now)
    return penalty


@action
def sign_on_screen(penalty: Penalty, *, picture: bytes, by: User, now: datetime) -> Penalty:
    """The person signs what was confirmed; of who offends repeatedly his department's and the
    care manager sign in his place, and with the second of the two it is signed.

    Refused for everybody else, before it is confirmed, and a second time.
    """
    penalty = locked(penalty)
    if penalty.status != PenaltyStatus.CONFIRMED:
        raise Refused(_("Only what is confirmed is signed, and only once."))
    kind = may_sign_as(by, penalty)
    if kind is None:
        raise Refused(
            _(
                "The person concerned signs. His department's and the care manager sign for him "
                "only when it happened repeatedly."
            )
        )
    signed = {proof.kind for proof in signatures(penalty)} | {kind.value}
    with Kept() as kept:
        _keep(kept, penalty, kind, Brought(picture), by, now)
        if kind == ProofKind.OFFENDER:
            return sign(penalty, how=SignedHow.OFFENDER, now=now)
        if {ProofKind.DEPARTMENT, ProofKind.CARE} <= signed:
            return sign(penalty, how=SignedHow.MANAGERS, now=now)
    return penalty


def _keep(
    kept: Kept, penalty: Penalty, kind: ProofKind, file: Brought, by: User, now: datetime
) -> None:
    Proof.objects.create(
        store_id=penalty.store_id,
        penalty=penalty,
        kind=kind,
        stored=kept.add(file.content),
        paper_name=file.paper_name,
        by=by,
        at=now,
    )
