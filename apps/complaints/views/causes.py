"""Root causes counted, and the steps against their limits (SSI-04)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of, store_shown
from apps.complaints import figures, queries
from apps.complaints.choices import DEPARTMENTS, RootCause, Step
from apps.complaints.forms import MonthForm
from apps.complaints.queries.lists import UNKNOWN
from apps.complaints.views.gates import may_view
from apps.core.dates import add_months

MONTHS = 13
MOST = 200


@require_safe
@may_view
def causes(request: HttpRequest) -> HttpResponse:
    """A month's root causes with the year before it, and how its steps kept their limits. Each
    number leads to its rows."""
    user: Any = request.user
    store, form = store_shown(user, request.GET), MonthForm(request.GET)
    first = form.chosen(timezone.localdate())
    seen = [(kind, label) for kind, label in DEPARTMENTS if kind in queries.departments_of(user)]
    asked = form.cleaned_data.get("department", "") if form.is_valid() else ""
    wanted = [kind for kind, _label in seen if asked in ("", kind)] or [kind for kind, _l in seen]
    months = [add_months(first, back) for back in range(1 - MONTHS, 1)]
    found = figures.causes(store, wanted, months)
    taken = figures.steps_taken(store, wanted, first)
    limits = queries.limits_of(store.pk, first)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "departments": seen if len(seen) > 1 else [],
        "chosen": asked if asked in wanted else "",
        "lines": _lines(found, first, months[-2]),
        "total": found[first].total(),
        "chart": _chart(found),
        "steps": [
            (figure, limits.of(figure.step))
            for figure in figures.figures_of(taken, calendar_of(store))
        ],
    } | _rows(request, taken)
    return render(request, "complaints/causes.html", context)


def _lines(found: dict[date, Any], first: date, before: date) -> list[dict[str, Any]]:
    """A line a cause, the most frequent first; the last is what is not known yet."""
    lines = [
        {"cause": value, "label": label, "now": found[first][value], "before": found[before][value]}
        for value, label in RootCause.choices
    ]
    lines.sort(key=lambda line: -line["now"])
    unknown = {"now": found[first][""], "before": found[before][""]}
    return [*lines, {"cause": UNKNOWN, "label": _("not known yet"), **unknown}]


def _chart(found: dict[date, Any]) -> dict[str, Any]:
    """Bars upon one another, a bar a month; causes that never were are left out."""
    labels = [*RootCause.choices, ("", _("not known yet"))]
    return {
        "kind": "bar",
        "stacked": True,
        "days": [f"{month:%Y-%m}" for month in found],
        "series": [
            {"name": str(label), "values": [counted[value] for counted in found.values()]}
            for value, label in labels
            if any(counted[value] for counted in found.values())
        ],
    }


def _rows(request: HttpRequest, taken: list[Any]) -> dict[str, Any]:
    """The steps behind the number that was pressed: ``?step=`` and, of them, the late ones."""
    step = request.GET.get("step", "")
    if step not in Step.values:
        return {}
    late = request.GET.get("what") == "late"
    rows = figures.narrowed(taken, step, late=late)
    return {"rows": rows[:MOST], "step": Step(step), "only_late": late, "most": MOST}
