"""Stock and orders as files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.reception.figures import penetration
from apps.reception.forms.orders import OrderFilter
from apps.reception.forms.stock import StockFilter
from apps.reception.queries import orders, stock


def _stock(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = StockFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return stock.cars(user, form.cleaned_data)


def _orders(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = OrderFilter(asked, user=user)
    form.is_valid()
    return penetration.narrow(orders.orders(user, form.cleaned_data), form.cleaned_data)


ORDERS: dict[str, Listing] = {
    "reception:order-list": Listing(
        _("Sales orders"),
        "reception.view_sales",
        _orders,
        (
            (_("Order"), str),
            (_("Status"), lambda row: row.get_status_display()),
            (_("Customer"), lambda row: row.customer),
            (_("Phone"), lambda row: masked(row.customer.main_phone)),
            (_("Model"), lambda row: row.trim.car_model),
            (_("Configuration"), lambda row: row.trim),
            (_("Colour"), lambda row: row.colour),
            (_("Price of the car"), lambda row: row.price_amount),
            (_("Deposit"), lambda row: row.deposit_amount),
            (_("Insurance"), lambda row: row.insurance_amount),
            (_("Accessories"), lambda row: row.accessories_amount),
            (_("Written on"), lambda row: row.made_at),
            (_("Signed"), lambda row: row.signed_at),
            (_("Promised for"), lambda row: row.promised_on),
            (_("Delivered"), lambda row: row.delivered_at),
            (_("VIN"), lambda row: row.stock_car),
            (_("Sales consultant"), lambda row: row.consultant),
            (_("Why cancelled"), lambda row: row.get_cancel_reason_display()),
            (_("Store"), lambda row: row.store),
        ),
    ),
    "reception:stock-list": Listing(
        _("New cars"),
        "reception.view_sales",
        _stock,
        (
            (_("VIN"), lambda row: row.vin),
            (_("Model"), lambda row: row.trim.car_model),
            (_("Configuration"), lambda row: row.trim),
            (_("Colour"), lambda row: row.colour),
            (_("Engine number"), lambda row: row.engine_number),
            (_("Arrived on"), lambda row: row.arrived_on),
            (_("Status"), lambda row: row.get_status_display()),
            (_("Order"), lambda row: row.given[0] if row.given else ""),
            (_("Store"), lambda row: row.store),
        ),
    ),
}
