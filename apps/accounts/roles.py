"""Who may do what: the one table role → permissions (ORG-01), and the sign-in that reads it.

A permission is ``app.verb_noun``; views ask for it with ``permission_required``. The store
is a second question, answered by ``visible_to`` and ``of_own_store`` (ORG-02).
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from apps.accounts.choices import Role

EVERYBODY = {
    *("desk.view_home", "accounts.keep_own_account"),
    *("penalties.view_rules", "penalties.view_own"),  # PEN-06: everybody reads by what he is judged
}
READS_CUSTOMERS = {"desk.search", "customers.view_customer"}
SEES_GAPS = {"customers.view_gaps"}
SEES_HEALTH = SEES_GAPS | {"customers.view_health"}
SEES_REQUESTS = {"customers.view_request"}
TAKES_REQUESTS = SEES_REQUESTS | {"customers.take_request"}
SETTLES_REQUESTS = TAKES_REQUESTS | {"customers.settle_request"}
KEEPS_CUSTOMERS = (
    READS_CUSTOMERS
    | SEES_GAPS
    | TAKES_REQUESTS
    | {"customers.change_customer", "customers.show_number", "delivery.record_delivery"}
)
SEES_DOUBLES = {"customers.view_duplicate"}
MERGES = SEES_DOUBLES | {"customers.merge_customer"}
CORRECTS_NUMBERS = {"customers.correct_number"}
TEAMS = {"accounts.manage_teams"}
LEADS = TEAMS | {
    "accounts.manage_people",
    "accounts.manage_roster",
    "accounts.manage_calendar",
}
SEES_CAMPAIGNS = {"care.view_campaign", "care.view_activity"}
DRAFTS_CAMPAIGNS = SEES_CAMPAIGNS | {"care.write_campaign", "care.keep_attendance"}
SEES_SAMPLES = {"care.view_sample"}
WATCHES_CARE = (
    SEES_CAMPAIGNS
    | SEES_SAMPLES
    | {"care.view_team", "care.view_lists", "care.view_policy", "care.view_script"}
    | {"care.view_analysis"}
)
RUNS_CARE = (
    WATCHES_CARE
    | DRAFTS_CAMPAIGNS
    | {"care.reassign_call", "care.change_policy", "care.change_script"}
    | {"care.approve_campaign", "care.run_activity"}
)
SEES_FILES = {"exchange.import_files"}
SETTLES_DIFFERENCES = {"exchange.settle_differences"}
SEES_MESSAGES = {"messaging.view_message"}
HANDLES_REPLIES = SEES_MESSAGES | {"messaging.handle_reply"}
SETTLES_MESSAGES = HANDLES_REPLIES | {"messaging.settle_message", "messaging.change_template"}
SEES_CATALOGUE = {"service.view_catalogue"}  # parts and operations, without who needs them
SEES_APPOINTMENTS = SEES_CATALOGUE | {"service.view_appointment", "service.view_order"}
BOOKS = SEES_APPOINTMENTS | {"service.book_appointment"}
RECEIVES = BOOKS | {"service.receive_car"}
RUNS_RECEPTION = RECEIVES | {"service.accept_appointment"}
RUNS_WORKSHOP = {"service.run_workshop"}
WRITES_ORDERS = RUNS_WORKSHOP | {"service.write_order"}
ORDERS_PARTS = {"service.order_parts"}
KEEPS_WORKSHOP = SEES_APPOINTMENTS | ORDERS_PARTS | {"service.manage_workshop"}
SEES_REGISTER = {"reception.view_register"}
SEES_DOOR = SEES_REGISTER | {"reception.view_door"}
WORKS_DOOR = SEES_DOOR | {"reception.register_visit"}
SEES_SALES = {"reception.view_sales"}  # a consultant: his own (reception.queries.opportunities)
SEES_ALL_SALES = SEES_SALES | {"reception.view_all_sales"}
SEES_TRAFFIC = SEES_REGISTER | {"reception.view_traffic"}
SEES_DELIVERIES = {"delivery.view_plan"}
CHECKS_NEW_CARS = SEES_DELIVERIES | {"delivery.check_car"}
SEES_DSM = {"delivery.view_dsm"}
CHECKS_DSM = SEES_DELIVERIES | SEES_DSM | {"delivery.check_dsm"}
SELLS = (
    WORKS_DOOR
    | SEES_SALES
    | SEES_DELIVERIES
    | SEES_DSM
    | {"reception.sell", "delivery.plan", "delivery.hand_over", "delivery.enter_dsm"}
)
RUNS_SALES = (
    SELLS
    | SEES_ALL_SALES
    | SEES_TRAFFIC
    | CHECKS_NEW_CARS
    | {"reception.approve_sales", "reception.keep_sheets", "reception.observe", "delivery.manage"}
)
# SSI: who asks, who reads scores and answers, who keeps the models; the steps of a quick response
# are told apart by complaints.policy.roles_for
SEES_GUIDE = {"ssi.view_guide"}
SEES_RESPONSES = {"complaints.view_response", "complaints.view_numbers"}
TAKES_STEPS = SEES_RESPONSES | {"complaints.take_step"}
ASKS = SEES_GUIDE | TAKES_STEPS | {"complaints.make_response", "ssi.ask", "ssi.view_model"}
SEES_SCORES = SEES_GUIDE | SEES_RESPONSES | {"ssi.view_scores", "ssi.view_model"}
DOUBTS = SEES_SCORES | {"ssi.view_honesty"}  # who asked, and can it be believed? (SSI-10)
KEEPS_INDEX = (
    ASKS
    | DOUBTS
    | {"ssi.change_model", "ssi.change_guide", "ssi.recall", "ssi.enter_official"}
    | {"complaints.change_numbers"}
)
SEES_ROOMS = {"ssi.view_rooms"}
CHECKS_ROOMS = SEES_ROOMS | {"ssi.check_rooms"}
MENDS = SEES_GUIDE | TAKES_STEPS  # a department handles what its customers were not content with
# PEN-08: who must see others' proposals, and who decides at which step
SEES_PENALTIES = {"penalties.view_others", "penalties.view_all"}
DECIDES = SEES_PENALTIES | {"penalties.decide"}
SEES_OWN_DEPARTMENTS = {"penalties.view_others", "penalties.view_department"}
SEES_REPORTS = {"reports.view_report"}
MANAGES_BY_FIGURES = SEES_REPORTS | {"reports.view_board"}
# A store is set up by its administrator: its facts, numbers, words and lists; nobody's data, and no
# decision about prices or people's money (rules, targets, greetings), which their managers take
SETS_UP = (
    {"desk.set_up", "accounts.manage_store"}
    | SEES_CATALOGUE
    | {"service.manage_workshop", "customers.change_schedule"}
    | {"care.view_policy", "care.change_policy", "care.view_script", "care.change_script"}
    | {"messaging.change_template"}
    | {"complaints.view_numbers", "complaints.change_numbers"}
    | SEES_GUIDE
    | {"ssi.view_model", "ssi.change_model", "ssi.change_guide"}
)
EXPORTS = {"audit.export_lists"}  # who answers for a department may take its lists out

PERMISSIONS: dict[str, set[str]] = {
    Role.RECEPTIONIST: KEEPS_CUSTOMERS | RECEIVES | WORKS_DOOR | SEES_DELIVERIES,
    Role.SALES_CONSULTANT: MENDS
    | KEEPS_CUSTOMERS
    | SELLS
    | CORRECTS_NUMBERS
    | {"customers.correct_sales_number"},
    Role.SALES_MANAGER: SEES_OWN_DEPARTMENTS
    | MANAGES_BY_FIGURES
    | MENDS
    | SEES_SCORES
    | TEAMS
    | CHECKS_ROOMS
    | KEEPS_CUSTOMERS
    | {"care.view_activity"}
    | SEES_FILES
    | RUNS_SALES
    | SEES_HEALTH
    | EXPORTS
    | MERGES
    | CORRECTS_NUMBERS
    | SETTLES_DIFFERENCES
    | {"customers.correct_sales_number"}
    | {"accounts.manage_roster"},
    Role.SERVICE_ADVISOR: MENDS
    | KEEPS_CUSTOMERS
    | RECEIVES
    | CHECKS_NEW_CARS
    | WRITES_ORDERS
    | ORDERS_PARTS
    | CORRECTS_NUMBERS
    | {"customers.correct_service_number", "customers.review_mileage"},
    Role.SERVICE_SUPERVISOR: MENDS
    | KEEPS_CUSTOMERS
    | CHECKS_NEW_CARS
    | RUNS_RECEPTION
    | WRITES_ORDERS
    | ORDERS_PARTS
    | MERGES
    | CORRECTS_NUMBERS
    | {"customers.correct_service_number", "customers.review_mileage", "accounts.manage_roster"},
    Role.SERVICE_MANAGER: SEES_OWN_DEPARTMENTS
    | SEES_ROOMS
    | MANAGES_BY_FIGURES
    | MENDS
    | KEEPS_CUSTOMERS
    | {"care.view_activity"}
    | SEES_FILES
    | CHECKS_NEW_CARS
    | RUNS_RECEPTION
    | KEEPS_WORKSHOP
    | WRITES_ORDERS
    | {"service.give_any_discount"}
    | SEES_HEALTH
    | EXPORTS
    | MERGES
    | CORRECTS_NUMBERS
    | SETTLES_DIFFERENCES
    | {"customers.correct_service_number", "customers.review_mileage", "accounts.manage_roster"}
    | {"customers.change_schedule"},
    Role.WORKSHOP: READS_CUSTOMERS | SEES_APPOINTMENTS | RUNS_WORKSHOP | CHECKS_NEW_CARS,
    Role.CARE_SPECIALIST: SEES_REPORTS
    | {"reports.submit"}
    | ASKS
    | CHECKS_ROOMS
    | KEEPS_CUSTOMERS
    | CHECKS_DSM
    | BOOKS
    | SEES_DOUBLES
    | HANDLES_REPLIES
    | DRAFTS_CAMPAIGNS
    | SEES_SAMPLES
    | {"care.work_queue", "care.view_lists", "care.view_script"}
    | {"customers.stop_contact", "customers.review_mileage"},
    Role.CARE_MANAGER: DECIDES
    | MANAGES_BY_FIGURES
    | {"penalties.name_greeter", "reports.submit", "reports.review", "reports.set_target"}
    | KEEPS_INDEX
    | CHECKS_ROOMS
    | KEEPS_CUSTOMERS
    | CHECKS_DSM
    | SEES_ALL_SALES
    | BOOKS
    | SEES_HEALTH
    | EXPORTS
    | MERGES
    | RUNS_CARE
    | SETTLES_REQUESTS
    | SETTLES_MESSAGES
    | SEES_FILES
    | SETTLES_DIFFERENCES
    | {"customers.stop_contact", "customers.review_mileage", "customers.change_schedule"}
    | {"accounts.manage_roster"},
    Role.INSURANCE_SPECIALIST: KEEPS_CUSTOMERS
    | BOOKS
    | SEES_SAMPLES
    | {"care.work_queue", "care.view_lists", "care.view_script", "customers.stop_contact"},
    Role.ADMINISTRATION: SEES_PENALTIES
    | {"penalties.issue", "penalties.close_month"}
    | EXPORTS
    | TEAMS
    | {
        "accounts.manage_people",
        "accounts.manage_roster",
        "accounts.manage_calendar",
    },
    Role.GENERAL_MANAGER: DECIDES
    | MANAGES_BY_FIGURES
    | {"penalties.change_rules", "penalties.decide_appeal"}
    | {"reports.decide", "reports.set_target"}
    | DOUBTS
    | SEES_ROOMS
    | TAKES_STEPS
    | {"ssi.enter_official"}
    | READS_CUSTOMERS
    | SEES_DOOR
    | SEES_ALL_SALES
    | SEES_TRAFFIC
    | SEES_DELIVERIES
    | SEES_DSM
    | KEEPS_WORKSHOP
    | SEES_HEALTH
    | SEES_DOUBLES
    | WATCHES_CARE
    | LEADS
    | SEES_MESSAGES
    | SEES_FILES
    | EXPORTS
    | SETTLES_REQUESTS
    | {"desk.set_up", "accounts.manage_store", "audit.view_audit"},
    Role.GROUP_MANAGER: MANAGES_BY_FIGURES
    | SEES_ROOMS
    | DOUBTS
    | READS_CUSTOMERS
    | SEES_APPOINTMENTS
    | SEES_ALL_SALES
    | SEES_TRAFFIC
    | SEES_DELIVERIES
    | SEES_HEALTH
    | WATCHES_CARE
    | EXPORTS,
    Role.SYSTEM_ADMINISTRATOR: LEADS | SEES_FILES | SETS_UP | {"audit.view_audit"},
}


def permissions_of(roles: list[str]) -> set[str]:
    """Everything that a holder of ``roles`` may do; nothing without a role."""
    granted = set().union(*(PERMISSIONS[Role(role)] for role in roles))
    return granted | EVERYBODY if roles else granted


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by user name (through allauth) and grants by the table above."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return permissions_of(user_obj.roles)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(p.startswith(f"{app_label}.") for p in self.get_all_permissions(user_obj))
