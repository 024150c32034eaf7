"""The lists of this app that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.customers import doubles, figures, gaps, queries
from apps.customers.forms import GapFilter, HealthFilter


def _gaps(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = GapFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return gaps.asked_for(user, form.cleaned_data)


def _bad_numbers(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = HealthFilter(asked)
    form.is_valid()
    since, until = figures.period(form.cleaned_data, today)
    return figures.listed(store_shown(user, asked), since, until, form.cleaned_data)


LISTINGS = {
    "customers:health": Listing(
        _("Numbers found empty or wrong"),
        "customers.view_health",
        _bad_numbers,
        (
            (_("Customer"), lambda row: row.customer),
            (_("Number"), lambda row: masked(row.number.number)),
            (_("Found"), lambda row: row.get_found_display()),
            (_("Asked at"), lambda row: row.asked_at),
            (_("Asked by"), lambda row: row.asked_by),
            (_("Recorded by"), lambda row: row.number.recorded_by or _("an import")),
            (_("Status"), lambda row: row.get_status_display()),
            (_("Corrected"), lambda row: row.done_at),
            (_("Corrected by"), lambda row: row.done_by),
        ),
    ),
    "customers:gaps": Listing(
        _("Records to complete"),
        "customers.view_gaps",
        _gaps,
        (
            (_("Store"), lambda row: row.store),
            (_("Customer"), lambda row: row.owner),
            (_("Phone"), lambda row: masked(row.owner.main_phone) if row.owner else ""),
            (_("Car"), lambda row: row.vehicle),
            (_("Model"), lambda row: row.vehicle and row.vehicle.model),
            (_("Lacks"), lambda row: row.get_lack_display()),
            (_("Maintenance due"), lambda row: row.due_on),
            (_("Recorded by"), lambda row: row.recorded_by or _("an import")),
        ),
    ),
    "customers:duplicate-list": Listing(
        _("Possible duplicates"),
        "customers.view_duplicate",
        lambda user, asked, today: doubles.open_pairs(user, asked.get("sign", "")),
        (
            (_("Store"), lambda row: row.store),
            (_("One record"), lambda row: row.low),
            (_("Phone"), lambda row: masked(row.low.main_phone)),
            (_("The other record"), lambda row: row.high),
            (_("Phone"), lambda row: masked(row.high.main_phone)),
            (_("Why"), lambda row: "、".join(row.sign_labels)),
            (_("Found"), lambda row: row.found_at),
        ),
    ),
    "customers:correction-list": Listing(
        _("Number corrections"),
        "customers.correct_number",
        lambda user, asked, today: queries.open_corrections(user),
        (
            (_("Customer"), lambda row: row.customer),
            (_("Number"), lambda row: masked(row.number.number)),
            (_("Status"), lambda row: row.number.get_status_display()),
            (_("Department"), lambda row: row.get_department_display()),
            (_("Asked by"), lambda row: row.asked_by),
            (_("Asked at"), lambda row: row.asked_at),
        ),
    ),
    "customers:reading-list": Listing(
        _("Mileage review"),
        "customers.review_mileage",
        lambda user, asked, today: queries.doubted_readings(user),
        (
            (_("Car"), lambda line: line.reading.vehicle),
            (_("Owner"), lambda line: line.reading.vehicle.owner),
            (_("Day"), lambda line: line.reading.on),
            (_("Doubted"), lambda line: line.reading.km),
            (_("Day before"), lambda line: line.before and line.before.on),
            (_("Before"), lambda line: line.before and line.before.km),
            (_("Day after"), lambda line: line.after and line.after.on),
            (_("After"), lambda line: line.after and line.after.km),
            (_("Source"), lambda line: line.reading.get_source_display()),
        ),
        complete=queries.with_neighbours,
    ),
    "customers:schedule-list": Listing(
        _("Maintenance schedules"),
        "customers.change_schedule",
        lambda user, asked, today: queries.schedules(user),
        (
            (_("Store"), lambda row: row.store),
            (_("Model"), lambda row: row.model or _("all models")),
            (_("In force from"), lambda row: row.effective_from),
            (_("first service: call from month"), lambda row: row.first_opens_months),
            (_("first service: due at month"), lambda row: row.first_months),
            (_("first service: km"), lambda row: row.first_km),
            (_("maintenance: months"), lambda row: row.interval_months),
            (_("maintenance: km"), lambda row: row.interval_km),
        ),
    ),
}
