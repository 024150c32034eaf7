"""Everything that changes the archive."""

from collections.abc import Iterable
from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.customers.models import CustomerPolicy, MaintenanceSchedule

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The rows of numbers that a new store starts with."""
    CustomerPolicy.objects.create(store=store, effective_from=FROM_THE_START)
    MaintenanceSchedule.objects.create(store=store, effective_from=FROM_THE_START)


@action
def refresh_cars(vehicle_ids: Iterable[int] | None, *, on: date) -> int:
    """Work out the derived columns of these cars anew (None: all); return how many changed.

    The visit columns must be right already (service.actions.refresh_visits). Streams the
    readings, runs ``policy.car_dues`` for each car, writes all rows in one statement.
    """
    raise NotImplementedError  # being built
