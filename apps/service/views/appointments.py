"""The day's appointments, one of them, and what becomes of it (SVC-03…05)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.service import actions, figures
from apps.service.choices import AWAITED, HOLDING
from apps.service.forms import CancelForm, DayFilter
from apps.service.models import Appointment
from apps.service.queries import appointments
from apps.service.queries.orders import put_off_work
from apps.service.queries.waiting import Offer, first_for
from apps.service.views.booking import own_appointment
from apps.service.views.gates import may_accept, may_book, may_receive, may_see

DAY = timedelta(days=1)
MOST = 500  # rows of a page


@require_safe
@may_see
def appointment_list(request: HttpRequest) -> HttpResponse:
    """The appointments of a day (SVC-03)."""
    user: Any = request.user
    today = timezone.localdate()
    form = DayFilter({"day": today} | request.GET.dict(), user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    day = form.cleaned_data.get("day") or today
    context = {
        "form": form,
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        **_some(appointments.appointments_on(user, day, form.cleaned_data)),
        "several_stores": len(user.store_ids) > 1,
        "missed": figures.missed(user.store_ids, day, day).count(),
        "not_ready": figures.store_not_ready(user.store_ids, day, day).count(),
    }
    return render(request, "service/appointment_list.html", context)


def _some(rows: QuerySet[Appointment]) -> dict[str, Any]:
    """As many as a page takes; more than that only a group of stores has in a day."""
    found = list(rows[: MOST + 1])
    return {"rows": found[:MOST], "more": len(found) > MOST, "most": MOST}


@require_safe
@may_see
def handover_list(request: HttpRequest) -> HttpResponse:
    """What care calls booked and the reception has not taken over yet (SVC-04)."""
    user: Any = request.user
    now = timezone.now()
    context = _some(figures.with_hand_over_by(appointments.not_handed_over(user)))
    context["several_stores"] = len(user.store_ids) > 1
    context["late"] = {row.pk for row in context["rows"] if row.hand_over_by < now}
    return render(request, "service/handover_list.html", context)


@require_safe
@may_see
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Appointment.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related(*appointments.SHOWN, "by", "accepted_by"), pk=pk)
    return _page(request, row)


def _page(
    request: HttpRequest, row: Appointment, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    context = {
        "row": row,
        "estimate": appointments.estimate_of(row),
        "visits": appointments.last_visits(row.vehicle),
        "put_off": put_off_work(row.vehicle),
        "order": row.orders.first(),
        "cancelling": CancelForm(initial={"version": row.version}),
        "own": row.store_id == user.store_id,
        "awaited": row.status in AWAITED,
        "holding": row.status in HOLDING,
        "today": timezone.localdate(),
        "offer": _freed_for(row),
        "refusal": refusal,
    }
    return render(request, "service/appointment.html", context, status=status)


def _freed_for(row: Appointment) -> Offer | None:
    """Who waits and can have a time of this day, when this one has come free (SVC-14)."""
    now = timezone.now()
    if row.status in HOLDING or row.ends_at < now:
        return None
    return first_for(row.store, row.on, now)


def _done(
    request: HttpRequest, pk: int, act: Callable[[Appointment], Any], said: str
) -> HttpResponse:
    """Do it and show the appointment, or say on its page as it is now why not."""
    row = own_appointment(request, pk)
    try:
        act(row)
    except Refused as refusal:
        return _page(request, own_appointment(request, pk), refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("service:appointment", pk)


@require_POST
@may_book
@once
def appointment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.confirm, _("Confirmed."))


@require_POST
@may_book
@once
def appointment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = CancelForm(request.POST)
    form.is_valid()
    reason, version = form.cleaned_data.get("reason", ""), form.cleaned_data.get("version")

    def act(row: Appointment) -> Any:
        return actions.cancel(row, reason=reason, version=version)

    return _done(request, pk, act, _("Cancelled. The time is free again."))


@require_POST
@may_book
@once
def appointment_new_link(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("A new link goes out to the customer; the old one is dead.")
    return _done(request, pk, actions.send_new_link, said)


@require_POST
@may_receive
@once
def appointment_arrive(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    return _done(request, pk, lambda row: actions.arrive(row, now=now), _("The car is here."))


@require_POST
@may_receive
@once
def appointment_no_show(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    said = _("Noted: did not come.")
    return _done(request, pk, lambda row: actions.mark_no_show(row, now=now), said)


@require_POST
@may_accept
@once
def appointment_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over what a care call booked; back to the list of what is left."""
    user: Any = request.user
    row = own_appointment(request, pk)
    try:
        actions.accept(row, by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, own_appointment(request, pk), refusal=refusal, status=409)
    messages.success(request, _("Taken over: %(car)s.") % {"car": row.vehicle})
    return redirect("service:handover-list")
