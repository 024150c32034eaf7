"""What waits for a decision, and what waits to be issued (PEN-08, PEN-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.rows import first_by_store
from apps.penalties.forms.proposals import ProposalFilter
from apps.penalties.queries.proposals import (
    OPEN,
    SHOWN,
    asked,
    first_asked,
    month_sums,
    to_issue,
)
from apps.penalties.views.gates import may_issue, may_see_others
from apps.penalties.views.proposals import PAGE

MOST = 500  # signed and not issued: more than a month of a large store


@require_safe
@may_see_others
def decisions(request: HttpRequest) -> HttpResponse:
    """Others' proposals: undecided and ripe ones first, everything by the filter. Who leads a
    department sees its own people's."""
    user: Any = request.user
    form = ProposalFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    wanted = form.cleaned_data
    rows = asked(user, wanted, timezone.localdate())
    waits = (wanted.get("status") or first_asked(user)) == OPEN
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__gt=after) if waits else rows.filter(pk__lt=after)
    found = first_by_store(rows, user.store_ids, PAGE + 1)
    shown = found[:PAGE]
    sums = month_sums(shown)
    context = {
        "rows": [(row, sums[row.pk]) for row in shown],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "waits": waits,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "penalties/decisions.html", context)


@require_safe
@may_issue
def issue_list(request: HttpRequest) -> HttpResponse:
    """Signed ones, to be issued by administration."""
    user: Any = request.user
    rows = to_issue(user, timezone.localdate()).select_related(*SHOWN).order_by("signed_at", "pk")
    context = {"rows": rows[:MOST]}
    return render(request, "penalties/issue_list.html", context)
