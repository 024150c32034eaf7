"""Everything that changes deliveries."""

from apps.delivery.actions.deliveries import record_delivery
from apps.delivery.actions.handing_over import Sheet, finish, start
from apps.delivery.actions.planning import NotFree, agree_time, cancel, plan
from apps.delivery.actions.preparing import check_car, keep_papers, mark_ready, tell_customer
from apps.delivery.actions.settings import add_defaults, change_area, enter_area, set_numbers

__all__ = [
    "NotFree",
    "Sheet",
    "add_defaults",
    "agree_time",
    "cancel",
    "change_area",
    "check_car",
    "enter_area",
    "finish",
    "keep_papers",
    "mark_ready",
    "plan",
    "record_delivery",
    "set_numbers",
    "start",
    "tell_customer",
]
