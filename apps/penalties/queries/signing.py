"""Who has signed a proposal, and who may (PEN-05)."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.penalties.choices import FIVE_S, PenaltyStatus, ProofKind
from apps.penalties.models import FiveSPhoto, Penalty, PenaltyPolicy, Proof

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
    """How often the person fell under the clauses of 5S in the 30 days up to this one, with it."""
    rows = Penalty.objects.filter(store=penalty.store_id, person=penalty.person_id)
    rows = rows.filter(
        clause__in=FIVE_S, event_on__range=(penalty.event_on - SPAN, penalty.event_on)
    )
    return rows.exclude(status__in=NOTHING).count()


def is_repeated(penalty: Penalty) -> bool:
    """PEN-05: of 5S only. What falls under another clause is signed by the person himself."""
    if penalty.clause not in FIVE_S:
        return False
    numbers = PenaltyPolicy.objects.in_force(penalty.store_id, penalty.event_on)
    return times(penalty) >= (numbers.repeated_from if numbers else REPEATED)


def may_sign_as(user: User, penalty: Penalty) -> ProofKind | None:
    """As what this person may sign it now; None: not at all, or he has."""
    if penalty.status != PenaltyStatus.CONFIRMED or penalty.store_id != user.store_id:
        return None
    if penalty.person_id == user.pk:
        return ProofKind.OFFENDER
    kinds = _manager_as(user, penalty)
    if not kinds or not is_repeated(penalty):
        return None
    done = signatures(penalty)
    if any(proof.by_id == user.pk for proof in done):
        return None
    taken = {proof.kind for proof in done}
    return next((kind for kind in kinds if kind not in taken), None)


def _manager_as(user: User, penalty: Penalty) -> list[ProofKind]:
    """As which of the two this manager signs, the first that is free. Who leads the department
    signs for it; where nobody else does (a care manager's own people, a manager himself), the
    general manager takes the missing place (PEN-08)."""
    department = penalty.department
    manager = department.manager_id if department else None
    same = department is not None and department.pk == user.department_id
    leads = manager == user.pk or (same and user.has_perm("penalties.view_department"))
    kinds = [ProofKind.DEPARTMENT] if leads else []
    if user.has_perm("penalties.decide"):
        kinds.append(ProofKind.CARE)
    alone = manager in (None, penalty.person_id)
    if user.has_perm("penalties.decide_appeal") and alone and not leads:
        kinds.append(ProofKind.DEPARTMENT)
    return kinds


def pictures_kept(among: Collection[str] | None = None) -> Iterator[tuple[UUID]]:
    """(name,) of each picture file that a row of this app speaks of, ``among`` these (I8)."""
    of_each: tuple[Any, ...] = (Proof.objects.order_by(), FiveSPhoto.objects.order_by())
    for rows in of_each:
        if among is not None:
            rows = rows.filter(stored__in=among)
        yield from rows.values_list("stored")
