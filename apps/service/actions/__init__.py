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
from apps.service.actions.by_customer import (
    cancel_by_customer,
    confirm_by_customer,
    move_by_customer,
)
from apps.service.actions.capacity import add_defaults, set_capacity
from apps.service.actions.check_in import check_in, report_walk, walk_around
from apps.service.actions.closing import hand_back, settle, unsettle
from apps.service.actions.messages import remind, send_new_link, tell
from apps.service.actions.missed import mark_missed
from apps.service.actions.order_lines import (
    add_part,
    add_work,
    answer,
    issue_parts,
    remove_line,
    return_part,
)
from apps.service.actions.orders import OddMileage, change_order, open_order
from apps.service.actions.visits import record_visit, refresh_visits
from apps.service.actions.waiting import leave_list, wait
from apps.service.actions.workshop import (
    check_quality,
    dispatch,
    finish_work,
    not_agree,
    set_stage,
)

__all__ = [
    "OddMileage",
    "accept",
    "add_defaults",
    "add_part",
    "add_work",
    "answer",
    "arrive",
    "book",
    "cancel",
    "cancel_by_customer",
    "change",
    "change_order",
    "check_in",
    "check_quality",
    "confirm",
    "confirm_by_customer",
    "dispatch",
    "finish_work",
    "hand_back",
    "issue_parts",
    "leave_list",
    "mark_missed",
    "mark_no_show",
    "move",
    "move_by_customer",
    "not_agree",
    "open_order",
    "record_visit",
    "refresh_visits",
    "remind",
    "remove_line",
    "report_walk",
    "return_part",
    "send_new_link",
    "set_capacity",
    "set_stage",
    "settle",
    "tell",
    "unsettle",
    "wait",
    "walk_around",
]
