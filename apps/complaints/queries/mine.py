"""Which quick responses a person sees, and of which the next step is his (SSI-04)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import User
from apps.complaints import policy
from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import QuickResponse, StepTaken

Moment = datetime | Any  # or the database's own clock


def departments_of(user: Any) -> list[DepartmentKind]:
    return policy.departments_of(user.roles)


def may_see(user: Any, row: QuickResponse) -> bool:
    """Of a matter of a store that he reads: is it his department's?"""
    return row.department in departments_of(user)


def makers_of(row: QuickResponse) -> set[int]:
    """Who wrote the matter down, and who mended it: they may not approve it. One query."""
    mended = StepTaken.objects.filter(response=row, step=Step.MEND).values_list("by", flat=True)
    return {*mended} | ({row.made_by_id} if row.made_by_id else set())


def seen_by(user: Any) -> QuerySet[QuickResponse]:
    """Those of the stores that the person reads, of his department or of both."""
    rows: QuerySet[QuickResponse] = QuickResponse.objects.visible_to(user)
    return rows.filter(department__in=departments_of(user))


def to_take(user: Any, now: Moment) -> QuerySet[QuickResponse]:
    """Those of which this person may take the next step, of the store he works in.

    Nobody approves what he made or mended. The general manager takes the place of a department's
    manager when that one is late, or has no colleague who could look at what he made; and the
    care manager's where there is none.
    """
    return _own(user).filter(_steps_of(user, now))


def waits_for(user: Any, now: Moment) -> QuerySet[QuickResponse]:
    """What is for this person to do: the steps that are his, but not what a colleague has
    accepted. The general manager has all that is late, too: it was escalated to him."""
    accepted = Q(status=Step.HANDLE, handler__isnull=False) & ~Q(handler=user.pk)
    waits = _steps_of(user, now) & ~accepted
    if user.has_role(Role.GENERAL_MANAGER):
        waits |= Q(status__in=OPEN_STEPS, due_at__lt=now)
    return _own(user).filter(waits)


def _own(user: Any) -> QuerySet[QuickResponse]:
    rows: QuerySet[QuickResponse] = QuickResponse.objects.of_own_store(user)
    return rows.filter(status__in=OPEN_STEPS)


def _holders(role: str) -> QuerySet[User]:
    """Who of the store of a quick response has the role, and works here."""
    people = User.objects.filter(store=OuterRef("store"), is_active=True)
    return people.filter(roles__contains=[role])


def _steps_of(user: Any, now: Moment) -> Q:
    mine = Q(pk__in=[])
    for department in policy.MANAGER:
        mine |= Q(department=department, status__in=policy.steps_of(user.roles, department))
    if user.has_role(Role.GENERAL_MANAGER):
        late: Any = Q(due_at__lt=now)
        for department, role in policy.MANAGER.items():
            others = _holders(role).exclude(pk=Coalesce(OuterRef("made_by"), 0))
            late |= Q(department=department) & ~Exists(others)
        mine |= Q(status__in=policy.MANAGERS_STEPS) & late
        mine |= Q(status=Step.CONTACT) & ~Exists(_holders(Role.CARE_MANAGER))
    mended = StepTaken.objects.filter(response=OuterRef("pk"), step=Step.MEND, by=user.pk)
    own = Q(made_by=user.pk) | Q(Exists(mended))
    return mine & ~(Q(status=Step.APPROVE) & own)
