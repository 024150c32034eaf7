"""How many advisors the morning is prepared for (SVC-13)."""

from datetime import date

from apps.accounts.choices import Role
from apps.accounts.models import Store
from apps.accounts.queries import calendar_of, on_duty


def advisors_on_duty(store: Store, day: date) -> int:
    return len(on_duty(store, day, Role.SERVICE_ADVISOR, calendar_of(store)))
