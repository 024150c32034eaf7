"""The numbers of the showroom."""

from apps.accounts.models import Store
from apps.core.actions import action
from apps.reception.models import SalesNumbers


@action
def add_defaults(store: Store) -> None:
    """The default numbers of a new store (REC)."""
    SalesNumbers.objects.get_or_create(store=store, effective_from=store.opened_on)
