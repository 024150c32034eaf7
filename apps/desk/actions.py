"""What takes every floor: a whole new store."""

from apps.accounts import actions as accounts
from apps.accounts.models import Store
from apps.care.actions import defaults as care
from apps.core.actions import action
from apps.customers import actions as customers
from apps.messaging import actions as messaging


@action
def add_store(
    code: str, name: str, *, city: str = "", local_regions: list[str] | None = None
) -> Store:
    """An empty store with default policies, scripts and texts."""
    store = accounts.add_store(code, name, city=city, local_regions=local_regions)
    customers.add_defaults(store)
    messaging.add_defaults(store)
    care.add_defaults(store)
    return store
