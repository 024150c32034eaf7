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
    """The rows that a new store starts with; a second time adds what is missing."""
    for numbers in (CustomerPolicy, PrivacyPolicy, MaintenanceSchedule):
        if not numbers.objects.filter(store=store).exists():
            numbers.objects.create(store=store, effective_from=FROM_THE_START)
    have = set(ConsentText.objects.filter(store=store).values_list("purpose", flat=True))
    ConsentText.objects.bulk_create(
        ConsentText(
            store=store, purpose=purpose, version=1, text=text, effective_from=FROM_THE_START
        )
        for purpose, text in FIRST.items()
        if purpose not in have
    )
