"""The board of open quick responses, and the list of all (SSI-04)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.complaints import queries
from apps.complaints.choices import DEPARTMENTS
from apps.complaints.forms import ResponseFilter
from apps.complaints.queries import board as asking
from apps.complaints.queries import lists
from apps.complaints.views.gates import may_view
from apps.core.rows import first_by_store

PAGE = 50


@require_safe
@may_view
def board(request: HttpRequest) -> HttpResponse:
    """What is open, a column a step. On a telephone one step at a time, chosen by ``?step=``."""
    user: Any = request.user
    seen = [(kind, label) for kind, label in DEPARTMENTS if kind in queries.departments_of(user)]
    chosen = request.GET.get("department", "")
    wanted = [kind for kind, _label in seen if chosen in ("", kind)] or [kind for kind, _l in seen]
    columns = asking.board(user, timezone.now(), wanted)
    context = {
        "columns": columns,
        "shown": _shown(columns, request.GET.get("step", "")),
        "departments": seen if len(seen) > 1 else [],
        "chosen": chosen,
        "several_stores": len(user.store_ids) > 1,
        "open": sum(column.total for column in columns),
        "late": sum(column.late for column in columns),
        "mine": sum(column.mine for column in columns),
    }
    return render(request, "complaints/board.html", context)


def _shown(columns: list[asking.Column], step: str) -> str:
    """The step on a narrow screen: the one asked for, else where something waits for me, else
    where something is."""
    names = {column.step.value for column in columns}
    mine = [column.step.value for column in columns if column.mine]
    full = [column.step.value for column in columns if column.total]
    return step if step in names else [*mine, *full, columns[0].step.value][0]


@require_safe
@may_view
def response_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = ResponseFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    now = timezone.now()
    rows = lists.asked(user, form.cleaned_data, now)
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = first_by_store(rows, user.store_ids, PAGE + 1)
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "now": now,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "complaints/response_list.html", context)
