"""The entries of the menu in their groups: their pages, for whom, and what waits behind them."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.desk.entry import Entry, of_care, of_service, of_showroom
from apps.desk.index_entries import INDEX
from apps.desk.judging_entries import JUDGING
from apps.desk.settings_entries import SETTINGS
from apps.desk.waiting import (
    dsm_to_do,
    failed_today,
    late_cars,
    my_corrections,
    my_due_calls,
    my_follow_ups,
    odd_readings,
    open_differences,
    open_duplicates,
    proposed_losses,
    to_take_over,
    unknown_messages,
    urgent_gaps,
    waiting_customers,
    waiting_discounts,
    waiting_parties,
    waiting_replies,
)

CARE = ("care.view_lists",)
WATCHES, SAMPLES = ("care.view_analysis",), ("care.view_sample",)
CAMPAIGNS, ACTIVITIES = ("care.view_campaign",), ("care.view_activity",)
DOOR, SALES, SELLS = ("reception.view_door",), ("reception.view_sales",), ("reception.sell",)
DSM = ("delivery.view_dsm",)


MENU: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("desk:home", "home", pgettext_lazy("menu", "Today"), ("desk.view_home",)),
        Entry(
            "care:queue",
            "phone-call",
            gettext_lazy("Call queue"),
            ("care.work_queue",),
            my_due_calls,
            covers=("care:call",),
            mine=True,
        ),
        Entry("care:my-calls", "list-check", gettext_lazy("My calls"), ("care.work_queue",)),
        Entry("care:warnings", "bell", gettext_lazy("Warnings"), CARE),
        Entry("care:calls", "phone", gettext_lazy("The team's calls"), ("care.view_team",)),
        Entry("care:today", "chart-bar", gettext_lazy("Done today"), ("care.view_team",)),
        Entry("care:month", "calendar-month", gettext_lazy("This month's list"), CARE),
        Entry("care:failed", "phone-x", gettext_lazy("Failed reminders"), CARE, failed_today),
        Entry("care:follow-ups", "message-check", gettext_lazy("Service follow-ups"), CARE),
        Entry("care:credit", "award", gettext_lazy("Booking credit"), ("care.view_team",)),
        Entry("care:churn", "user-off", gettext_lazy("Lost customers"), CARE),
        Entry("care:analysis", "chart-dots", gettext_lazy("Analysis of care"), WATCHES),
        Entry("care:forecast", "trending-up", gettext_lazy("Next 90 days"), WATCHES),
        Entry("care:sample-list", "dice", gettext_lazy("Insurance samples"), SAMPLES),
        Entry(
            "care:campaign-list",
            "speakerphone",
            gettext_lazy("Campaigns"),
            CAMPAIGNS,
            covers=of_care("campaign campaign-new campaign-edit campaign-weather"),
        ),
        Entry(
            "care:activity-list",
            "confetti",
            gettext_lazy("Care activities"),
            ACTIVITIES,
            covers=of_care(
                "activity activity-new activity-edit activity-invite activity-evaluate "
                "participant-list"
            ),
        ),
    ),
    (
        Entry(
            "reception:door",
            "door-enter",
            gettext_lazy("Showroom door"),
            DOOR,
            waiting_parties,
            covers=("reception:visit-edit", "reception:visit-card", "reception:visit-list"),
            mine=True,
        ),
        Entry(
            "reception:my-day",
            "calendar-user",
            gettext_lazy("My customers"),
            SELLS,
            my_follow_ups,
            mine=True,
        ),
        Entry(
            "reception:team-day",
            "calendar-exclamation",
            gettext_lazy("What is overdue"),
            ("reception.view_all_sales",),
        ),
        Entry(
            "reception:opportunity-list",
            "target-arrow",
            gettext_lazy("Opportunities"),
            SALES,
            covers=of_showroom(
                "opportunity opportunity-find opportunity-card opportunity-new opportunity-edit "
                "opportunity-lost opportunity-give opportunity-again presentation-new"
            ),
        ),
        Entry(
            "reception:drive-list",
            "steering-wheel",
            gettext_lazy("Test drives"),
            SALES,
            covers=of_showroom(
                "drive drive-find drive-new drive-move drive-agreement demo-car-list "
                "demo-car-new demo-car-edit route-new route-edit"
            ),
        ),
        Entry(
            "reception:approval-list",
            "rubber-stamp",
            gettext_lazy("To be approved"),
            ("reception.approve_sales",),
            proposed_losses,
            also=waiting_discounts,
            mine=True,
        ),
        Entry("reception:order-list", "file-dollar", gettext_lazy("Sales orders"), SALES),
        Entry("reception:stock-list", "parking", gettext_lazy("New cars"), SALES),
        Entry("delivery:plan", "key", gettext_lazy("Hand-overs"), ("delivery.view_plan",)),
        Entry(
            "delivery:dsm-list",
            "folder-check",
            gettext_lazy("DSM records"),
            DSM,
            dsm_to_do,
            covers=("delivery:dsm", "delivery:dsm-entry", "delivery:dsm-folder"),
            mine=True,
        ),
        Entry(
            "reception:traffic",
            "chart-funnel",
            gettext_lazy("Showroom traffic"),
            ("reception.view_traffic",),
        ),
        Entry(
            "reception:self-check-list",
            "eye-check",
            gettext_lazy("Reception self-check"),
            ("reception.observe", "reception.sell"),
            covers=of_showroom("self-check self-check-new"),
        ),
    ),
    (
        Entry(
            "service:appointment-list",
            "calendar-time",
            gettext_lazy("Appointments"),
            ("service.view_appointment",),
            covers=of_service(
                "appointment appointment-find appointment-new appointment-move appointment-edit"
            ),
        ),
        Entry(
            "service:workshop",
            "car-garage",
            gettext_lazy("Cars in the house"),
            ("service.view_order",),
            late_cars,
            covers=of_service("order order-edit order-add"),
        ),
        Entry(
            "service:board",
            "layout-board",
            gettext_lazy("Board"),
            ("service.view_appointment",),
        ),
        Entry(
            "service:handover-list",
            "arrow-bar-to-down",
            gettext_lazy("To be taken over"),
            ("service.accept_appointment", "care.work_queue"),
            to_take_over,
            mine=True,
        ),
        Entry(
            "service:check-in-list",
            "clipboard-check",
            gettext_lazy("Check-in"),
            ("service.receive_car",),
            covers=("service:check-in-new", "service:check-in", "service:check-in-walk"),
        ),
        Entry(
            "service:waiting-list",
            "hourglass",
            gettext_lazy("Waiting list"),
            ("service.view_appointment",),
            waiting_customers,
            covers=("service:waiting-new", "service:waiting-leave"),
        ),
        Entry(
            "service:load",
            "gauge",
            gettext_lazy("How full the workshop is"),
            ("service.view_appointment",),
            covers=("service:stranded-list",),
        ),
        Entry(
            "service:preparation",
            "checklist",
            gettext_lazy("Registers of the reception"),
            ("service.view_appointment",),
            covers=of_service(
                "preparation-list preparation-points rescue-list rescue-new rescue-edit "
                "overnight-list overnight-edit"
            ),
        ),
        Entry(
            "service:part-list",
            "package",
            gettext_lazy("Parts and operations"),
            ("service.view_catalogue",),
            covers=of_service(
                "part part-new part-edit part-stock parts-short supply-list supply-new "
                "supply-postpone operation-list operation-new operation-edit operation-history"
            ),
        ),
    ),
    (
        Entry(
            "desk:customer-list",
            "users",
            gettext_lazy("Customers"),
            ("customers.view_customer",),
            covers=("desk:customer", "desk:vehicle", "desk:search"),
        ),
        Entry(
            "customers:correction-list",
            "phone-check",
            gettext_lazy("Number corrections"),
            ("customers.correct_number",),
            my_corrections,
            mine=True,
        ),
        Entry(
            "customers:gaps",
            "clipboard-list",
            gettext_lazy("Records to complete"),
            ("customers.view_gaps",),
            urgent_gaps,
        ),
        Entry(
            "customers:health",
            "heartbeat",
            gettext_lazy("State of the archive"),
            ("customers.view_health",),
        ),
        Entry(
            "customers:duplicate-list",
            "users-group",
            gettext_lazy("Possible duplicates"),
            ("customers.view_duplicate",),
            open_duplicates,
            covers=("desk:duplicate", "desk:merge-list"),
        ),
        Entry(
            "customers:reading-list",
            "gauge",
            gettext_lazy("Mileage review"),
            ("customers.review_mileage",),
            odd_readings,
        ),
        Entry(
            "exchange:differences",
            "arrows-diff",
            gettext_lazy("The DMS says otherwise"),
            ("exchange.settle_differences",),
            open_differences,
        ),
        Entry(
            "messaging:message-list",
            "messages",
            gettext_lazy("SMS and e-mail"),
            ("messaging.view_message",),
        ),
        Entry(
            "messaging:reply-list",
            "message-reply",
            gettext_lazy("SMS replies"),
            ("messaging.view_message",),
            waiting_replies,
        ),
        Entry(
            "messaging:unknown-list",
            "message-question",
            gettext_lazy("Messages without answer"),
            ("messaging.settle_message",),
            unknown_messages,
        ),
    ),
    *INDEX,
    *JUDGING,
    *SETTINGS,
)
