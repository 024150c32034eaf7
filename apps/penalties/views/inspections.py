"""The 5S checks on the phone, area by area, and the list they go by (PEN-05, SSI-06)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Store
from apps.audit.once import once
from apps.checklists.choices import ChecklistKind
from apps.checklists.queries import in_force
from apps.core.errors import Refused
from apps.penalties.actions.inspections import look_around, set_areas
from apps.penalties.forms.inspections import AreasForm, LookForm
from apps.penalties.queries.inspections import (
    FIRST,
    SECOND,
    WEAKEST,
    Place,
    Round,
    areas_of,
    people_of,
    round_of,
)
from apps.ssi.policy.rooms import by_area
from apps.ssi.queries.rooms import second_hours

DAY = timedelta(days=1)
a_form = require_http_methods(["GET", "HEAD", "POST"])
may_check = permission_required("ssi.check_rooms", raise_exception=True)
may_write_areas = permission_required("ssi.change_guide", raise_exception=True)


def _today(request: HttpRequest, kind: str) -> tuple[Store, Round]:
    """Today's check of the store in which the person works."""
    if kind not in (FIRST, SECOND):
        raise Http404
    user: Any = request.user
    if user.store_id is None:
        raise PermissionDenied
    store = get_object_or_404(Store, pk=user.store_id)
    return store, round_of(store, ChecklistKind(kind), timezone.localdate())


@a_form
@may_check
@once
def fives_check(request: HttpRequest, kind: str) -> HttpResponse:
    """Today's check by area. The button ends a second check that has nothing to look at."""
    store, check = _today(request, kind)
    refusal, status = None, 200
    if request.method == "POST":
        user: Any = request.user
        try:
            look_around(store, check.kind, [], by=user, now=timezone.now())
        except Refused as refused:
            refusal, status = refused, 409
        else:
            messages.success(request, _("Saved."))
            return redirect("penalties:fives-check", kind)
    context = _facts(store, check) | {"refusal": refusal}
    return render(request, "penalties/fives_check.html", context, status=status)


@a_form
@may_check
@once
def fives_area(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The points of one area of today's check."""
    store, check = _today(request, kind)
    place = next((one for one in check.places if one.number == number), None)
    if place is None:
        raise Http404
    people = list(people_of(store))
    form = LookForm(request.POST or None, request.FILES or None, points=place.points, people=people)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            user: Any = request.user
            try:
                look_around(store, check.kind, form.looks(), by=user, now=timezone.now())
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Saved."))
                return redirect(_next(check, place))
    context = _facts(store, check) | {"place": place, "form": form, "refusal": refusal}
    return render(request, "penalties/fives_area.html", context, status=status)


def _next(check: Round, place: Place) -> str:
    """The next area that nobody has looked at, else the whole."""
    kind = check.kind.value
    after = [one for one in check.places if one.number > place.number and one.left]
    before = [one for one in check.places if one.number < place.number and one.left]
    for one in (*after, *before):
        return reverse("penalties:fives-area", args=[kind, one.number])
    return reverse("penalties:fives-check", args=[kind])


def _facts(store: Store, check: Round) -> dict[str, Any]:
    now = timezone.localtime()
    begins, ends = second_hours(store, check.on)
    is_second = check.kind == SECOND
    return {
        "store": store,
        "check": check,
        "is_second": is_second,
        "begins": begins,
        "ends": ends,
        "early": is_second and now.time() < begins,
        "late": is_second and now.time() > ends,
        "weakest": WEAKEST,
    }


@a_form
@may_write_areas
@once
def fives_areas(request: HttpRequest) -> HttpResponse:
    """Areas, departments and points from a coming day on, beginning with the latest."""
    user: Any = request.user
    store, today = get_object_or_404(Store, pk=user.store_id), timezone.localdate()
    form = AreasForm(
        request.POST or None,
        store=store,
        areas=_written(store),
        initial={"effective_from": today + DAY},
    )
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            day = data["effective_from"]
            try:
                set_areas(store, data["blocks"], effective_from=day, now=timezone.now())
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Saved."))
                return redirect("penalties:fives-areas")
    context = {"store": store, "form": form, "refusal": refusal, "today": today}
    context["template"] = in_force(store, FIRST, today)
    return render(request, "penalties/fives_areas.html", context, status=status)


def _written(store: Store) -> list[dict[str, Any]]:
    """The areas of the latest list, which may be one of a coming day."""
    template = in_force(store, FIRST, timezone.localdate() + 1000 * DAY)
    if template is None:
        return []
    areas = {area.name: area for area in areas_of(template)}
    found = []
    for name, rows in by_area((str(item), item) for item in template.items.all()):
        area = areas.get(name)
        found.append(
            {
                "name": name,
                "department": area.department_id if area else None,
                "person": area.person_id if area else None,
                "points": "\n".join(text for text, _item in rows),
            }
        )
    return found
