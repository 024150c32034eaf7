"""What a new store's archive starts with."""

from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.customers.actions.consent_texts import FIRST
from apps.customers.models import (
    ConsentText,
    CustomerPolicy,
    MaintenanceSchedule,
    PrivacyPolicy,
)

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The rows of numbers that a new store starts with."""
    CustomerPolicy.objects.create(store=store, effective_from=FROM_THE_START)
    for purpose, text in FIRST.items():
        ConsentText.objects.create(
            store=store, purpose=purpose, version=1, text=text, effective_from=FROM_THE_START
        )
    PrivacyPolicy.objects.create(store=store, effective_from=FROM_THE_START)
    MaintenanceSchedule.objects.create(store=store, effective_from=FROM_THE_START)
