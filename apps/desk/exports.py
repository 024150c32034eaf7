"""The lists of this floor that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.customers.forms import CustomerFilter
from apps.customers.models import Customer
from apps.desk.queries import customers_asked, merges


def _customers(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = CustomerFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return customers_asked(user, form.cleaned_data, today)


def _of_cars(customer: Customer, value: Any) -> str:
    """One line a car, so that the lines of two columns stand side by side."""
    return "\n".join(str(value(car) or "—") for car in customer.vehicles.all())


LISTINGS = {
    "desk:merge-list": Listing(
        gettext_lazy("Merged so far"),
        "customers.view_duplicate",
        lambda user, asked, today: merges(user),
        (
            (gettext_lazy("Record that stayed"), lambda row: row.kept),
            (gettext_lazy("Merged into it"), lambda row: row.gone),
            (gettext_lazy("By"), lambda row: row.by),
            (gettext_lazy("At"), lambda row: row.at),
            (gettext_lazy("undone at"), lambda row: row.undone_at),
        ),
    ),
    "desk:customer-list": Listing(
        gettext_lazy("Customers"),
        "customers.view_customer",
        _customers,
        (
            (gettext_lazy("Customer"), lambda row: row.name),
            (gettext_lazy("Store"), lambda row: row.store),
            (gettext_lazy("Phone"), lambda row: masked(row.main_phone)),
            (gettext_lazy("Reachable"), lambda row: row.reachable),
            (gettext_lazy("Locality"), lambda row: row.get_locality_display()),
            (gettext_lazy("Cars"), lambda row: _of_cars(row, lambda car: car)),
            (gettext_lazy("Model"), lambda row: _of_cars(row, lambda car: car.model)),
            (
                gettext_lazy("Maintenance due"),
                lambda row: _of_cars(row, lambda car: car.maintenance_due_on),
            ),
        ),
    ),
}


def title_of(listing: Listing | None, name: str) -> str:
    """What the list is called; the bare name of one that is no more."""
    return str(listing.title) if listing else _("list %(name)s") % {"name": name}
