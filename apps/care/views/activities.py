"""Care activities: the year, one of them, and what is decided about it (CARE-12)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.care.actions import activities as actions
from apps.care.activity_choices import COMING
from apps.care.activity_forms import ActivityForm, CancelForm, EvaluationForm, PhotosForm
from apps.care.figures import activities as figures
from apps.care.models import Activity, ActivityPhoto
from apps.care.queries import activities as queries
from apps.core.errors import Refused
from apps.core.pictures import picture_answer
from apps.customers.views.page import form_page

MOST = 200
a_form = require_http_methods(["GET", "HEAD", "POST"])
may_see = permission_required("care.view_activity", raise_exception=True)
may_run = permission_required("care.run_activity", raise_exception=True)
may_keep = permission_required("care.keep_attendance", raise_exception=True)

WHAT_LABELS = {
    "all": gettext_lazy("Asked or there"),
    "called": gettext_lazy("Invited by call"),
    "open": gettext_lazy("Not reached yet"),
    "not_reached": gettext_lazy("Call ended without an answer"),
    "declined": gettext_lazy("Do not come"),
    "signed_up": gettext_lazy("Signed up"),
    "attended": gettext_lazy("Were there"),
    "absent": gettext_lazy("Signed up, not there"),
}
AT_THE_DOOR = ("attended", "absent")  # said from the activity's day on
WHOSE_LABELS = {
    "there": gettext_lazy("Who was there"),
    "not_there": gettext_lazy("Who was asked and was not there"),
}


@require_safe
@may_see
def activity_list(request: HttpRequest) -> HttpResponse:
    """The year month by month; a month that is over without an activity says so."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    rows = queries.with_numbers(queries.activities(user, store, year))
    last = 12 if year < today.year else today.month
    months = sorted({*range(1, last + 1), *(row.on.month for row in rows)}, reverse=True)
    if year > today.year:
        months = sorted({row.on.month for row in rows}, reverse=True)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "year": year,
        "this_month": today.replace(day=1),
        "months": [
            (date(year, month, 1), [row for row in rows if row.on.month == month])
            for month in months
        ],
        "any": bool(rows),
    }
    return render(request, "care/activity_list.html", context)


def seen(request: HttpRequest, pk: int) -> Activity:
    row: Activity = get_object_or_404(queries.activities(request.user), pk=pk)
    return row


def own(request: HttpRequest, pk: int) -> Activity:
    row: Activity = get_object_or_404(Activity.objects.of_own_store(request.user), pk=pk)
    return row


@require_safe
@may_see
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, seen(request, pk))


def page_of(
    request: HttpRequest,
    row: Activity,
    *,
    refusal: Refused | str | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    queries.with_numbers([row])
    is_own = row.store_id == user.store_id
    numbers: dict[str, int] = row.numbers  # type: ignore[attr-defined]
    early = AT_THE_DOOR if row.on > today else ()
    context: dict[str, Any] = {
        "row": row,
        "numbers": [
            (name, label, numbers[name]) for name, label in WHAT_LABELS.items() if name not in early
        ],
        "taken": numbers["places"],
        "guests": numbers["guests"],
        "photos": list(row.photos.all()),
        "runs": is_own and user.has_perm("care.run_activity"),
        "keeps": is_own and user.has_perm("care.keep_attendance"),
        "is_coming": row.status in COMING,
        "day_has_come": row.on <= today,
        "refusal": refusal,
    }
    if row.took_place:
        context |= _brought(request, row)
    return render(request, "care/activity.html", context, status=status)


def _brought(request: HttpRequest, row: Activity) -> dict[str, Any]:
    """What came of it, and the rows behind the number that was pressed."""
    whose = request.GET.get("visits", "")
    brought = [(name, label, figures.came_back(row, name)) for name, label in WHOSE_LABELS.items()]
    found: dict[str, Any] = {"brought": brought, "within": figures.WITHIN.days}
    found["until"] = row.on + figures.WITHIN
    if whose in WHOSE_LABELS:
        found["visits"] = figures.visits(row, whose)[:MOST]
        found |= {"whose_label": WHOSE_LABELS[whose], "most": MOST}
    return found


@a_form
@may_run
@once
def activity_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)

    def save(_data: dict[str, Any]) -> str:
        row = actions.plan_activity(store, form.planned(), by=user, now=timezone.now())
        return reverse("care:activity", args=[row.pk])

    form = ActivityForm(request.POST or None, initial={"starts_at": "09:30"})
    title, back = _("Plan a care activity"), reverse("care:activity-list")
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_run
@once
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own(request, pk)
    here = reverse("care:activity", args=[pk])

    def save(_data: dict[str, Any]) -> str:
        actions.change_activity(own(request, pk), form.planned(), now=timezone.now())
        return here

    form = ActivityForm(request.POST or None, instance=row)
    return form_page(request, form, title=str(row), back=here, save=save)


@a_form
@may_run
@once
def activity_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = own(request, pk)
    here = reverse("care:activity", args=[pk])

    def save(data: dict[str, Any]) -> str:
        actions.cancel_activity(row, data["reason"], now=timezone.now())
        return here

    form = CancelForm(request.POST or None)
    title = _("Cancel “%(name)s”") % {"name": row}
    return form_page(request, form, title=title, back=here, save=save)


@a_form
@may_run
@once
def activity_evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    row = own(request, pk)
    user: Any = request.user
    here = reverse("care:activity", args=[pk])

    def save(data: dict[str, Any]) -> str:
        actions.evaluate_activity(row, **data, by=user, now=timezone.now())
        return here

    initial = {name: getattr(row, name) for name in ("spent_amount", "summary", "evaluation")}
    form = EvaluationForm(request.POST or None, initial=initial)
    title = _("Evaluate “%(name)s”") % {"name": row}
    return form_page(request, form, title=title, back=here, save=save)


def change(request: HttpRequest, pk: int, act: Callable[[Activity], str]) -> HttpResponse:
    """One button of the page: carried out, or refused beside the fresh page."""
    try:
        said = act(own(request, pk))
    except Refused as refusal:
        return page_of(request, seen(request, pk), refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("care:activity", pk)


@require_POST
@may_run
@once
def activity_hold(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: Activity) -> str:
        actions.hold_activity(row, now=timezone.now())
        return _("Noted: it took place.")

    return change(request, pk, act)


@require_POST
@may_keep
@once
def activity_photos(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = own(request, pk)
    form = PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        wrong = "\n".join(str(error) for error in form.non_field_errors())
        return page_of(request, seen(request, row.pk), refusal=wrong, status=422)

    def act(row: Activity) -> str:
        photos = form.cleaned_data["photos"]
        actions.add_photos(row, photos, by=user, now=timezone.now())
        return _("Saved.")

    return change(request, pk, act)


@require_POST
@may_run
@once
def activity_photo_remove(request: HttpRequest, pk: int, stored: UUID) -> HttpResponse:
    photo = get_object_or_404(ActivityPhoto, activity=own(request, pk), stored=stored)

    def act(_row: Activity) -> str:
        actions.remove_photo(photo)
        return _("The photo has gone.")

    return change(request, pk, act)


@require_safe
@may_see
def activity_picture(request: HttpRequest, pk: int, stored: UUID) -> HttpResponseBase:
    photo = get_object_or_404(ActivityPhoto, activity=seen(request, pk), stored=stored)
    return picture_answer(photo.stored)
