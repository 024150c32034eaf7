"""The purchases as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.reception.forms.opportunities import OpportunityFilter
from apps.reception.queries import pipeline


def _opportunities(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = OpportunityFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return pipeline.asked_for(user, form.cleaned_data, today, Now())


OPPORTUNITIES = {
    "reception:opportunity-list": Listing(
        _("Opportunities"),
        "reception.view_sales",
        _opportunities,
        (
            (_("Customer"), lambda row: row.customer),
            (_("Phone"), lambda row: masked(row.customer.main_phone)),
            (_("Status"), lambda row: row.get_status_display()),
            (_("Level"), lambda row: row.level.upper()),
            (_("Model"), lambda row: row.car_model or ""),
            (_("Configuration"), lambda row: row.trim or ""),
            (_("Colour"), lambda row: row.colour),
            (_("Source"), lambda row: row.get_source_display()),
            (_("Purpose"), lambda row: row.get_purpose_display()),
            (_("Budget"), lambda row: row.budget_amount),
            (_("Payment"), lambda row: row.get_pay_mode_display()),
            (_("Present car"), lambda row: row.current_car),
            (_("Decides by"), lambda row: row.decides_on),
            (_("What matters"), lambda row: row.needs),
            (_("Opened at"), lambda row: row.opened_at),
            (_("Last contact"), lambda row: row.contacted_at),
            (_("Next contact"), lambda row: row.follow_up_on),
            (_("Promised until"), lambda row: row.clock and row.clock.due_at),
            (_("Why lost"), lambda row: row.get_lost_reason_display()),
            (_("Bought instead"), lambda row: row.lost_to),
            (_("Sales consultant"), lambda row: row.consultant),
            (_("Store"), lambda row: row.store),
        ),
        complete=pipeline.with_clocks,
    ),
}
