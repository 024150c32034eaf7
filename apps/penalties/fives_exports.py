"""Weak points of 5S and the checks behind them as files (PEN-05, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.penalties.forms.sheets import MonthForm
from apps.penalties.queries.fives_sheet import copies_of, failures, weak_month


def _month(told: Mapping[str, Any], today: date) -> date:
    form = MonthForm(told)
    asked: date | None = form.cleaned_data["month"] if form.is_valid() else None
    return asked or today.replace(day=1)


def _weak(user: Any, told: Mapping[str, Any], today: date) -> Any:
    return weak_month(store_shown(user, told), _month(told, today))


def _rows(user: Any, told: Mapping[str, Any], today: date) -> Any:
    return failures(store_shown(user, told), told, _month(told, today))


def _copies(user: Any, told: Mapping[str, Any], today: date) -> Any:
    return copies_of(user).select_related("store")


FIVES = {
    "penalties:fives-weak": Listing(
        _("Weak points of 5S"),
        "ssi.view_rooms",
        _weak,
        (
            (_("Area"), lambda row: row.area),
            (_("Point"), lambda row: row.point),
            (_("First checks"), lambda row: row.seen),
            (pgettext_lazy("5S", "Not in order"), lambda row: row.failed),
            (_("Not in order at the second check"), lambda row: row.stayed),
            (_("First checks of the month before"), lambda row: row.seen_before),
            (_("Not in order in the month before"), lambda row: row.failed_before),
        ),
    ),
    "penalties:fives-rows": Listing(
        pgettext_lazy("5S", "Not in order"),
        "ssi.view_rooms",
        _rows,
        (
            (_("Day"), lambda row: row.run.on),
            (_("Kind"), lambda row: row.run.get_kind_display()),
            (_("Point"), lambda row: row.item.text),
            (_("Remark"), lambda row: row.remark),
            (_("Done by"), lambda row: row.run.by),
            (_("Store"), lambda row: row.run.store),
        ),
    ),
    "penalties:fives-copies": Listing(
        _("5S sheets for me"),
        "penalties.view_own",
        _copies,
        (
            (_("Day"), lambda row: row.on),
            (_("Sent at"), lambda row: row.sent_at),
            (_("Seen at"), lambda row: row.read_at),
            (_("Store"), lambda row: row.store),
        ),
    ),
}
