"""Everything that changes the archive, by noun."""

from apps.customers.actions.defaults import add_defaults
from apps.customers.actions.readings import decide_reading, record_elsewhere, record_reading
from apps.customers.actions.refresh import hold_cars, refresh_cars

__all__ = [
    "add_defaults",
    "decide_reading",
    "hold_cars",
    "record_elsewhere",
    "record_reading",
    "refresh_cars",
]
