"""Who is on duty in a week, and which days the store works (ORG-03, ORG-04)."""

from calendar import Calendar as Months
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.actions import people as people_acts
from apps.accounts.actions import store as store_acts
from apps.accounts.calendar import holiday_name
from apps.accounts.choices import DayKind
from apps.accounts.forms import CorrectionForm
from apps.accounts.models import CalendarDay, User
from apps.accounts.queries import calendar_of, roster_week
from apps.accounts.views.people import own_store
from apps.core.dates import add_months
from apps.core.errors import Refused

ROSTER = permission_required("accounts.manage_roster", raise_exception=True)
CALENDAR = permission_required("accounts.manage_calendar", raise_exception=True)


@require_safe
@ROSTER
def roster(request: HttpRequest) -> HttpResponse:
    """A week of people and days; one's own department first, all on request."""
    return _roster_page(request, _day(request.GET.get("week")), request.GET.get("department"))


@require_POST
@ROSTER
def roster_set(request: HttpRequest) -> HttpResponse:
    """Turn one cell: ``cell`` is person:day:on or person:day:off."""
    pk, day, word = (request.POST.get("cell", "").split(":") + ["", "", ""])[:3]
    person = get_object_or_404(
        User.objects.filter(store=own_store(request), is_active=True),
        pk=int(pk) if pk.isdecimal() else 0,
    )
    on, department = _day(day), request.POST.get("department", "")
    refusal = None
    try:
        people_acts.set_duty(person, on, word == "on", on=timezone.localdate())
    except Refused as refused:
        refusal = refused
    if refusal or request.headers.get("HX-Request"):
        return _roster_page(request, on, department, refusal)
    return redirect(f"{reverse('accounts:roster')}?week={on}&department={department}")


@require_safe
@CALENDAR
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of working days, duty and closed days, with what was corrected by hand."""
    chosen = request.GET.get("day")
    first = _day(request.GET.get("month") or chosen).replace(day=1)
    form = CorrectionForm(initial={"on": chosen and _day(chosen), "kind": DayKind.CLOSED})
    return _calendar_page(request, first, form)


@require_POST
@CALENDAR
def calendar_correct(request: HttpRequest) -> HttpResponse:
    """Say by hand what a day is."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _calendar_page(request, _day(None).replace(day=1), form, status=422)
    said, store = form.cleaned_data, own_store(request)
    first = said["on"].replace(day=1)
    try:
        store_acts.correct_day(
            store, said["on"], DayKind(said["kind"]), said["note"], on=timezone.localdate()
        )
    except Refused as refusal:
        return _calendar_page(request, first, form, status=409, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('accounts:calendar')}?month={first}")


@require_POST
@CALENDAR
def calendar_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the public calendar for one day."""
    user: Any = request.user
    row = get_object_or_404(CalendarDay.objects.of_own_store(user), pk=pk)
    first = row.on.replace(day=1)
    try:
        store_acts.undo_correction(row, on=timezone.localdate())
    except Refused as refusal:
        return _calendar_page(request, first, CorrectionForm(), status=409, refusal=refusal)
    messages.success(request, _("The public calendar holds again for this day."))
    return redirect(f"{reverse('accounts:calendar')}?month={first}")


def _day(text: str | None) -> date:
    """A day of an address; today when it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return timezone.localdate()


def _roster_page(
    request: HttpRequest, day: date, chosen: str | None, refusal: Refused | None = None
) -> HttpResponse:
    user: Any = request.user
    store, today = own_store(request), timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    people = User.objects.filter(store=store, is_active=True).select_related("department")
    if chosen is None:
        chosen = str(user.department_id or "")
    if chosen.isdecimal():
        people = people.filter(department=int(chosen))
    rows = roster_week(people.order_by("department_id", "pk"), store, monday, today)
    context = {
        "rows": rows,
        "days": [monday + timedelta(days=n) for n in range(7)],
        "calendar": calendar_of(store),
        "today": today,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "monday": monday,
        "departments": store.departments.order_by("pk"),
        "chosen": chosen,
        "refusal": refusal,
    }
    name = "_roster.html" if request.headers.get("HX-Request") else "roster.html"
    return render(request, f"accounts/{name}", context, status=409 if refusal else 200)


def _calendar_page(
    request: HttpRequest,
    first: date,
    form: CorrectionForm,
    *,
    status: int = 200,
    refusal: Refused | None = None,
) -> HttpResponse:
    store, today = own_store(request), timezone.localdate()
    days = calendar_of(store)
    weeks = [
        [
            {
                "on": day,
                "kind": days.kind(day),
                "by_hand": day in days.corrections,
                "name": holiday_name(day),
                "other_month": day.month != first.month,
            }
            for day in week
        ]
        for week in Months().monthdatescalendar(first.year, first.month)
    ]
    context = {
        "weeks": weeks,
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "today": today,
        "corrections": store.calendar_days.filter(on__year=first.year).order_by("on"),
        "year": first.year,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "accounts/calendar.html", context, status=status)
