"""Quick responses as a file (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.complaints.forms import ResponseFilter
from apps.complaints.queries import lists
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked


def _responses(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = ResponseFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return lists.asked(user, form.cleaned_data, Now()).select_related("approved_by")


LISTINGS = {
    "complaints:response-list": Listing(
        _("Quick responses"),
        "complaints.view_response",
        _responses,
        (
            (_("Store"), lambda row: row.store),
            (_("Customer"), lambda row: row.customer.name),
            (_("Phone"), lambda row: masked(row.customer.main_phone)),
            (_("Car"), lambda row: row.vehicle),
            (_("Department"), lambda row: row.get_department_display()),
            (_("Opened by"), lambda row: row.get_origin_display()),
            (_("What the customer said"), lambda row: row.text),
            (_("Step"), lambda row: row.get_status_display()),
            (_("Due at"), lambda row: row.due_at),
            (_("Made at"), lambda row: row.made_at),
            (_("Made by"), lambda row: row.made_by),
            (_("Approved by"), lambda row: row.approved_by),
            (_("Accepted by"), lambda row: row.handler),
            (_("Root cause"), lambda row: row.get_root_cause_display()),
            (pgettext_lazy("quick response", "What was done"), lambda row: row.measure),
            (_("Times handled"), lambda row: row.rounds),
            (_("Ended at"), lambda row: row.ended_at),
        ),
    ),
}
