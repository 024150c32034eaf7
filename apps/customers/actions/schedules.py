"""The maintenance schedules of models, dated (CARE-02, CARE-03)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers.models import MaintenanceSchedule


@action
def add_schedule(
    store: Store, *, model: str, effective_from: date, by: User, on: date, **numbers: Any
) -> MaintenanceSchedule:
    """New intervals of a model (empty: all models) from a day on; what went before stays.

    ``on`` is today. The cars follow on the day it begins to hold. Refused: a day in the past
    (today too: its calls are planned), a second row for the same day.
    """
    if effective_from <= on:
        raise Refused(_("New intervals hold from tomorrow at the earliest."))
    if MaintenanceSchedule.objects.filter(
        store=store, model=model.strip(), effective_from=effective_from
    ).exists():
        raise Refused(_("There is a schedule for this model from this day already."))
    return MaintenanceSchedule.objects.create(
        store=store, model=model.strip(), effective_from=effective_from, **numbers
    )
