"""The closed months: lines, sums, and closing the next one (PEN-09)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.penalties.actions.sheets import close_month
from apps.penalties.forms.sheets import MonthForm
from apps.penalties.queries import sheets as asking
from apps.penalties.views.gates import may_close, may_see_all


@require_safe
@may_see_all
def sheets(request: HttpRequest) -> HttpResponse:
    """The month of the address, else the last closed one."""
    return _page(request)


@require_POST
@may_close
@once
def sheets_close(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    form = MonthForm(request.POST)
    if not form.is_valid() or form.cleaned_data["month"] is None:
        return _page(request, refusal=Refused(_("Say which month.")), status=422)
    month = form.cleaned_data["month"]
    try:
        close_month(store, month, by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("The month is closed. Export it for payroll."))
    return redirect(f"{reverse('penalties:sheets')}?month={month:%Y-%m}")


def _page(
    request: HttpRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    store = store_shown(user, request.GET)
    closed = asking.sheets_of(store)
    form = MonthForm(request.GET)
    asked = form.cleaned_data["month"] if form.is_valid() else None
    sheet = next((one for one in closed if one.month == asked), None)
    if asked is None and closed:
        sheet = closed[0]
    lines = list(asking.entries_of(store, sheet.month)) if sheet else []
    context = {
        "store": store,
        "closed": closed,
        "sheet": sheet,
        "asked": asked,
        "lines": lines,
        "people": asking.by_person(lines),
        "departments": asking.by_department(lines),
        "coming": asking.coming(store, timezone.localdate()),
        "can_close": user.has_perm("penalties.close_month") and store.pk == user.store_id,
        "refusal": refusal,
    }
    return render(request, "penalties/sheets.html", context, status=status)
