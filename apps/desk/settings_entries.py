"""The entries of the menu for the store's own numbers, words, people and records."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.desk.entry import Entry, of_service, of_showroom
from apps.desk.exporting import MAY_EXPORT

BUILT = "bay-new bay-edit technician-new technician-edit closure-new day-new day-edit"

SETTINGS: tuple[tuple[Entry, ...], ...] = (
    (
        Entry(
            "care:scripts",
            "script",
            gettext_lazy("Scripts"),
            ("care.view_script",),
            covers=("care:script", "care:script-work"),
        ),
        Entry(
            "messaging:template-list",
            "template",
            gettext_lazy("Message texts"),
            ("messaging.change_template",),
        ),
        Entry("care:policy", "adjustments", gettext_lazy("Care numbers"), ("care.view_policy",)),
        Entry(
            "complaints:numbers",
            "hourglass",
            gettext_lazy("Limits of quick responses"),
            ("complaints.change_numbers",),
            covers=("complaints:numbers-new",),
        ),
        Entry(
            "customers:schedule-list",
            "tool",
            gettext_lazy("Maintenance schedules"),
            ("customers.change_schedule",),
        ),
        Entry(
            "reception:sheet-list",
            "file-description",
            gettext_lazy("Models and prices"),
            ("reception.view_sales",),
            covers=of_showroom(
                "sheet model-new model-edit sheet-edit trim-new trim-edit price-new"
            ),
        ),
        Entry(
            "reception:sales-settings",
            "adjustments-dollar",
            gettext_lazy("Showroom settings"),
            ("reception.keep_sheets",),
            covers=of_showroom("sales-numbers-new"),
        ),
        Entry(
            "delivery:settings",
            "adjustments-check",
            gettext_lazy("Hand-over settings"),
            ("delivery.manage",),
        ),
        Entry(
            "service:capacity",
            "building-factory",
            gettext_lazy("Workshop settings"),
            ("service.manage_workshop",),
            covers=of_service(f"capacity-new {BUILT}"),
        ),
        Entry(
            "desk:request-list",
            "user-shield",
            gettext_lazy("Requests about personal data"),
            ("customers.settle_request",),
            covers=(
                *("desk:request", "desk:request-new"),
                *("desk:privacy", "desk:privacy-new", "desk:consent-text-new"),
            ),
        ),
        Entry(
            "exchange:import-list",
            "database-import",
            gettext_lazy("Import of data"),
            ("exchange.import_files",),
            covers=("exchange:import", "exchange:import-new"),
        ),
        Entry(
            "desk:audit-looks",
            "eye-check",
            pgettext_lazy("menu", "Audit"),
            ("audit.view_audit",),
            covers=("desk:audit-opened", "desk:audit-changes", "desk:audit-sign-ins"),
        ),
        Entry("desk:downloads", "download", gettext_lazy("Exports"), (MAY_EXPORT,)),
    ),
    (
        Entry("desk:setup", "list-check", gettext_lazy("Set-up of the store"), ("desk.set_up",)),
        Entry(
            "accounts:people",
            "user-cog",
            gettext_lazy("People"),
            ("accounts.manage_people",),
            covers=("accounts:person", "accounts:person-new", "accounts:roles"),
        ),
        Entry(
            "accounts:teams",
            "users-group",
            gettext_lazy("Teams"),
            ("accounts.manage_teams",),
            covers=("accounts:team",),
        ),
        Entry(
            "accounts:roster", "calendar-user", gettext_lazy("Roster"), ("accounts.manage_roster",)
        ),
        Entry(
            "accounts:calendar",
            "calendar-event",
            gettext_lazy("Calendar"),
            ("accounts.manage_calendar",),
        ),
        Entry(
            "accounts:store", "building-store", gettext_lazy("Store"), ("accounts.manage_store",)
        ),
    ),
)
