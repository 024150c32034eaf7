"""Quick responses as a file (DATA-03)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.queries import calendar_of, store_shown
from apps.complaints import figures
from apps.complaints.choices import Step
from apps.complaints.forms import MonthForm, ResponseFilter
from apps.complaints.queries import departments_of, lists
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked

HOUR = timedelta(hours=1)


def _responses(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = ResponseFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return lists.asked(user, form.cleaned_data, Now()).select_related("approved_by")


def _steps(user: Any, asked: Mapping[str, Any], today: date) -> list[Any]:
    """The steps taken in the month of the page; of one kind, if one was pressed. Each with its
    working hours."""
    form, store = MonthForm(asked), store_shown(user, asked)
    first = form.chosen(today)
    seen = departments_of(user)
    department = form.cleaned_data.get("department") if form.is_valid() else ""
    wanted = [department] if department in seen else seen
    taken = figures.steps_taken(store, wanted, first)
    if asked.get("step") in Step.values:
        late = asked.get("what") == "late"
        taken = figures.narrowed(taken, asked["step"], late=late)
    calendar = calendar_of(store)
    return [
        (one.step, one.since, figures.worked(one.since, one.step.at, calendar)) for one in taken
    ]


LISTINGS = {
    "complaints:causes": Listing(
        _("Steps of quick responses"),
        "complaints.view_response",
        _steps,
        (
            (_("Customer"), lambda line: line[0].response.customer.name),
            (_("Department"), lambda line: line[0].response.get_department_display()),
            (_("Root cause"), lambda line: line[0].response.get_root_cause_display()),
            (_("Step"), lambda line: line[0].get_step_display()),
            (_("Since"), lambda line: line[1]),
            (_("Due at"), lambda line: line[0].due_at),
            (_("Taken at"), lambda line: line[0].at),
            (_("Hours of working time"), lambda line: round(line[2] / HOUR, 2)),
            (_("Late"), lambda line: line[0].was_late),
            (_("By"), lambda line: line[0].by),
            (pgettext_lazy("step", "Then"), lambda line: line[0].get_became_display()),
            (_("Remark"), lambda line: line[0].text),
        ),
    ),
    "complaints:response-list": Listing(
        _("Quick responses"),
        "complaints.view_response",
        _responses,
        (
            (_("Store"), lambda row: row.store),
            (_("Customer"), lambda row: row.customer.name),
            (_("Phone"), lambda row: masked(row.customer.main_phone)),
            (_("Car"), lambda row: row.vehicle),
            (_("Department"), lambda row: row.get_department_display()),
            (_("Opened by"), lambda row: row.get_origin_display()),
            (_("What the customer said"), lambda row: row.text),
            (_("Step"), lambda row: row.get_status_display()),
            (_("Due at"), lambda row: row.due_at),
            (_("Made at"), lambda row: row.made_at),
            (_("Made by"), lambda row: row.made_by),
            (_("Approved by"), lambda row: row.approved_by),
            (_("Accepted by"), lambda row: row.handler),
            (_("Root cause"), lambda row: row.get_root_cause_display()),
            (pgettext_lazy("quick response", "What was done"), lambda row: row.measure),
            (_("Times handled"), lambda row: row.rounds),
            (_("Ended at"), lambda row: row.ended_at),
        ),
    ),
}
