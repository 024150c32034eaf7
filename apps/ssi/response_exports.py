"""The day sheet and the responses as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.ssi.choices import Mark, Round
from apps.ssi.queries import day_sheet, responses
from apps.ssi.response_forms import DayFilter, ResponseFilter

Asked = Mapping[str, Any]


def _sheet(user: Any, asked: Asked, today: date) -> Any:
    day, round = DayFilter(asked).chosen(today), asked.get("round", "")
    round = round if round in Round.values else Round.FIRST.value
    return day_sheet.lines(store_shown(user, asked), day, round, today=today)


def _responses(user: Any, asked: Asked, today: date) -> Any:
    form = ResponseFilter(asked, user=user)
    form.is_valid()
    return responses.asked_for(user, form.cleaned_data)


def _marks(row: Any) -> str:
    return "、".join(str(Mark(mark).label) for mark in row.marks)


def _score(row: Any) -> float | None:
    return None if row is None or row.score is None else float(row.score)


RESPONSES = {
    "ssi:sheet": Listing(
        gettext_lazy("SSI day sheet"),
        "ssi.view_scores",
        _sheet,
        (
            (gettext_lazy("Delivered or lost on"), lambda line: line.on),
            (gettext_lazy("Customer"), lambda line: line.customer),
            (
                gettext_lazy("Phone"),
                lambda line: line.customer and masked(line.customer.main_phone),
            ),
            (gettext_lazy("Car"), lambda line: line.vehicle),
            (gettext_lazy("Model"), lambda line: line.model),
            (gettext_lazy("Sales consultant"), lambda line: line.consultant),
            (gettext_lazy("DSM record"), lambda line: line.dsm and line.dsm.get_status_display()),
            (gettext_lazy("Call"), lambda line: line.call and line.call.get_status_display()),
            (gettext_lazy("Internal SSI"), lambda line: _score(line.response)),
        ),
    ),
    "ssi:responses": Listing(
        gettext_lazy("Survey responses"),
        "ssi.view_scores",
        _responses,
        (
            (gettext_lazy("Day"), lambda row: row.on),
            (gettext_lazy("Round"), lambda row: row.get_round_display()),
            (gettext_lazy("Customer"), lambda row: row.customer),
            (gettext_lazy("Phone"), lambda row: masked(row.customer.main_phone)),
            (gettext_lazy("Car"), lambda row: row.vehicle),
            (gettext_lazy("Model"), lambda row: row.car_model),
            (gettext_lazy("Consultant"), lambda row: row.consultant or row.consultant_name),
            (gettext_lazy("Team"), lambda row: row.team),
            (gettext_lazy("Interviewer"), lambda row: row.interviewer or _("by the customer")),
            (gettext_lazy("Survey model"), lambda row: row.model),
            (gettext_lazy("Internal SSI"), _score),
            (gettext_lazy("Marks"), _marks),
            (gettext_lazy("Complaint"), lambda row: row.complaint),
        ),
    ),
}
