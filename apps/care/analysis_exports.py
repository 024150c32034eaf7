"""The rows behind each number of the analysis, on the page and as a file (CARE-17, DATA-03)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care.analysis_forms import RETURNS, AnalysisFilter
from apps.care.choices import CallKind, CallStatus, NotReturning
from apps.care.figures import analysis, churn, reminders, returns, scripts, shops
from apps.care.figures.periods import Period
from apps.care.models import CarePolicy
from apps.care.queries import boards
from apps.core.dates import month_end
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked


@dataclass(frozen=True)
class Line:
    """One row behind a number: a call, a car whose time was over, a dialling…"""

    on: date
    customer: Any
    car: Any
    kind: Any
    told: str
    person: Any = None
    call: int | None = None


def lines(store: Store, asked: dict[str, Any], period: Period, today: date) -> Any:
    """A queryset of the rows, and what makes a ``Line`` of one of them."""
    what, days = asked["what"], (period.first, period.last)
    kinds = [asked["kind"]] if asked["kind"] else list(reminders.KINDS)
    if what in RETURNS:
        within = returns.within(analysis.numbers_of(store, period, today))
        kind = kinds[0]
        rows = returns.ROWS[kind](store, *days, within[kind])
        rows = rows if what == "time_over" else rows.filter(back=what == "came")
        if kind == CallKind.FIRST_SERVICE:
            return rows.select_related("owner").order_by("day", "pk"), _car
        return rows.select_related("vehicle__owner").order_by("day", "pk"), _cycle
    if what == "shop":
        told: Any = shops.told(store, *days)
        if asked["shop"]:
            told = told.filter(shop=asked["shop"], place=asked["place"])
        if asked["kind"]:
            told = told.filter(was_first=asked["kind"] == CallKind.FIRST_SERVICE)
        related = ("vehicle__owner", "recorded_by")
        return told.select_related(*related).order_by("-on", "-pk"), _elsewhere
    if what == "version" and asked["version"]:
        wanted = {"script": asked["version"], "what": "used"}
        return scripts.rows(store, wanted, *days, today), _dialling
    calls = reminders.calls_due(store, kinds, *days)
    calls = calls.filter(reminders.parts(today).get(what, reminders.DUE))
    if what == "reason":
        calls = calls.exclude(not_returning="")
        calls = calls.filter(not_returning=asked["reason"]) if asked["reason"] else calls
    if asked["owner"] is not None:
        calls = calls.filter(owner=asked["owner"] or None)
    return calls.select_related("customer", "vehicle", "owner").order_by("due_on", "pk"), _call


def _call(call: Any) -> Line:
    told = [call.get_status_display()]
    if call.status == CallStatus.REACHED and call.result:
        told = [call.get_result_display()]
    elif call.end_reason:
        told.append(call.get_end_reason_display())
    if call.not_returning and call.not_returning != NotReturning.ELSEWHERE:
        told.append(call.get_not_returning_display())
    kind = call.get_kind_display()
    customer, said = call.customer, " · ".join(map(str, told))
    return Line(call.due_on, customer, call.vehicle, kind, said, call.owner, call.pk)


def _back(row: Any) -> str:
    return _("came back") if row.back else _("did not come back")


def _car(car: Any) -> Line:
    return Line(car.day, car.owner, car, CallKind.FIRST_SERVICE.label, _back(car))


def _cycle(cycle: Any) -> Line:
    car = cycle.vehicle
    told = f"{_back(cycle)} {cycle.ended_by}".strip()
    return Line(cycle.day, car.owner, car, CallKind.MAINTENANCE.label, told)


def _elsewhere(row: Any) -> Line:
    kind = CallKind.FIRST_SERVICE if row.was_first else CallKind.MAINTENANCE
    cost = "" if row.cost_amount is None else f"¥{row.cost_amount}"
    told = " · ".join(part for part in (row.shop, row.place, cost) if part)
    return Line(row.on, row.vehicle.owner, row.vehicle, kind.label, told, row.recorded_by)


def _dialling(row: Any) -> Line:
    call = row.call
    told = f"v{row.script.version} · {row.get_result_display()}"
    kind = row.script.get_kind_display()
    return Line(row.at.date(), call.customer, call.vehicle, kind, told, row.by, call.pk)


def _asked(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    store = store_shown(user, asked)
    form = AnalysisFilter(asked, store=store)
    form.is_valid()
    rows, line = lines(store, form.cleaned_data, form.chosen(today), today)
    return (line(row) for row in rows.iterator(1000))


ANALYSIS = Listing(
    gettext_lazy("Analysis of care"),
    "care.view_analysis",
    _asked,
    (
        (gettext_lazy("Day"), lambda line: line.on),
        (gettext_lazy("Kind"), lambda line: line.kind),
        (gettext_lazy("Customer"), lambda line: line.customer),
        (gettext_lazy("Phone"), lambda line: masked(line.customer.main_phone)),
        (gettext_lazy("Car"), lambda line: line.car),
        (gettext_lazy("What"), lambda line: line.told),
        (gettext_lazy("Specialist"), lambda line: line.person),
    ),
)

NO_MEASURE = "none"


def churn_numbers(user: Any, first: date, today: date) -> CarePolicy:
    """The numbers in force of the one store that is read; of several the usual ones."""
    on, found = min(month_end(first), today), None
    if len(user.store_ids) == 1:
        found = CarePolicy.objects.in_force(next(iter(user.store_ids)), on)
    return found or CarePolicy()


def won_rows(user: Any, first: date, won: str, back: bool, numbers: CarePolicy) -> Any:
    """The conversations of one measure; ``back``: only of who came back."""
    measure = "" if won == NO_MEASURE else won
    calls = churn.reached(boards.churn_calls(user, first), numbers).filter(measure=measure)
    return boards.with_talks(calls.filter(back=True) if back else calls)
