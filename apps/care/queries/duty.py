"""Who of the care specialists work is given to (CARE-28)."""

from datetime import date

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of, on_duty


def specialists_for(store: Store, day: date) -> list[User]:
    """The care specialists on duty; on a closed day those of the next working day."""
    calendar = calendar_of(store)
    there = on_duty(store, day, Role.CARE_SPECIALIST, calendar)
    working = calendar.working_day_after(day, 1)
    return there or on_duty(store, working, Role.CARE_SPECIALIST, calendar)
