"""What a new store's archive starts with."""

from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.customers.models import CustomerPolicy, MaintenanceSchedule, PrivacyPolicy

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The rows of numbers that a new store starts with."""
    CustomerPolicy.objects.create(store=store, effective_from=FROM_THE_START)
    PrivacyPolicy.objects.create(store=store, effective_from=FROM_THE_START)
    MaintenanceSchedule.objects.create(store=store, effective_from=FROM_THE_START)
