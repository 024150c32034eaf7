"""What a new store starts with."""

from datetime import date

from apps.accounts.models import Store
from apps.care.models import CarePolicy
from apps.core.actions import action

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The policy and scripts that a new store starts with."""
    CarePolicy.objects.create(store=store, effective_from=FROM_THE_START)
