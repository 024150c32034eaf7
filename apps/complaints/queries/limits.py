"""The store's limits of the steps."""

from datetime import date

from apps.complaints.models import ResponseNumbers
from apps.complaints.policy import Limits


def limits_of(store_id: int, on: date) -> Limits:
    """The limits in force on the day."""
    row = ResponseNumbers.objects.in_force(store_id, on)
    if row is None:
        return Limits()
    return Limits(row.approve_hours, row.handle_hours, row.contact_hours, row.close_hours)
