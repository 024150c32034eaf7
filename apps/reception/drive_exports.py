"""The lists of test drives that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.reception.forms.drives import DayAsked
from apps.reception.policy.drive import driven
from apps.reception.queries import drives, self_checks


def _drives(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    """The drives under the calendar of the same day, week or month."""
    first, last = drives.span_of(*DayAsked(asked).asked(today))
    rows = drives.drives(user).filter(store=store_shown(user, asked))
    return drives.between(rows, first, last)


DRIVE = (
    (_("From"), lambda row: row.starts_at),
    (_("Until"), lambda row: row.ends_at),
    (_("Customer"), lambda row: row.opportunity.customer),
    (_("Phone"), lambda row: masked(row.opportunity.customer.main_phone)),
    (_("Demonstrator car"), lambda row: row.demo_car),
    (_("Route"), lambda row: row.route or ""),
    (_("Goes along"), lambda row: row.consultant),
    (_("Status"), lambda row: row.get_status_display()),
    (_("Licence checked at"), lambda row: row.licence_at),
    (_("Signed at"), lambda row: row.signed_at),
    (_("Out at"), lambda row: row.out_at),
    (_("Back at"), lambda row: row.back_at),
    (_("Kilometres"), lambda row: driven(row.out_km, row.back_km)),
    (_("Impression"), lambda row: row.get_impression_display()),
    (_("What was liked"), lambda row: row.liked),
    (_("What was not liked"), lambda row: row.disliked),
    (_("Store"), lambda row: row.store),
)
CAR = (
    (_("Plate"), lambda car: car.plate),
    (_("Model"), lambda car: car.car_model),
    (_("VIN"), lambda car: car.vin),
    (_("Colour"), lambda car: car.colour),
    (_("Mileage"), lambda car: car.km),
    (_("Insured until"), lambda car: car.insured_until),
    (_("May be booked"), lambda car: car.is_used),
    (_("Store"), lambda car: car.store),
)
CHECK = (
    (_("Watched at"), lambda row: row.at),
    (_("Sales consultant"), lambda row: row.consultant),
    (_("Watched by"), lambda row: row.by),
    (_("Points seen"), lambda row: row.seen),
    (_("Weak points"), lambda row: row.weak),
    (_("Remark"), lambda row: row.note),
    (_("Store"), lambda row: row.store),
)

DRIVES = {
    "reception:self-check-list": Listing(
        _("Reception self-check"), "reception.view_sales", self_checks.asked_for, CHECK
    ),
    "reception:drive-list": Listing(_("Test drives"), "reception.view_sales", _drives, DRIVE),
    "reception:demo-car-list": Listing(
        _("Demonstrator cars"),
        "reception.view_sales",
        lambda user, asked, today: drives.cars_of(user),
        CAR,
    ),
}
