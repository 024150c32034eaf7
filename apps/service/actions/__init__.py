"""Everything that changes the workshop's facts."""

from apps.service.actions.appointments import (
    accept,
    arrive,
    cancel,
    change,
    confirm,
    mark_no_show,
)
from apps.service.actions.booking import book, move
from apps.service.actions.capacity import add_defaults, set_capacity
from apps.service.actions.visits import record_visit, refresh_visits
from apps.service.actions.waiting import leave_list, wait

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
