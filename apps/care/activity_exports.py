"""Care activities and who took part in them, as files (CARE-12, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from apps.accounts.queries import store_shown
from apps.care.models import Participant
from apps.care.queries import activities as queries
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked

Asked = Mapping[str, Any]


def _activities(user: Any, asked: Asked, today: date) -> Any:
    year = asked.get("year", "")
    chosen = int(year) if year.isdecimal() and len(year) == 4 else today.year
    return queries.activities(user, store_shown(user, asked), chosen)


def _participants(user: Any, asked: Asked, today: date) -> Any:
    pk = asked.get("activity", "")
    if not pk.isdecimal() or len(pk) > 12:
        return Participant.objects.none()
    row = get_object_or_404(queries.activities(user), pk=pk)
    return queries.participants(row, asked.get("what", "all"), asked.get("q", "")[:40])


LISTINGS = {
    "care:activity-list": Listing(
        gettext_lazy("Care activities"),
        "care.view_activity",
        _activities,
        (
            (gettext_lazy("Day"), lambda row: row.on),
            (gettext_lazy("Activity"), lambda row: row.name),
            (gettext_lazy("Place"), lambda row: row.place),
            (gettext_lazy("Status"), lambda row: row.get_status_display()),
            (gettext_lazy("Budget"), lambda row: row.budget_amount),
            (gettext_lazy("Spent"), lambda row: row.spent_amount),
            (gettext_lazy("Invited by call"), lambda row: row.numbers["called"]),
            (gettext_lazy("Signed up"), lambda row: row.numbers["signed_up"]),
            (gettext_lazy("Were there"), lambda row: row.numbers["attended"]),
            (gettext_lazy("Summary"), lambda row: row.summary),
            (gettext_lazy("Evaluation"), lambda row: row.evaluation),
        ),
        complete=queries.with_numbers,
    ),
    "care:participant-list": Listing(
        gettext_lazy("Participants"),
        "care.view_activity",
        _participants,
        (
            (gettext_lazy("Customer"), lambda row: row.customer),
            (gettext_lazy("Phone"), lambda row: masked(row.customer.main_phone)),
            (gettext_lazy("Invited"), lambda row: row.get_invited_display()),
            (gettext_lazy("Answer"), lambda row: row.get_answer_display()),
            (gettext_lazy("Number of people"), lambda row: row.people),
            (gettext_lazy("Answered at"), lambda row: row.answered_at),
            (gettext_lazy("Was there at"), lambda row: row.attended_at),
        ),
    ),
}
