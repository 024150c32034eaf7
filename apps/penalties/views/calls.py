"""The calls that a month's rate was judged by: those that were not reminded (PEN-02)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.care.models import Call
from apps.care.queries.lists import shown
from apps.penalties.views.gates import may_view, seen

MOST = 500  # more than one person answers for in a month


@require_safe
@may_view
@permission_required("care.view_lists", raise_exception=True)
def proposal_calls(request: HttpRequest, pk: int) -> HttpResponse:
    """As they were found, each with its link; what they say is of now."""
    row = seen(request, pk)
    found: Any = row.evidence.get("calls")
    if not found:
        raise Http404
    calls = shown(Call.objects.visible_to(request.user)).filter(store=row.store_id, pk__in=found)
    context = {
        "row": row,
        "calls": calls.order_by("due_on", "pk")[:MOST],
        "today": timezone.localdate(),
        "without_owner": True,
    }
    return render(request, "penalties/proposal_calls.html", context)
