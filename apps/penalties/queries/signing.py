"""Who has signed a proposal, and who may (PEN-05)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.penalties.choices import PenaltyStatus, ProofKind
from apps.penalties.models import Penalty, PenaltyPolicy, Proof

SPAN = timedelta(days=29)  # with the day itself the 30 days of PEN-05
REPEATED = 3  # without numbers of the store
NOTHING = (PenaltyStatus.WAIVED, PenaltyStatus.WITHDRAWN)


def signatures(penalty: Penalty) -> list[Proof]:
    """Those that hold: an appeal makes earlier ones void."""
    rows = penalty.proofs.exclude(kind=ProofKind.ATTACHED).select_related("by")
    if penalty.appealed_at is not None:
        rows = rows.filter(at__gt=penalty.appealed_at)
    return list(rows)


def times(penalty: Penalty) -> int:
    """How often the person fell under this clause in the 30 days up to this one, with it."""
    rows = Penalty.objects.filter(store=penalty.store_id, person=penalty.person_id)
    rows = rows.filter(
        clause=penalty.clause, event_on__range=(penalty.event_on - SPAN, penalty.event_on)
    )
    return rows.exclude(status__in=NOTHING).count()


def is_repeated(penalty: Penalty) -> bool:
    numbers = PenaltyPolicy.objects.in_force(penalty.store_id, penalty.event_on)
    return times(penalty) >= (numbers.repeated_from if numbers else REPEATED)


def may_sign_as(user: User, penalty: Penalty) -> ProofKind | None:
    """As what this person may sign it now; None: not at all, or he has."""
    if penalty.status != PenaltyStatus.CONFIRMED or penalty.store_id != user.store_id:
        return None
    if penalty.person_id == user.pk:
        return ProofKind.OFFENDER
    kind = _manager_as(user, penalty)
    if kind is None or not is_repeated(penalty):
        return None
    done = signatures(penalty)
    taken = any(proof.kind == kind or proof.by_id == user.pk for proof in done)
    return None if taken else kind


def _manager_as(user: User, penalty: Penalty) -> ProofKind | None:
    if user.has_perm("penalties.decide"):
        return ProofKind.CARE
    same = penalty.department_id is not None and penalty.department_id == user.department_id
    if same and user.has_perm("penalties.view_department"):
        return ProofKind.DEPARTMENT
    return None


def pictures_kept(among: Collection[str] | None = None) -> QuerySet[Any, Any]:
    """(name,) of each picture file that a row of this app speaks of, ``among`` these (I8)."""
    rows = Proof.objects.order_by()
    if among is not None:
        rows = rows.filter(stored__in=among)
    return rows.values_list("stored")
