"""The lists of this app that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.exchange import queries
from apps.exchange.forms import DifferenceFilter
from apps.exchange.templatetags.exchange_labels import field_label, our_side, their_side


def _differences(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = DifferenceFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return queries.differences(user, form.cleaned_data)


LISTINGS = {
    "exchange:import-list": Listing(
        _("Imports from the DMS"),
        "exchange.import_files",
        lambda user, asked, today: queries.runs_of(user),
        (
            (_("Time"), lambda run: run.created_at),
            (_("Files"), lambda run: "、".join(file.name for file in run.files.all())),
            (_("By"), lambda run: run.by),
            (_("Status"), lambda run: run.get_status_display()),
            (_("New"), lambda run: run.counts.get("new")),
            (_("Changed"), lambda run: run.counts.get("changed")),
            (_("Unchanged"), lambda run: run.counts.get("unchanged")),
            (_("Refused"), lambda run: run.counts.get("refused")),
        ),
    ),
    "exchange:differences": Listing(
        _("The DMS says otherwise"),
        "exchange.settle_differences",
        _differences,
        (
            (_("Customer"), lambda row: row.customer or row.vehicle.owner),
            (_("Car"), lambda row: row.vehicle),
            (_("Order"), lambda row: row.order),
            (_("Store"), lambda row: row.store),
            (_("Field"), lambda row: field_label(row.field)),
            (_("Now here"), our_side),
            (_("In the DMS"), their_side),
            (_("File"), lambda row: row.file_name),
            (_("Found at"), lambda row: row.found_at),
            (_("Status"), lambda row: row.get_status_display()),
        ),
    ),
}
