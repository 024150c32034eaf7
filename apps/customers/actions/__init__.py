"""Everything that changes the archive, by noun."""

from apps.customers.actions.consent_texts import add_text
from apps.customers.actions.contact import end_stop, record_consent, stop_contact
from apps.customers.actions.defaults import add_defaults
from apps.customers.actions.doubles import dismiss_duplicate, find_duplicates, tell_apart
from apps.customers.actions.gaps import keep_gaps, keep_gaps_of_store, note_archive_day
from apps.customers.actions.numbers import (
    add_number,
    correct_number,
    keep_reachable,
    mark_number,
    responsible_department,
)
from apps.customers.actions.people import (
    add_customer,
    add_vehicle,
    change_customer,
    change_owner,
    change_vehicle,
    plate,
    set_fate,
)
from apps.customers.actions.readings import decide_reading, record_elsewhere, record_reading
from apps.customers.actions.refresh import hold_cars, refresh_cars
from apps.customers.actions.rights import (
    set_privacy,
    settle_deletion,
    settle_request,
    take_request,
)
from apps.customers.actions.schedules import add_schedule

__all__ = [
    "add_customer",
    "add_defaults",
    "add_number",
    "add_schedule",
    "add_text",
    "add_vehicle",
    "change_customer",
    "change_owner",
    "change_vehicle",
    "correct_number",
    "decide_reading",
    "dismiss_duplicate",
    "end_stop",
    "find_duplicates",
    "hold_cars",
    "keep_gaps",
    "keep_gaps_of_store",
    "keep_reachable",
    "mark_number",
    "note_archive_day",
    "plate",
    "record_consent",
    "record_elsewhere",
    "record_reading",
    "refresh_cars",
    "responsible_department",
    "set_fate",
    "set_privacy",
    "settle_deletion",
    "settle_request",
    "stop_contact",
    "take_request",
    "tell_apart",
]
