"""The lists of this app that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.service.catalogue_exports import CATALOGUE
from apps.service.forms import DayFilter
from apps.service.order_forms import WorkshopFilter
from apps.service.queries import appointments, orders


def _of_day(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = DayFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    day = form.cleaned_data.get("day") or today
    return appointments.appointments_on(user, day, form.cleaned_data)


APPOINTMENT = (
    (_("From"), lambda row: row.starts_at),
    (_("Until"), lambda row: row.ends_at),
    (_("Customer"), lambda row: row.customer),
    (_("Phone"), lambda row: masked(row.customer.main_phone)),
    (_("Car"), lambda row: row.vehicle),
    (_("Model"), lambda row: row.vehicle.model),
    (_("Kind"), lambda row: row.get_kind_display()),
    (_("Symptoms"), lambda row: row.symptoms),
    (_("Bay"), lambda row: row.bay),
    (_("Technician"), lambda row: row.technician),
    (_("Service advisor"), lambda row: row.advisor or ""),
    (_("Source"), lambda row: row.get_source_display()),
    (_("Status"), lambda row: row.get_status_display()),
    (_("Store"), lambda row: row.store),
)
ORDER = (
    (_("Order"), lambda row: row.number),
    (_("Stage"), lambda row: row.get_status_display()),
    (_("Promised for"), lambda row: row.promised_at),
    (_("Late"), lambda row: bool(row.is_late)),
    (_("Car"), lambda row: row.vehicle),
    (_("Model"), lambda row: row.vehicle.model),
    (_("Customer"), lambda row: row.customer),
    (_("Phone"), lambda row: masked(row.customer.main_phone)),
    (_("Kind"), lambda row: row.get_kind_display()),
    (_("Service advisor"), lambda row: row.advisor),
    (_("Technician"), lambda row: row.technician or ""),
    (_("Bay"), lambda row: row.bay or ""),
    (_("Opened at"), lambda row: row.opened_at),
    (_("Store"), lambda row: row.store),
)


def _in_house(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = WorkshopFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return orders.in_house(user, form.cleaned_data, Now())


LISTINGS = CATALOGUE | {
    "service:workshop": Listing(_("Cars in the house"), "service.view_order", _in_house, ORDER),
    "service:appointment-list": Listing(
        _("Appointments"), "service.view_appointment", _of_day, APPOINTMENT
    ),
    "service:handover-list": Listing(
        _("To be taken over"),
        "service.view_appointment",
        lambda user, asked, today: appointments.not_handed_over(user),
        APPOINTMENT,
    ),
}
