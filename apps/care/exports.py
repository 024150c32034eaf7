"""The lists of calls that can be taken out as files, as filtered on the page (DATA-03)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.queries import store_shown
from apps.care import activity_exports, sample_exports
from apps.care.analysis_exports import ANALYSIS, NO_MEASURE, churn_numbers, won_rows
from apps.care.campaign_exports import CAMPAIGNS
from apps.care.choices import CallKind, CallStatus, Measure
from apps.care.figures import credit, scripts
from apps.care.forms import DayForm, FailedFilter, MonthForm, ScriptWorkFilter, TeamFilter
from apps.care.models import Attempt, Call
from apps.care.queries import boards, follow_ups, lists, month, warnings
from apps.care.warned import saving
from apps.core.dates import month_end
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.customers.models import Vehicle

Asked = Mapping[str, Any]


def _calls(user: Any, asked: Asked, today: date) -> Any:
    form = TeamFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return lists.team(user, form.cleaned_data, today)


def _failed(user: Any, asked: Asked, today: date) -> Any:
    form = FailedFilter(asked, user=user)
    form.is_valid()
    return lists.failed_calls(user, form.cleaned_data)


def _month(user: Any, asked: Asked, today: date) -> Any:
    first, kind = MonthForm(asked).chosen(today), asked.get("kind", "")
    store = store_shown(user, asked)
    if kind not in CallKind.values:
        return lists.shown(month.made(store, first, month_end(first))).order_by("opens_on", "pk")
    part = asked.get("part", "coming")
    return month.rows(store, CallKind(kind), part, first, today=today)


def _churn(user: Any, asked: Asked, today: date) -> Any:
    first, row = MonthForm(asked).chosen(today), asked.get("row", "")
    column, won = asked.get("column", "found"), asked.get("won", "")
    if won in (*Measure.values, NO_MEASURE):
        back = asked.get("back") == "yes"
        return won_rows(user, first, won, back, churn_numbers(user, first, today))
    if column not in boards.CHURN_COLUMNS:
        column = "found"
    return boards.churn_rows(user, first, row if row in boards.CHURN_ROWS else "", column)


def _today(user: Any, asked: Asked, today: date) -> Any:
    """The diallings of the day; those of one person and kind when a number was pressed."""
    day, person = DayForm(asked).chosen(today), asked.get("person", "")
    who = int(person) if person.isdecimal() else None
    if asked.get("what") == "left":
        left = boards.left_on(user, day)
        return lists.shown(left.filter(owner=who) if who else left).order_by("due_on", "pk")
    return boards.today_rows(user, day, who, asked.get("what", ""), asked.get("kind", ""))


def _script_work(user: Any, asked: Asked, today: date) -> Any:
    form = ScriptWorkFilter(asked)
    form.is_valid()
    wanted = form.cleaned_data
    first = today - timedelta(days=wanted["days"] - 1)
    return scripts.rows(store_shown(user, asked), wanted, first, today, today)


def _warnings(user: Any, asked: Asked, today: date) -> Any:
    """The calls at a limit of today, or those that would save a rate, as on the page."""
    person, kind = asked.get("person", ""), asked.get("kind", "")
    who = int(person) if person.isdecimal() and len(person) < 12 else None
    if kind in CallKind.values:
        return saving(user, kind, who, today)
    return warnings.rows(user, today, asked.get("what", ""), who)


def state_of(call: Call) -> str:
    """How a call stands, in words, as the badge of the lists says it."""
    told = [call.get_status_display()]
    if call.status == CallStatus.WAITING:
        if call.callback_at:
            at = timezone.localtime(call.callback_at)
            told = [_("call back %(at)s") % {"at": f"{at:%m-%d %H:%M}"}]
        elif call.paused_on:
            told = [_("waits for a number")]
    elif call.status == CallStatus.REACHED and call.result:
        told = [call.get_result_display()]
    elif call.end_reason:
        told.append(call.get_end_reason_display())
    return " · ".join(told)


def _month_lines(rows: list[Any]) -> Iterator[dict[str, Any]]:
    """A line of a call, of a car whose call will open, or of a coming birthday."""
    for row in rows:
        if isinstance(row, Call):
            told: list[Any] = [row.opens_on, row.customer, row.vehicle, row.due_on, state_of(row)]
        elif isinstance(row, Vehicle):
            told = [row.opens, row.owner, row, row.due, ""]  # type: ignore[attr-defined]
        else:
            told = [row["opens"], row["name"], None, None, ""]
        yield dict(zip(("opens", "customer", "car", "due", "state"), told, strict=True))


def _call_of(row: Call | Attempt) -> Call:
    return row if isinstance(row, Call) else row.call


def _told(tries: Any) -> str:
    """The attempts of a call in one cell."""
    lines = (
        f"{timezone.localtime(one.at):%m-%d %H:%M} {one.get_result_display()} {one.note}".strip()
        for one in tries
    )
    return "\n".join(lines)


def _credit(user: Any, asked: Asked, today: date) -> Any:
    first, person = MonthForm(asked).chosen(today), asked.get("person", "")
    what = asked.get("what", "")
    who = int(person) if person.isdecimal() and len(person) < 12 else None
    store = store_shown(user, asked)
    wanted = (what,) if what in credit.CREDIT else ("bookings", "returns")
    return [
        row
        for name in wanted
        for row in credit.credit_rows(store, name, who, first, month_end(first))
    ]


def _follow_ups(user: Any, asked: Asked, today: date) -> Any:
    first = MonthForm(asked).chosen(today)
    return follow_ups.follow_ups(store_shown(user, asked), first, asked.get("what", "all"))


def _said(name: str) -> Any:
    """A column of the answer to a follow-up, empty without one."""

    def value(call: Any) -> Any:
        answer = getattr(call, "follow_up", None)
        return getattr(answer, name) if answer else ""

    return value


def _satisfaction(call: Any) -> Any:
    answer = getattr(call, "follow_up", None)
    return answer.get_satisfaction_display() if answer else ""


def _causes(call: Any) -> str:
    return "、".join(_said("cause_names")(call) or [])


CREDIT: Any = (
    (gettext_lazy("Specialist"), lambda row: row.person),
    (gettext_lazy("Day"), lambda row: row.on),
    (gettext_lazy("Customer"), lambda row: row.customer),
    (gettext_lazy("Car"), lambda row: row.car),
    (gettext_lazy("What"), lambda row: row.told),
)
FOLLOW_UP: Any = (
    (gettext_lazy("Handed back"), lambda call: call.event_on),
    (gettext_lazy("Order"), lambda call: call.cycle),
    (gettext_lazy("Customer"), lambda call: call.customer),
    (gettext_lazy("Phone"), lambda call: masked(call.customer.main_phone)),
    (gettext_lazy("Car"), lambda call: call.vehicle),
    (gettext_lazy("State"), state_of),
    (gettext_lazy("Satisfaction"), _satisfaction),
    (gettext_lazy("Causes"), _causes),
    (gettext_lazy("What was said"), _said("text")),
    (gettext_lazy("Needs a quick response"), _said("needs_quick_response")),
    (gettext_lazy("Visited in person"), _said("in_person")),
    (gettext_lazy("Responsible"), lambda call: call.owner),
)
CALL: Any = (
    (gettext_lazy("Customer"), lambda call: call.customer),
    (gettext_lazy("Phone"), lambda call: masked(call.customer.main_phone)),
    (gettext_lazy("Store"), lambda call: call.store),
    (gettext_lazy("Car"), lambda call: call.vehicle),
    (gettext_lazy("Model"), lambda call: call.vehicle and call.vehicle.model),
    (gettext_lazy("Kind"), lambda call: call.get_kind_display()),
    (gettext_lazy("Group"), lambda call: call.get_churn_group_display()),
    (gettext_lazy("Made up"), lambda call: call.made_up),
    (gettext_lazy("Due"), lambda call: call.due_on),
    (gettext_lazy("State"), state_of),
    (gettext_lazy("Attempts"), lambda call: call.attempts),
    (gettext_lazy("Responsible"), lambda call: call.owner),
)
LISTINGS = {
    **sample_exports.LISTINGS,
    **activity_exports.LISTINGS,
    "care:analysis": ANALYSIS,
    "care:campaign-list": CAMPAIGNS,
    "care:credit": Listing(gettext_lazy("Booking credit"), "care.view_team", _credit, CREDIT),
    "care:follow-ups": Listing(
        gettext_lazy("Service follow-ups"), "care.view_lists", _follow_ups, FOLLOW_UP
    ),
    "care:warnings": Listing(gettext_lazy("Warnings"), "care.view_lists", _warnings, CALL),
    "care:calls": Listing(gettext_lazy("The team's calls"), "care.view_team", _calls, CALL),
    "care:failed": Listing(
        gettext_lazy("Failed reminders"),
        "care.view_lists",
        _failed,
        (
            *((heading, lambda line, of=value: of(line.call)) for heading, value in CALL),
            (gettext_lazy("Ended at"), lambda line: line.call.ended_at),
            (gettext_lazy("Conversations"), lambda line: _told(line.attempts)),
            (
                gettext_lazy("Message instead"),
                lambda line: line.message and line.message.get_status_display(),
            ),
        ),
        complete=lists.failed_lines,
    ),
    "care:month": Listing(
        gettext_lazy("Month's list"),
        "care.view_lists",
        _month,
        (
            (gettext_lazy("Opens"), lambda line: line["opens"]),
            (gettext_lazy("Customer"), lambda line: line["customer"]),
            (
                gettext_lazy("Phone"),
                lambda line: masked(getattr(line["customer"], "main_phone", "")),
            ),
            (gettext_lazy("Car"), lambda line: line["car"]),
            (gettext_lazy("Model"), lambda line: line["car"] and line["car"].model),
            (gettext_lazy("Due"), lambda line: line["due"]),
            (gettext_lazy("State"), lambda line: line["state"]),
        ),
        complete=_month_lines,
    ),
    "care:churn": Listing(
        gettext_lazy("Lost customers"),
        "care.view_lists",
        _churn,
        (
            *CALL,
            (gettext_lazy("Last visit"), lambda call: call.vehicle.last_seen_on),
            (gettext_lazy("Reason"), lambda call: call.get_not_returning_display()),
            (gettext_lazy("Measure taken"), lambda call: call.get_measure_display()),
            (gettext_lazy("Conversations"), lambda call: _told(call.tries.all())),
        ),
    ),
    "care:today": Listing(
        gettext_lazy("Done today"),
        "care.view_team",
        _today,
        (
            (gettext_lazy("Time"), lambda row: getattr(row, "at", None)),
            (gettext_lazy("Customer"), lambda row: _call_of(row).customer),
            (gettext_lazy("Car"), lambda row: _call_of(row).vehicle),
            (gettext_lazy("Kind"), lambda row: _call_of(row).get_kind_display()),
            (
                gettext_lazy("Result"),
                lambda row: state_of(row) if isinstance(row, Call) else row.get_result_display(),
            ),
            (gettext_lazy("Remark"), lambda row: getattr(row, "note", "")),
            (gettext_lazy("By"), lambda row: getattr(row, "by", None) or row.owner),
        ),
    ),
    "care:scripts": Listing(
        gettext_lazy("Scripts"),
        "care.view_script",
        lambda user, asked, today: scripts.script_lines(user),
        (
            (gettext_lazy("Store"), lambda line: line["script"].store),
            (gettext_lazy("Kind"), lambda line: line["script"].get_kind_display()),
            (gettext_lazy("Version"), lambda line: line["script"].version),
            (gettext_lazy("Text"), lambda line: line["script"].text),
            (gettext_lazy("Used"), lambda line: line["used"]),
            (gettext_lazy("Reached"), lambda line: line["reached"]),
            (gettext_lazy("Booked"), lambda line: line["booked"]),
        ),
    ),
    "care:script-work": Listing(
        gettext_lazy("Scripts at work"),
        "care.view_script",
        _script_work,
        (
            (gettext_lazy("Store"), lambda row: row.store),
            (gettext_lazy("Kind"), lambda row: row.script.get_kind_display()),
            (gettext_lazy("Version"), lambda row: row.script.version),
            (gettext_lazy("Time"), lambda row: row.at),
            (gettext_lazy("Customer"), lambda row: row.call.customer),
            (gettext_lazy("Car"), lambda row: row.call.vehicle),
            (gettext_lazy("Result"), lambda row: row.get_result_display()),
            (gettext_lazy("Said"), lambda row: "、".join(scripts.said(row))),
            (gettext_lazy("Returned"), lambda row: row.back),
            (gettext_lazy("By"), lambda row: row.by),
        ),
    ),
}
