"""The lists of this floor that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.forms import ChangesFilter, LooksFilter, OpenedFilter, Period, SignInFilter
from apps.audit.queries import looks, sign_ins
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.customers.forms import CustomerFilter
from apps.customers.models import Customer
from apps.desk import audit
from apps.desk.dormant import NOTICE, dormant
from apps.desk.queries import customers_asked, merges, requests_asked


def _customers(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = CustomerFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return customers_asked(user, form.cleaned_data, today)


def _of_cars(customer: Customer, value: Any) -> str:
    """One line a car, so that the lines of two columns stand side by side."""
    return "\n".join(str(value(car) or "—") for car in customer.vehicles.all())


def _audited(form_class: type[Period], user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = form_class(asked, user=user, today=today)
    form.is_valid()
    return form.cleaned_data


def _looks(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    wanted = _audited(LooksFilter, user, asked, today)
    customers: Any = Customer.everyone.filter(store__in=user.store_ids)
    customer = customers.filter(pk=wanted.get("customer")).first()
    things = audit.things_of(customer) if customer else {} if wanted.get("customer") else None
    return looks(user, wanted, things)


def _opened(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return audit.opened(user, _audited(OpenedFilter, user, asked, today), "", None)[0]


def _changes(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return audit.all_changes(user, _audited(ChangesFilter, user, asked, today))


def _sign_ins(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return sign_ins(user, _audited(SignInFilter, user, asked, today))


AUDIT = "audit.view_audit"
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
    "desk:privacy": Listing(
        gettext_lazy("Customers to be made anonymous"),
        "customers.settle_request",
        lambda user, asked, today: dormant(user.store, today + NOTICE),
        (
            (gettext_lazy("Customer"), lambda row: row),
            (gettext_lazy("Phone"), lambda row: masked(row.main_phone)),
            (gettext_lazy("Entered"), lambda row: row.created_at),
        ),
    ),
    "desk:request-list": Listing(
        gettext_lazy("Requests about personal data"),
        "customers.view_request",
        lambda user, asked, today: requests_asked(user, asked.get("status", "")),
        (
            (gettext_lazy("Customer"), lambda row: row.customer),
            (gettext_lazy("Asks"), lambda row: row.get_kind_display()),
            (gettext_lazy("how it was asked"), lambda row: row.get_how_display()),
            (gettext_lazy("asked on"), lambda row: row.asked_on),
            (gettext_lazy("to be settled by"), lambda row: row.due_on),
            (gettext_lazy("taken by"), lambda row: row.taken_by),
            (gettext_lazy("Status"), lambda row: row.get_status_display()),
            (gettext_lazy("answered by"), lambda row: row.settled_by),
            (gettext_lazy("answered at"), lambda row: row.settled_at),
            (gettext_lazy("Store"), lambda row: row.store),
        ),
    ),
    "desk:audit-looks": Listing(
        gettext_lazy("Who looked at whom"),
        AUDIT,
        _looks,
        (
            (gettext_lazy("Time"), lambda look: look.access.at),
            (gettext_lazy("By"), lambda look: look.access.user),
            (gettext_lazy("What"), lambda look: look.access.get_kind_display()),
            (gettext_lazy("Customer"), lambda look: look.customer),
            (
                gettext_lazy("Phone"),
                lambda look: look.customer and masked(look.customer.main_phone),
            ),
            (gettext_lazy("Car"), lambda look: look.vehicle),
            (gettext_lazy("Reason"), lambda look: look.access.reason),
            (gettext_lazy("Store"), lambda look: look.access.store),
        ),
        complete=audit.with_subjects,
    ),
    "desk:audit-opened": Listing(
        gettext_lazy("Whose data a colleague opened"),
        AUDIT,
        _opened,
        (
            (gettext_lazy("Customer"), lambda line: line.customer),
            (gettext_lazy("Phone"), lambda line: masked(line.customer.main_phone)),
            (gettext_lazy("First time"), lambda line: line.first),
            (gettext_lazy("Last time"), lambda line: line.last),
            (gettext_lazy("How often"), lambda line: line.times),
        ),
    ),
    "desk:audit-changes": Listing(
        gettext_lazy("Who changed what"),
        AUDIT,
        _changes,
        (
            (gettext_lazy("Time"), lambda line: line.change.at),
            (gettext_lazy("By"), lambda line: line.change.who),
            (gettext_lazy("What"), lambda line: line.change.action),
            (gettext_lazy("Record"), lambda line: line.change.thing),
            (gettext_lazy("Customer"), lambda line: line.customer),
            (gettext_lazy("Car"), lambda line: line.vehicle),
            (gettext_lazy("Changes"), lambda line: audit.told(line.change)),
        ),
    ),
    "desk:audit-sign-ins": Listing(
        gettext_lazy("Sign-ins"),
        AUDIT,
        _sign_ins,
        (
            (gettext_lazy("Time"), lambda row: row["attempt_time"]),
            (gettext_lazy("User name"), lambda row: row["low"]),
            (
                gettext_lazy("Result"),
                lambda row: _("signed in") if row["result"] == "ok" else _("refused"),
            ),
            (gettext_lazy("Locked out"), lambda row: row["locked"]),
            (gettext_lazy("Address"), lambda row: row["ip_address"]),
            (gettext_lazy("Browser"), lambda row: row["user_agent"]),
            (gettext_lazy("Signed out"), lambda row: row["left_at"]),
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
