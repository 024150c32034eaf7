"""What the desk reads from several floors at once."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from apps.care import people as care
from apps.core.timeline import TimelineEntry
from apps.customers import people as customers
from apps.customers.models import Customer
from apps.delivery import people as delivery
from apps.messaging import people as messaging
from apps.service import people as service

FLOORS: tuple[Any, ...] = (customers, messaging, service, delivery, care)
ICONS = {
    "correction": "phone-check",
    "elsewhere": "map-pin",
    "message": "message",
    "visit": "tool",
    "delivery": "car",
    "call": "phone",
}


def timeline(customer: Customer) -> list[TimelineEntry]:
    """Everything between a customer and us, the newest first; a day without an hour counts as
    its end (CUS-06)."""
    entries = [entry for floor in FLOORS for entry in floor.timeline(customer)]
    return sorted(entries, key=lambda entry: _moment(entry.at), reverse=True)


def _moment(at: Any) -> datetime:
    if isinstance(at, datetime):
        return at
    return timezone.make_aware(datetime.combine(at, time.max))
