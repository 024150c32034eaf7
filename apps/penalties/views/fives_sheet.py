"""The 5S sheet of a day, to whom it was sent, and the weak points of a month (PEN-05)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.dates import add_months
from apps.core.pictures import picture_answer
from apps.penalties.actions.inspections import read_sheet
from apps.penalties.forms.sheets import MonthForm
from apps.penalties.models import FiveSPhoto
from apps.penalties.queries.fives_sheet import (
    copies_of,
    failures,
    may_open,
    may_see_photo,
    sheet_of,
    weak_month,
)
from apps.penalties.queries.signing import may_sign_as
from apps.penalties.views.gates import may_view

DAY = timedelta(days=1)
MOST = 200
may_see_rooms = permission_required("ssi.view_rooms", raise_exception=True)


@require_safe
@may_view
def fives_sheet(request: HttpRequest, day: str) -> HttpResponse:
    """5S管理检查表: what was not in order, with its photos, and what comes of it. Each sees what
    concerns him; where nothing does the page is closed."""
    user: Any = request.user
    store, on = store_shown(user, request.GET), _day(day)
    sheet = sheet_of(user, store, on)
    if not may_open(user, store, on, sheet):
        raise PermissionDenied
    signs = {
        line.penalty.pk for line in sheet.lines if line.penalty and may_sign_as(user, line.penalty)
    }
    context = {
        "store": store,
        "on": on,
        "sheet": sheet,
        "signs": signs,
        "copy": copies_of(user).filter(store=store, on=on).first(),
        "before": on - DAY,
        "after": on + DAY if on < timezone.localdate() else None,
    }
    return render(request, "penalties/fives_sheet.html", context)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Http404 from None


@require_safe
@may_view
def fives_photo(request: HttpRequest, stored: UUID) -> HttpResponseBase:
    """A photo of a check, for whom it concerns."""
    user: Any = request.user
    rows = FiveSPhoto.objects.visible_to(user).select_related("answer__run")
    photo = get_object_or_404(rows, stored=stored)
    if not may_see_photo(user, photo):
        raise PermissionDenied
    return picture_answer(photo.stored)


@require_safe
@may_view
def fives_copies(request: HttpRequest) -> HttpResponse:
    """The sheets that were sent to me; those that I have not seen stand first."""
    user: Any = request.user
    rows = copies_of(user).select_related("store").order_by("read_at", "-on", "-pk")
    waiting = [row for row in rows.filter(read_at=None)[:MOST]]
    context = {"rows": rows.exclude(read_at=None).order_by("-on", "-pk")[:MOST], "waiting": waiting}
    return render(request, "penalties/fives_copies.html", context)


@require_POST
@may_view
@once
def fives_read(request: HttpRequest, day: str) -> HttpResponse:
    """I have seen the sheet that was sent to me."""
    user: Any = request.user
    copy = get_object_or_404(copies_of(user).filter(store=user.store_id), on=_day(day))
    read_sheet(copy, now=timezone.now())
    messages.success(request, _("Noted: you have seen the sheet."))
    return redirect("penalties:fives-copies")


def month_asked(told: Any, today: date) -> date:
    form = MonthForm(told)
    asked = form.cleaned_data["month"] if form.is_valid() else None
    return asked or today.replace(day=1)


@require_safe
@may_see_rooms
def fives_weak(request: HttpRequest) -> HttpResponse:
    """Areas and points of a month: how often not in order, and better or worse than before."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    month = month_asked(request.GET, today)
    context = _of_month(store, month, today) | {"rows": weak_month(store, month)}
    return render(request, "penalties/fives_weak.html", context)


@require_safe
@may_see_rooms
def fives_rows(request: HttpRequest) -> HttpResponse:
    """The checks behind a number of the month."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    month = month_asked(request.GET, today)
    context = _of_month(store, month, today) | {
        "rows": failures(store, request.GET, month)[:MOST],
        "point": request.GET.get("point", ""),
        "most": MOST,
    }
    return render(request, "penalties/fives_rows.html", context)


def _of_month(store: Store, month: date, today: date) -> dict[str, Any]:
    following = add_months(month, 1)
    return {
        "store": store,
        "month": month,
        "month_before": add_months(month, -1),
        "month_after": following if following <= today else None,
    }
