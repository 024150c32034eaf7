"""The waiting list: who is offered a freed time first (SVC-14)."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.customers.models import Vehicle
from apps.customers.views.page import form_page
from apps.service.actions import waiting as keeping
from apps.service.forms.waiting import LeaveForm, WaitingForm
from apps.service.models import Waiting
from apps.service.queries.waiting import offers
from apps.service.views.gates import a_form, may_book, may_see

DAYS_WAITED = timedelta(days=14)


@require_safe
@may_see
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Who waits, who can be offered a time first."""
    user: Any = request.user
    store, now = store_shown(user, request.GET), timezone.now()
    context = {
        "store": store,
        "rows": offers(store, now),
        "today": timezone.localdate(now),
        "own": store.pk == user.store_id,
    }
    return render(request, "service/waiting_list.html", context)


@a_form
@may_book
@once
def waiting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner of the car ``pk`` waits for a time."""
    user: Any = request.user
    cars = Vehicle.objects.of_own_store(user).select_related("owner", "store")
    car = get_object_or_404(cars, pk=pk)
    today, asked = timezone.localdate(), request.GET
    initial = {
        "operations": asked.getlist("operations"),
        "wanted_from": asked.get("earliest") or today,
        "wanted_until": today + DAYS_WAITED,
    }
    form = WaitingForm(request.POST or None, store=car.store, initial=initial)

    def save(data: dict[str, Any]) -> str:
        job, operations = form.wish().job, list(data.pop("operations"))
        keeping.wait(car, job, operations=operations, by=user, now=timezone.now(), **data)
        return reverse("service:waiting-list")

    title = _("%(car)s waits for a time") % {"car": car}
    back = reverse("service:appointment-new", args=[car.pk])
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_book
@once
def waiting_leave(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Waiting.objects.of_own_store(request.user).select_related("customer", "vehicle")
    row = get_object_or_404(rows, pk=pk)
    back = reverse("service:waiting-list")

    def save(data: dict[str, Any]) -> str:
        keeping.leave_list(row, **data)
        return back

    title = _("%(customer)s waits no more") % {"customer": f"{row.customer} · {row.vehicle}"}
    return form_page(request, LeaveForm(request.POST or None), title=title, back=back, save=save)
