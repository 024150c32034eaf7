"""The churn board: the groups by month, the churn rate, measures and who came back (CARE-11)."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.care.analysis_exports import NO_MEASURE, churn_numbers, won_rows
from apps.care.choices import Measure, NotReturning
from apps.care.figures import churn as figures
from apps.care.forms import MonthForm
from apps.care.models import CarePolicy
from apps.care.queries import boards
from apps.core.dates import add_months, month_end

MOST_ROWS = 200
MONTHS = 6

CHURN_ROW_LABELS = {
    "local": _("local"),
    "local_in": _("local, in warranty"),
    "local_out": _("local, out of warranty"),
    "non_local": _("non-local"),
    "non_local_in": _("non-local, in warranty"),
    "non_local_out": _("non-local, out of warranty"),
    "at_risk": _("at risk of churn"),
}
CHURN_COLUMN_LABELS = {
    "found": _("found"),
    "open": _("open"),
    "reached": _("reached"),
    "coming": _("will come"),
    "not_reached": _("not reached"),
    "withdrawn": _("came by themselves"),
}


@require_safe
@permission_required("care.view_lists", raise_exception=True)
def churn(request: HttpRequest) -> HttpResponse:
    """Each number is a link to the same page with its rows below."""
    user: Any = request.user
    today = timezone.localdate()
    first = MonthForm(request.GET).chosen(today)
    board = boards.churn_board(user, first)
    lines: list[dict[str, Any]] = [
        {
            "name": name,
            "label": label,
            "total": name in ("local", "non_local"),
            "cells": [(column, board[name][column]) for column in CHURN_COLUMN_LABELS],
        }
        for name, label in CHURN_ROW_LABELS.items()
    ]
    numbers = churn_numbers(user, first, today)
    context = {
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "lines": lines,
        "columns": CHURN_COLUMN_LABELS.values(),
        "months": _months(user, first),
        "reasons": [
            (NotReturning(reason).label, n) for reason, n in boards.churn_reasons(user, first)
        ],
        "won": figures.won_back(boards.churn_calls(user, first), numbers),
        "rates": _rates(user, first, today, numbers),
        "numbers": numbers,
        "any": any(line["cells"][0][1] for line in lines),
        "today": today,
    } | _rows(request, first, today, numbers)
    return render(request, "care/churn.html", context)


def _months(user: Any, first: date) -> dict[str, Any]:
    """How many were found in the months before, by group."""
    months = [add_months(first, -n) for n in reversed(range(MONTHS))]
    found = boards.churn_months(user, months[0], months[-1])
    rows = [
        (name, label, [(month, found[month][name]) for month in months])
        for name, label in CHURN_ROW_LABELS.items()
    ]
    return {"heads": months, "rows": rows}


def _rates(user: Any, first: date, today: date, numbers: CarePolicy) -> list[Any]:
    """REP-05 at the end of the month and of the one before; of one store only."""
    if len(user.store_ids) != 1 or first > today:
        return []
    store = next(iter(user.store_ids))
    days = (min(month_end(first), today), month_end(add_months(first, -1)))
    return [(on, figures.churn_rate(store, on, today, numbers)) for on in days]


def _rows(request: HttpRequest, first: date, today: date, numbers: CarePolicy) -> dict[str, Any]:
    """The rows behind the number that was pressed."""
    user: Any = request.user
    asked = request.GET
    row, column, won = asked.get("row", ""), asked.get("column", "found"), asked.get("won", "")
    if row in CHURN_ROW_LABELS and column in CHURN_COLUMN_LABELS:
        calls = boards.churn_rows(user, first, row, column)
        labels: list[Any] = [CHURN_ROW_LABELS[row], CHURN_COLUMN_LABELS[column]]
    elif won in (*Measure.values, NO_MEASURE):
        calls = won_rows(user, first, won, asked.get("back") == "yes", numbers)
        labels = [Measure(won).label if won != NO_MEASURE else _("no measure")]
        labels.append(_("came back") if asked.get("back") == "yes" else _("reached"))
    elif asked.get("lost") and (rates := _rates(user, first, today, numbers)):
        store, on = next(iter(user.store_ids)), rates[0][0]
        cars = figures.cars_known(store, on, today, numbers).filter(figures.lost(on, numbers))
        found = cars.select_related("owner").order_by("seen", "pk")[:MOST_ROWS]
        return {"cars": found, "most": MOST_ROWS, "lost_on": on}
    else:
        return {}
    return {"labels": labels, "calls": calls[:MOST_ROWS], "most": MOST_ROWS}
