"""The menu by role with how much waits behind each entry, and the rest of the shell."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as words_of

from apps.accounts.models import User
from apps.accounts.queries import slots_of
from apps.desk.exporting import MAY_EXPORT, may_export
from apps.desk.waiting import (
    Rows,
    failed_today,
    late_cars,
    my_corrections,
    my_due_calls,
    odd_readings,
    open_differences,
    open_duplicates,
    to_take_over,
    unknown_messages,
    urgent_gaps,
    waiting_customers,
    waiting_replies,
)

CAP = 100  # a count is read from an index up to here, then shown as 99+


@dataclass(frozen=True)
class Entry:
    """One line of the menu: shown to whoever has one of ``permissions``."""

    name: str
    icon: str
    label: Any
    permissions: tuple[str, ...]
    waiting: Callable[[User, date], Rows] | None = None
    covers: tuple[str, ...] = ()  # other pages on which this entry is the current one
    mine: bool = False  # the count is mine to do: blue
    url: str = ""
    here: bool = False
    count: str = ""


CARE = ("care.view_lists",)
BUILT = "bay-new bay-edit technician-new technician-edit closure-new day-new day-edit"


def of_service(names: str) -> tuple[str, ...]:
    return tuple(f"service:{name}" for name in names.split())


MENU: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("desk:home", "home", words_of("menu", "Today"), ("desk.view_home",)),
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
        Entry("care:calls", "phone", gettext_lazy("The team's calls"), ("care.view_team",)),
        Entry("care:today", "chart-bar", gettext_lazy("Done today"), ("care.view_team",)),
        Entry("care:month", "calendar-month", gettext_lazy("This month's list"), CARE),
        Entry("care:failed", "phone-x", gettext_lazy("Failed reminders"), CARE, failed_today),
        Entry("care:follow-ups", "message-check", gettext_lazy("Service follow-ups"), CARE),
        Entry("care:credit", "award", gettext_lazy("Booking credit"), ("care.view_team",)),
        Entry("care:churn", "user-off", gettext_lazy("Lost customers"), CARE),
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
            ("service.view_appointment",),
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
            "customers:schedule-list",
            "tool",
            gettext_lazy("Maintenance schedules"),
            ("customers.change_schedule",),
        ),
        Entry(
            "service:capacity",
            "building-factory",
            gettext_lazy("Workshop settings"),
            ("service.manage_workshop",),
            covers=of_service(f"capacity-new {BUILT}"),
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
            words_of("menu", "Audit"),
            ("audit.view_audit",),
            covers=("desk:audit-opened", "desk:audit-changes", "desk:audit-sign-ins"),
        ),
        Entry("desk:downloads", "download", gettext_lazy("Exports"), (MAY_EXPORT,)),
    ),
    (
        Entry(
            "accounts:people",
            "user-cog",
            gettext_lazy("People"),
            ("accounts.manage_people",),
            covers=("accounts:person", "accounts:person-new", "accounts:roles"),
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


class Shell:
    """What base.html asks for. Nothing is read before it asks, so partials cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user
        self.now = timezone.localtime()

    @cached_property
    def menu(self) -> list[list[Entry]]:
        """The groups that have entries for this person, with counts: one query."""
        match = self.request.resolver_match
        here = match.view_name if match else ""
        granted = self.user.get_all_permissions()
        groups = [
            [
                replace(entry, url=url, here=here == entry.name or here in entry.covers)
                for entry in group
                if granted.intersection(entry.permissions) and (url := _address(entry.name))
            ]
            for group in MENU
        ]
        counts = self._counts([entry for group in groups for entry in group])
        return [
            [replace(entry, count=_capped(counts[entry.name])) for entry in group]
            for group in groups
            if group
        ]

    def _counts(self, entries: list[Entry]) -> Counter[str]:
        on = self.now.date()
        waiting = [
            entry.waiting(self.user, on)
            .order_by()
            .annotate(entry_name=Value(entry.name))
            .values_list("entry_name", flat=True)[:CAP]
            for entry in entries
            if entry.waiting
        ]
        if not waiting:
            return Counter()
        first, *others = waiting
        return Counter(first.union(*others, all=True) if others else first)

    @cached_property
    def listing(self) -> str:
        """The list on this page, if this person may take it out (DATA-03)."""
        match = self.request.resolver_match
        name = match.view_name if match else ""
        return name if may_export(self.user, name) else ""

    @cached_property
    def store_name(self) -> str:
        if self.user.chosen_store_id is not None:
            return str(self.user.chosen_store)
        if len(self.user.all_store_ids) > 1:
            return _("%(count)s stores") % {"count": len(self.user.all_store_ids)}
        return str(self.user.store or "")

    @cached_property
    def store_switch(self) -> bool:
        return len(self.user.all_store_ids) > 1

    @cached_property
    def roles(self) -> str:
        return "、".join(self.user.role_labels)

    @cached_property
    def slot(self) -> str:
        """The call slot that is now, for those who call (ORG-05)."""
        if not self.user.has_perm("care.work_queue") or self.user.store is None:
            return ""
        times = slots_of(self.user.store, self.now.date())
        slot = times.at(self.now)
        if slot is None:
            return _("No call slot now")
        until = next(end for name, _start, end in times.times if name == slot)
        return _("%(slot)s slot, until %(until)s") % {"slot": slot.label, "until": f"{until:%H:%M}"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: Shell(request))}


def _address(name: str) -> str:
    """The entry's address; empty as long as its page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _capped(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count or "")
