"""Insurance calls that were drawn, as files (CARE-09, DATA-03)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.care.queries import sampling
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked


def _sample(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    person = asked.get("person", "")
    who = int(person) if person.isdecimal() and len(person) < 12 else None
    month = MonthForm(asked).chosen(last)
    return sampling.checks(store_shown(user, asked), month, asked.get("what", "drawn"), who)


LISTINGS = {
    "care:sample-list": Listing(
        gettext_lazy("Insurance samples"),
        "care.view_sample",
        _sample,
        (
            (gettext_lazy("Customer"), lambda row: row.call.customer),
            (gettext_lazy("Phone"), lambda row: masked(row.call.customer.main_phone)),
            (gettext_lazy("Car"), lambda row: row.call.vehicle),
            (gettext_lazy("Insurance specialist"), lambda row: row.specialist),
            (gettext_lazy("Ended at"), lambda row: row.sampled.ended_at),
            (
                gettext_lazy("Recorded result"),
                lambda row: row.sampled.get_result_display() or row.sampled.get_status_display(),
            ),
            (gettext_lazy("Verification"), lambda row: row.call.get_status_display()),
            (gettext_lazy("The customer says"), lambda row: row.get_finding_display()),
            (gettext_lazy("Difference"), lambda row: row.text),
            (gettext_lazy("Verified by"), lambda row: row.by),
            (gettext_lazy("Verified at"), lambda row: row.at),
        ),
    )
}
