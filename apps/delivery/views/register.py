"""The register of hand-overs: how long each took, and which were odd (DEL-03, DEL-08)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.delivery.forms.hand_overs import RegisterFilter
from apps.delivery.queries import hand_overs, record
from apps.delivery.views.gates import may_see_plan

PAGE = 50


@require_safe
@may_see_plan
def hand_over_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = RegisterFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = hand_overs.register(user, form.cleaned_data)
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(hand_overs.seen_by(user), pk=after)
        rows = rows.filter(starts_at__lte=last.starts_at).exclude(
            starts_at=last.starts_at, pk__gte=last.pk
        )
    found = list(rows[: PAGE + 1])
    context = {
        "rows": [(row, record.length_of(row)) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "delivery/hand_over_list.html", context)
