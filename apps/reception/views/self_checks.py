"""Receptions watched by the manager, and what is weak in them (REC-09)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.checklists.choices import ChecklistKind
from apps.checklists.queries import in_force, lines
from apps.core.errors import Refused
from apps.reception.actions import self_checks as actions
from apps.reception.forms.self_checks import SelfCheckFilter, SelfCheckForm
from apps.reception.models import SelfCheck
from apps.reception.queries import self_checks as queries
from apps.reception.queries.opportunities import ALL, seen_by
from apps.reception.views.gates import a_form, may_observe, may_see_sales

MOST = 200  # receptions of a month that are listed


@require_safe
@may_see_sales
def self_check_list(request: HttpRequest) -> HttpResponse:
    """A month's receptions: the weakest points first, whose they are, and each one."""
    user: Any = request.user
    today = timezone.localdate()
    month = queries.month_of(request.GET, today)
    shown = {"month": f"{month:%Y-%m}", "consultant": request.GET.get("consultant", "")}
    form = SelfCheckFilter(shown, store=user.store, choose=user.has_perm(ALL))
    form.is_valid()
    of_month = queries.asked_for(
        user, {name: value for name, value in request.GET.items() if name != "point"}, today
    )
    context = {
        "month": month,
        "form": form,
        "people": queries.by_consultant(queries.checks(user, month)),
        "weak": queries.weak_points(of_month),
        "rows": list(queries.asked_for(user, request.GET, today)[:MOST]),
        "point": request.GET.get("point", ""),
        "chosen": request.GET.get("consultant", ""),
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/self_check_list.html", context)


@a_form
@may_observe
@once
def self_check_new(request: HttpRequest) -> HttpResponse:
    """The 16 points, gone through while watching."""
    user: Any = request.user
    now = timezone.now()
    template = in_force(user.store, ChecklistKind.SELF_CHECK, timezone.localdate(now))
    items = list(template.items.all()) if template else []
    initial = {"consultant": request.GET.get("consultant")}
    form = SelfCheckForm(request.POST or None, store=user.store, items=items, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                row = actions.watch_reception(
                    data["consultant"], form.seen(), by=user, now=now, note=data["note"]
                )
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Saved."))
                return redirect("reception:self-check", row.pk)
    context = {"form": form, "refusal": refusal}
    return render(request, "reception/self_check_new.html", context, status=status)


@require_safe
@may_see_sales
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One reception as it was watched."""
    rows = seen_by(
        request.user, SelfCheck.objects.select_related("consultant", "by", "run__template")
    )
    row: SelfCheck = get_object_or_404(rows, pk=pk)
    points = lines(row.run.template.items.all(), row.run, 0)
    context = {
        "row": row,
        "points": [(line, line.item.pk in row.unseen) for line in points],
    }
    return render(request, "reception/self_check.html", context)
