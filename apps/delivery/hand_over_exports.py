"""The register of hand-overs as a file (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.delivery.forms.hand_overs import RegisterFilter
from apps.delivery.queries import hand_overs, record


def _register(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = RegisterFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return hand_overs.register(user, form.cleaned_data)


def _minutes(row: Any) -> Any:
    length = record.length_of(row)
    return length and length.minutes


HAND_OVER = (
    (_("From"), lambda row: row.starts_at),
    (_("Delivery area"), lambda row: row.area),
    (_("Status"), lambda row: row.get_status_display()),
    (_("Customer"), lambda row: row.order.customer),
    (_("Phone"), lambda row: masked(row.order.customer.main_phone)),
    (_("Model"), lambda row: row.order.trim.car_model),
    (_("VIN"), lambda row: row.order.stock_car or ""),
    (_("Sales consultant"), lambda row: row.consultant),
    (_("Planned minutes"), lambda row: row.planned_minutes),
    (_("Real minutes"), _minutes),
    (_("VIP or fleet customer"), lambda row: row.is_vip),
    (_("Store"), lambda row: row.store),
)

LISTINGS = {
    "delivery:hand-over-list": Listing(
        _("Register of hand-overs"), "delivery.view_plan", _register, HAND_OVER
    ),
}
