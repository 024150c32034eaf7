"""The numbers of hand-overs in force."""

from datetime import date

from apps.accounts.models import Store
from apps.delivery.models import DeliveryNumbers


def numbers_of(store: Store, on: date) -> DeliveryNumbers:
    """The row in force, or the defaults before the first. One query."""
    found: DeliveryNumbers | None = DeliveryNumbers.objects.in_force(store, on)
    return found or DeliveryNumbers(store=store, effective_from=on)
