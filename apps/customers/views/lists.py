"""What waits to be put right: numbers, mileage; and the maintenance schedules."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers import actions, queries
from apps.customers.forms import NumberForm, ScheduleForm
from apps.customers.models import MileageReading, NumberCorrection
from apps.customers.views.customers import a_form
from apps.customers.views.page import form_page

PAGE = 50
may_correct = permission_required("customers.correct_number", raise_exception=True)
may_review = permission_required("customers.review_mileage", raise_exception=True)
may_schedule = permission_required("customers.change_schedule", raise_exception=True)


@require_safe
@may_correct
def correction_list(request: HttpRequest) -> HttpResponse:
    """The department's open requests, the oldest first: worked off from the top (CUS-03)."""
    rows = queries.open_corrections(request.user)[:PAGE]
    return render(request, "customers/correction_list.html", {"corrections": rows})


@a_form
@may_correct
@once
def correction_done(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    correction = get_object_or_404(NumberCorrection.objects.of_own_store(user), pk=pk)
    if not user.has_perm(f"customers.correct_{correction.department}_number"):
        raise PermissionDenied  # another department is asked

    def save(data: dict[str, Any]) -> str:
        actions.correct_number(correction, data["number"], by=user, now=timezone.now())
        return reverse("customers:correction-list")

    title = _("Good number of %(name)s") % {"name": correction.customer}
    back = reverse("customers:correction-list")
    return form_page(request, NumberForm(request.POST or None), title=title, back=back, save=save)


@require_safe
@may_review
def reading_list(request: HttpRequest) -> HttpResponse:
    """Doubted readings with the accepted ones before and after (CUS-07). Two queries."""
    rows = queries.with_neighbours(list(queries.doubted_readings(request.user)[:PAGE]))
    return render(request, "customers/reading_list.html", {"rows": rows})


@require_POST
@may_review
@once
def reading_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    reading = get_object_or_404(MileageReading.objects.of_own_store(user), pk=pk)
    accept = request.POST.get("accept") == "1"
    actions.decide_reading(reading, accept, by=user, on=timezone.localdate())
    said = _("Accepted: it counts now.") if accept else _("Rejected: it counts no more.")
    messages.success(request, said)
    return redirect("customers:reading-list")


@require_safe
@may_schedule
def schedule_list(request: HttpRequest) -> HttpResponse:
    context = {"schedules": queries.schedules(request.user)[:200], "today": timezone.localdate()}
    return render(request, "customers/schedule_list.html", context)


@a_form
@may_schedule
@once
def schedule_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    today, back = timezone.localdate(), reverse("customers:schedule-list")

    def save(data: dict[str, Any]) -> str:
        if not 1 <= data["interval_months"] <= 60 or not 500 <= data["interval_km"] <= 100_000:
            raise Refused(_("An interval is 1–60 months and 500–100000 km."))
        if data["first_opens_months"] >= data["first_months"]:
            raise Refused(_("The first service must be called before it is due."))
        actions.add_schedule(user.store, by=user, on=today, **data)
        return back

    form = ScheduleForm(request.POST or None, initial={"effective_from": today + timedelta(days=1)})
    return form_page(request, form, title=_("New schedule"), back=back, save=save)
