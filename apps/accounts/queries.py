"""What upper floors ask about stores and people."""

from datetime import date

from apps.accounts.calendar import Calendar, SlotTimes
from apps.accounts.choices import Slot
from apps.accounts.models import CallSlots, DutyDay, Store, User


def calendar_of(store: Store) -> Calendar:
    """The store's days and hours with its corrections by hand (ORG-03). One query."""
    return Calendar(
        opens=store.opens_at,
        weekend_opens=store.weekend_opens_at,
        closes=store.closes_at,
        corrections=dict(store.calendar_days.values_list("on", "kind")),
    )


def slots_of(store: Store, day: date) -> SlotTimes:
    """The call slots in force on ``day`` (ORG-05); the defaults before the first row. One query."""
    row = CallSlots.objects.in_force(store, day)
    if row is None:
        return SlotTimes()
    return SlotTimes(
        tuple((slot, getattr(row, f"{slot}_from"), getattr(row, f"{slot}_until")) for slot in Slot)
    )


def on_duty(store: Store, day: date, role: str, calendar: Calendar) -> list[User]:
    """The active people of ``role`` who are on duty on ``day``, in a fixed order (ORG-04).

    The roster decides; without a row a person is on duty on working days.
    """
    people = User.objects.filter(store=store, is_active=True, roles__contains=[role]).order_by("pk")
    roster = dict(DutyDay.objects.filter(store=store, on=day).values_list("user_id", "on_duty"))
    default = calendar.is_working(day)
    return [person for person in people if roster.get(person.pk, default)]
