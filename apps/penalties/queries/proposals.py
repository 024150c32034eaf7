"""Which proposals a person sees, and which wait for him (PEN-08, PEN-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.accounts.choices import Role
from apps.core.dates import month_end
from apps.penalties.choices import PenaltyStatus
from apps.penalties.models import Penalty, PenaltyPolicy

SHOWN = ("person", "department", "rule", "store")
OPEN, ALL = "open", "all"  # beside the statuses: what waits for a decision; everything
MANAGERS = Q(person__roles__contains=[Role.CARE_MANAGER.value])
NOTHING = (PenaltyStatus.WAIVED, PenaltyStatus.WITHDRAWN)
LIMIT = Decimal(500)  # without numbers of the store


def seen_by(user: Any) -> QuerySet[Penalty]:
    """His own; his department's if he leads it; all of the store who must see them."""
    rows: QuerySet[Penalty] = Penalty.objects.visible_to(user)
    return rows.filter(_seen(user))


def may_see(user: Any, row: Penalty) -> bool:
    """Of a proposal of a store that he reads."""
    if row.person_id == user.pk or user.has_perm("penalties.view_all"):
        return True
    return _leads(user) and row.department_id == user.department_id


def _leads(user: Any) -> bool:
    return user.has_perm("penalties.view_department") and user.department_id is not None


def _seen(user: Any) -> Q:
    if user.has_perm("penalties.view_all"):
        return Q()
    own = Q(person=user.pk)
    return own | Q(department=user.department_id) if _leads(user) else own


def mine(user: Any) -> QuerySet[Penalty]:
    """Everything of this person, except what came to nothing by itself."""
    rows: QuerySet[Penalty] = Penalty.objects.visible_to(user).filter(person=user.pk)
    return rows.exclude(status=PenaltyStatus.WITHDRAWN).select_related(*SHOWN)


def for_me(user: Any, on: date) -> QuerySet[Penalty]:
    """What I may still explain, and what I am to sign."""
    rows: QuerySet[Penalty] = Penalty.objects.of_own_store(user).filter(person=user.pk)
    explain = Q(status=PenaltyStatus.PROPOSED, explain_until__gte=on)
    return rows.filter(explain | Q(status=PenaltyStatus.CONFIRMED))


def to_decide(user: Any, on: date) -> QuerySet[Penalty]:
    """What this person is to decide: explained, or the days to explain are over. Nobody his own;
    the general manager what concerns care managers, and the appeals on what others decided."""
    rows: QuerySet[Penalty] = Penalty.objects.of_own_store(user).exclude(person=user.pk)
    ripe = Q(status=PenaltyStatus.EXPLAINED)
    ripe |= Q(status=PenaltyStatus.PROPOSED, explain_until__lt=on)
    waits = Q(pk__in=[])
    if user.has_role(Role.CARE_MANAGER):
        waits |= ripe & ~MANAGERS
    if user.has_perm("penalties.decide_appeal"):
        waits |= ripe & MANAGERS
        waits |= Q(status=PenaltyStatus.APPEALED) & ~Q(decided_by=user.pk)
    return rows.filter(waits)


def to_issue(user: Any, on: date) -> QuerySet[Penalty]:
    """Signed, and not issued yet; nobody issues his own."""
    rows: QuerySet[Penalty] = Penalty.objects.of_own_store(user).exclude(person=user.pk)
    return rows.filter(status=PenaltyStatus.SIGNED)


def first_asked(user: Any) -> str:
    """What is shown before anything is asked: what waits for him, if he decides."""
    return OPEN if user.has_perm("penalties.decide") else ALL


def asked(user: Any, wanted: Mapping[str, Any], on: date) -> QuerySet[Penalty]:
    """Those of others that a filter asks for; without one what waits for this person. The oldest
    that waits comes first, of everything the newest."""
    status = wanted.get("status") or first_asked(user)
    rows = to_decide(user, on) if status == OPEN else seen_by(user)
    if status not in (OPEN, ALL):
        rows = rows.filter(status=status)
    for name in ("person", "department", "clause"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if month := wanted.get("month"):
        rows = rows.filter(event_on__range=(month, month_end(month)))
    return rows.select_related(*SHOWN).order_by("pk" if status == OPEN else "-pk")


@dataclass(frozen=True)
class MonthSum:
    """What the deductions of one person come to in a month, beside the limit (PEN-10)."""

    amount: Decimal
    limit: Decimal

    @property
    def too_much(self) -> bool:
        return self.amount > self.limit


def month_sums(rows: Iterable[Penalty]) -> dict[int, MonthSum]:
    """pk → the sum of the person's month, proposed and decided together. Two queries."""
    rows = list(rows)
    keys = {(row.person_id, row.event_on.replace(day=1)) for row in rows}
    if not keys:
        return {}
    months = Q()
    for month in {month for _person, month in keys}:
        months |= Q(event_on__range=(month, month_end(month)))
    people = {person for person, _month in keys}
    counted = (
        Penalty.objects.filter(
            months,
            store__in={row.store_id for row in rows},
            person__in=people,
            is_reward=False,
        )
        .exclude(status__in=NOTHING)
        .order_by()
        .values_list("person", TruncMonth("event_on"))
        .annotate(sum=Sum("amount"))
    )
    sums = {(person, month): amount for person, month, amount in counted}
    limits = _limits({row.store_id for row in rows})
    return {
        row.pk: MonthSum(
            sums.get((row.person_id, row.event_on.replace(day=1)), Decimal(0)),
            limits(row.store_id, row.event_on),
        )
        for row in rows
    }


def _limits(stores: set[int]) -> Any:
    numbers = list(
        PenaltyPolicy.objects.standing().filter(store__in=stores).order_by("effective_from")
    )

    def limit(store: int, on: date) -> Decimal:
        held = [n for n in numbers if n.store_id == store and n.effective_from <= on]
        return held[-1].month_limit_amount if held else LIMIT

    return limit
