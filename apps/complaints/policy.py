"""The rules of the quick response as plain values (SSI-04): no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.calendar import Calendar
from apps.accounts.choices import DepartmentKind, Role
from apps.complaints.choices import Step

# Who may take each step for each department. Nobody approves what he made himself.
MANAGER = {
    DepartmentKind.SALES: Role.SALES_MANAGER,
    DepartmentKind.SERVICE: Role.SERVICE_MANAGER,
}
_HANDLERS = {
    DepartmentKind.SALES: (Role.SALES_MANAGER, Role.SALES_CONSULTANT),
    DepartmentKind.SERVICE: (
        Role.SERVICE_MANAGER,
        Role.SERVICE_SUPERVISOR,
        Role.SERVICE_ADVISOR,
    ),
}
_CARE = (Role.CARE_SPECIALIST, Role.CARE_MANAGER)
_OVERSEES = (*_CARE, Role.GENERAL_MANAGER, Role.GROUP_MANAGER)
# The steps of the department's manager: the general manager takes them in his place when they are
# late, or when there is no other manager than the one who wrote the matter down. Where there is no
# care manager he asks the customer himself.
MANAGERS_STEPS = (Step.APPROVE, Step.CLOSE)


def roles_for(step: str, department: str) -> tuple[Role, ...]:
    """The roles that may take ``step`` of a quick response of ``department``."""
    kind = DepartmentKind(department)
    by_step: dict[str, tuple[Role, ...]] = {
        Step.APPROVE: (MANAGER[kind],),
        Step.MEND: _CARE,
        Step.HANDLE: _HANDLERS[kind],
        Step.CONTACT: (Role.CARE_MANAGER,),
        Step.CLOSE: (MANAGER[kind],),
    }
    return by_step.get(step, ())


def steps_of(roles: Iterable[str], department: str) -> list[Step]:
    """The steps of a quick response of ``department`` that holders of ``roles`` may take."""
    held = set(roles)
    return [step for step in Step if held & set(roles_for(step, department))]


def departments_of(roles: Iterable[str]) -> list[DepartmentKind]:
    """Whose quick responses holders of ``roles`` see: care and the general managers those of
    both departments, who handles them those of his own."""
    held = set(roles)
    sees_all = held & set(_OVERSEES)
    return [kind for kind, handlers in _HANDLERS.items() if sees_all or held & set(handlers)]


@dataclass(frozen=True)
class Limits:
    """Working hours of each step (SSI-04 [P])."""

    approve_hours: int = 2
    handle_hours: int = 24
    contact_hours: int = 4
    close_hours: int = 24

    def of(self, step: str) -> timedelta | None:
        """None: the step has no limit."""
        hours = {
            Step.APPROVE: self.approve_hours,
            Step.MEND: self.approve_hours,
            Step.HANDLE: self.handle_hours,
            Step.CONTACT: self.contact_hours,
            Step.CLOSE: self.close_hours,
        }.get(Step(step))
        return None if hours is None else timedelta(hours=hours)


def due_at(step: str, since: datetime, limits: Limits, calendar: Calendar) -> datetime | None:
    """Until when ``step`` is to be taken; ``since`` is local time, the clock is working time."""
    within = limits.of(step)
    return None if within is None else calendar.working_time_after(since, within)


@dataclass(frozen=True)
class Taken:
    """A step that was taken (``at``, ``due_at`` …), and since when it could be."""

    step: Any
    since: datetime


def since_when(steps: Iterable[Any], made_at: datetime) -> list[Taken]:
    """Each step begins when the one before it was taken, the first when it was written down."""
    taken, since = [], made_at
    for step in steps:
        taken.append(Taken(step, since))
        since = step.at
    return taken
