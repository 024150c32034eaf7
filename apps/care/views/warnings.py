"""What reaches its limit today, and which rate is near its line (CARE-23)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.care.actions.warn import acknowledge
from apps.care.choices import CallKind
from apps.care.models import Notice
from apps.care.queries import warnings
from apps.care.warned import LIMIT_LABELS, saving, warned

MOST = 200
may_see = permission_required("care.view_lists", raise_exception=True)


@require_safe
@may_see
def warnings_today(request: HttpRequest) -> HttpResponse:
    """The limits of today by person, the rates of the month; each number opens its calls."""
    user: Any = request.user
    today = timezone.localdate()
    context = {"warned": warned(user, today), "today": today, "labels": LIMIT_LABELS}
    what, kind, person = (request.GET.get(name, "") for name in ("what", "kind", "person"))
    who = int(person) if person.isdecimal() and len(person) < 12 else None
    if what in warnings.LIMITS:
        rows = warnings.rows(user, today, what, who)
        context |= {"calls": rows[:MOST], "what_label": LIMIT_LABELS[what], "most": MOST}
    elif kind in CallKind.values:
        rows = saving(user, kind, who, today)
        label = _("calls that would save the rate")
        context |= {"calls": rows[:MOST], "what_label": label, "most": MOST}
    return render(request, "care/warnings.html", context)


@require_POST
@may_see
@once
def notice_seen(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    notice = get_object_or_404(Notice.objects.visible_to(user), pk=pk, user=user)
    acknowledge(notice, by=user, now=timezone.now())
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("care:warnings")
