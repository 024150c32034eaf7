"""The numbers of the showroom."""

from apps.accounts.models import Store
from apps.core.actions import action
from apps.reception.models import PurchaseTax, SalesNumbers
from apps.reception.policy.tax import BY_LAW


@action
def add_defaults(store: Store) -> None:
    """The default numbers of a new store, and the purchase tax by law (REC)."""
    SalesNumbers.objects.get_or_create(store=store, effective_from=store.opened_on)
    for day, numbers in BY_LAW:
        PurchaseTax.objects.get_or_create(store=store, effective_from=day, defaults=numbers)
