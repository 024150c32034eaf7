"""Proposals and monthly sheets as files: what payroll takes over (PEN-09, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.penalties.forms.proposals import ProposalFilter
from apps.penalties.forms.sheets import MonthForm
from apps.penalties.queries import sheets
from apps.penalties.queries.proposals import SHOWN, asked, mine, to_issue


def _asked(user: Any, told: Mapping[str, Any], today: date) -> Any:
    form = ProposalFilter(told, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return asked(user, form.cleaned_data, today).select_related("decided_by")


def _mine(user: Any, told: Mapping[str, Any], today: date) -> Any:
    return mine(user).select_related("decided_by").order_by("-pk")


def _to_issue(user: Any, told: Mapping[str, Any], today: date) -> Any:
    rows = to_issue(user, today).select_related(*SHOWN, "decided_by")
    return rows.order_by("signed_at", "pk")


def _lines(user: Any, told: Mapping[str, Any], today: date) -> Any:
    """The sheet that the page shows."""
    store, form = store_shown(user, told), MonthForm(told)
    month = form.cleaned_data["month"] if form.is_valid() else None
    closed = sheets.sheets_of(store)
    if month is None and closed:
        month = closed[0].month
    return sheets.entries_of(store, month) if month else []


COLUMNS = (
    (_("Store"), lambda row: row.store),
    (_("Staff member"), lambda row: row.person),
    (_("Department"), lambda row: row.department),
    (_("Clause"), lambda row: row.get_clause_display()),
    (_("Words of the clause"), lambda row: row.rule.text),
    (pgettext_lazy("penalty", "Day"), lambda row: row.event_on),
    (_("Sum in CNY"), lambda row: float(row.amount)),
    (_("Status"), lambda row: row.get_status_display()),
    (_("Explanation"), lambda row: row.explanation),
    (_("Decided by"), lambda row: row.decided_by),
    (_("Reason"), lambda row: row.reason),
    (_("Appeal"), lambda row: row.appeal),
    (_("Signed at"), lambda row: row.signed_at),
    (_("Issued at"), lambda row: row.issued_at),
)

LIFE = {
    "penalties:mine": Listing(_("My proposals"), "penalties.view_own", _mine, COLUMNS),
    "penalties:decisions": Listing(
        _("Deduction proposals"), "penalties.view_others", _asked, COLUMNS
    ),
    "penalties:issue-list": Listing(_("Proposals to issue"), "penalties.issue", _to_issue, COLUMNS),
    "penalties:sheets": Listing(
        _("Monthly sheet"),
        "penalties.view_all",
        _lines,
        (
            (_("Month"), lambda line: f"{line.sheet.month:%Y-%m}"),
            (_("Department"), lambda line: line.department),
            (_("User name"), lambda line: line.person.username),
            (_("Staff member"), lambda line: line.person),
            (_("Kind"), lambda line: line.get_kind_display()),
            (pgettext_lazy("penalty", "Day"), lambda line: line.penalty.event_on),
            (_("Sum in CNY"), lambda line: float(line.amount)),
            (_("Remark"), lambda line: line.text),
        ),
    ),
}
