"""The numbers of the showroom in force."""

from datetime import date

from apps.accounts.models import Store
from apps.reception.models import SalesNumbers


def numbers_of(store: Store, on: date) -> SalesNumbers:
    """The row in force, or the defaults before the first. One query."""
    found: SalesNumbers | None = SalesNumbers.objects.in_force(store, on)
    return found or SalesNumbers(store=store, effective_from=on)
