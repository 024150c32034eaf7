"""The lists of parts and operations as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.checklists import queries as checklists
from apps.checklists.choices import ChecklistKind
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.service.forms.catalogue import OperationFilter, PartFilter
from apps.service.forms.registers import RescueFilter
from apps.service.queries import parts, registers
from apps.service.queries.waiting import waiting


def _catalogue(rows: Any, filter_form: Any) -> Any:
    def asked_for(user: Any, asked: Mapping[str, Any], today: date) -> Any:
        form = filter_form(asked)
        form.is_valid()
        return rows(store_shown(user, asked), form.cleaned_data, today)

    return asked_for


def _short(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    rows = parts.short(store_shown(user, asked), today)
    return [(one.appointment, *line) for one in rows for line in one.lines]


def _rescues(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = RescueFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return registers.rescues(user, form.cleaned_data)


def _nights(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return registers.nights(user, registers.day_asked(asked, today), today)


CATALOGUE = {
    "service:rescue-list": Listing(
        _("Outside rescues"),
        "service.view_appointment",
        _rescues,
        (
            (_("Called at"), lambda row: row.called_at),
            (_("Caller"), lambda row: row.caller),
            (_("Phone"), lambda row: masked(row.phone)),
            (_("Car"), lambda row: row.vehicle or row.plate),
            (_("Where it was"), lambda row: row.place),
            (_("What is wrong"), lambda row: row.trouble),
            (_("Who went"), lambda row: row.went or ""),
            (_("Set off at"), lambda row: row.left_at),
            (_("Back at"), lambda row: row.back_at),
            (_("Result"), lambda row: row.get_result_display()),
            (_("Cost"), lambda row: row.cost_amount),
            (_("Remark"), lambda row: row.remark),
            (_("Entered by"), lambda row: row.by),
            (_("Store"), lambda row: row.store),
        ),
    ),
    "service:overnight-list": Listing(
        _("Overnight cars"),
        "service.view_appointment",
        _nights,
        (
            (_("Order"), lambda night: night.order.number),
            (_("Car"), lambda night: night.order.vehicle),
            (_("Customer"), lambda night: night.order.customer or ""),
            (_("Stage"), lambda night: night.order.get_status_display()),
            (_("Reason"), lambda night: night.row.reason if night.row else ""),
            (_("Where the key is"), lambda night: night.row.key_place if night.row else ""),
            (_("Entered by"), lambda night: night.row.by if night.row else ""),
        ),
    ),
    "service:preparation-list": Listing(
        _("History of the preparation"),
        "service.view_appointment",
        lambda user, asked, today: checklists.runs(user, ChecklistKind.PREPARATION),
        (
            (_("Day"), lambda run: run.on),
            (_("Done by"), lambda run: run.by),
            (_("Done at"), lambda run: run.at),
            (_("People on duty"), lambda run: run.people),
            (_("Missing points"), lambda run: run.missing),
            (_("Store"), lambda run: run.store),
        ),
    ),
    "service:waiting-list": Listing(
        _("Waiting list"),
        "service.view_appointment",
        lambda user, asked, today: waiting(user).select_related("customer", "vehicle", "by"),
        (
            (_("Asked at"), lambda row: row.made_at),
            (_("Customer"), lambda row: row.customer),
            (_("Phone"), lambda row: masked(row.customer.main_phone)),
            (_("Car"), lambda row: row.vehicle),
            (_("Earliest day"), lambda row: row.wanted_from),
            (_("Latest day"), lambda row: row.wanted_until),
            (_("Minutes"), lambda row: row.minutes),
            (_("Skill"), lambda row: row.get_skill_display()),
            (_("Remark"), lambda row: row.remark),
            (_("Entered by"), lambda row: row.by),
        ),
    ),
    "service:part-list": Listing(
        _("Parts"),
        "service.view_appointment",
        _catalogue(parts.parts, PartFilter),
        (
            (_("Part number"), lambda row: row.number),
            (_("Name of the part"), lambda row: row.name),
            (_("Unit"), lambda row: row.unit),
            (_("Price"), lambda row: row.price_amount),
            (_("In stock"), lambda row: row.stock),
            (_("Reserved"), lambda row: row.reserved),
            (_("Free"), lambda row: row.free),
            (_("Reorder at"), lambda row: row.reorder_at),
            (_("On their way"), lambda row: row.expected),
            (_("Expected on"), lambda row: row.next_on),
        ),
    ),
    "service:operation-list": Listing(
        _("Operations"),
        "service.view_appointment",
        _catalogue(lambda store, asked, today: parts.operations(store, asked), OperationFilter),
        (
            (_("Operation code"), lambda row: row.code),
            (_("Name of the operation"), lambda row: row.name),
            (_("Kind"), lambda row: row.get_kind_display()),
            (_("Skill"), lambda row: row.get_skill_display()),
            (_("Standard minutes"), lambda row: row.minutes),
            (_("Labour price"), lambda row: row.price_amount),
            (
                _("Usual parts"),
                lambda row: "; ".join(f"{p.part.number} × {p.quantity}" for p in row.parts.all()),
            ),
        ),
    ),
    "service:supply-list": Listing(
        _("Parts on their way"),
        "service.view_appointment",
        lambda user, asked, today: parts.supplies(user),
        (
            (_("Part number"), lambda row: row.part.number),
            (_("Name of the part"), lambda row: row.part.name),
            (_("Expected on"), lambda row: row.expected_on),
            (_("Pieces"), lambda row: row.quantity),
            (_("Kind"), lambda row: row.get_kind_display()),
            (_("Where from"), lambda row: row.note),
            (_("Ordered by"), lambda row: row.by),
            (_("Store"), lambda row: row.store),
        ),
    ),
    "service:parts-short": Listing(
        _("Parts short"),
        "service.view_appointment",
        _short,
        (
            (_("From"), lambda row: row[0].starts_at),
            (_("Customer"), lambda row: row[0].customer),
            (_("Phone"), lambda row: masked(row[0].customer.main_phone)),
            (_("Car"), lambda row: row[0].vehicle),
            (_("Part number"), lambda row: row[1].part.number),
            (_("Name of the part"), lambda row: row[1].part.name),
            (_("Pieces"), lambda row: row[1].quantity),
            (_("State"), lambda row: row[2].how.label),
            (_("Not ordered"), lambda row: row[2].short),
            (_("Expected on"), lambda row: row[2].on),
        ),
    ),
}
