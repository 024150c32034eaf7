"""Everything that changes the workshop's facts."""

from apps.service.actions.booking import (
    accept,
    arrive,
    book,
    cancel,
    change,
    confirm,
    leave_list,
    mark_no_show,
    move,
    wait,
)
from apps.service.actions.capacity import add_defaults, set_capacity
from apps.service.actions.visits import record_visit, refresh_visits

__all__ = [
    "accept",
    "add_defaults",
    "arrive",
    "book",
    "cancel",
    "change",
    "confirm",
    "leave_list",
    "mark_no_show",
    "move",
    "record_visit",
    "refresh_visits",
    "set_capacity",
    "wait",
]
