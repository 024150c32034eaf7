"""The lists of this floor that can be taken out as files (DATA-03)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.delivery.forms.dsm import DsmFilter
from apps.delivery.hand_over_exports import LISTINGS as HAND_OVERS
from apps.delivery.queries import dsm
from apps.delivery.queries.dsm import Line


def _asked(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = DsmFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return dsm.asked_for(user, form.cleaned_data, today, Now()).annotate(read_at=Now())


def _lines(records: list[Any]) -> Iterator[Line]:
    return (dsm.line_of(record, record.read_at) for record in records)


def _buyer(line: Line) -> Any:
    return line.record.delivery.customer or ""


DSM = (
    (_("Delivered on"), lambda line: line.record.delivery.delivered_on),
    (_("Car"), lambda line: line.record.delivery.vehicle),
    (_("VIN"), lambda line: line.record.delivery.vehicle.vin),
    (_("Model"), lambda line: line.record.delivery.vehicle.model),
    (_("Customer"), _buyer),
    (_("Phone"), lambda line: masked(getattr(_buyer(line), "main_phone", ""))),
    (_("Sales consultant"), lambda line: line.record.consultant or ""),
    (_("Status"), lambda line: line.record.get_status_display()),
    (_("Missing"), lambda line: "、".join(str(need.label) for need in line.missing)),
    (_("Due at"), lambda line: line.record.due_at),
    (_("Complete since"), lambda line: line.record.entered_at),
    (_("Late or incomplete"), lambda line: line.fault.label if line.fault else ""),
    (_("Why it was sent back"), lambda line: line.record.sent_back_why),
    (_("Checked at"), lambda line: line.record.checked_at),
    (_("Checked by"), lambda line: line.record.checked_by or ""),
    (_("Store"), lambda line: line.record.store),
)
LISTINGS = HAND_OVERS | {
    "delivery:dsm-list": Listing(
        _("DSM records"), "delivery.view_dsm", _asked, DSM, complete=_lines
    ),
}
