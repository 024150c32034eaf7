"""An appointment is booked, moved and edited (SVC-01…03)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.audit.meanwhile import ChangedMeanwhile
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.models import Vehicle
from apps.customers.search import search
from apps.customers.views.page import form_page
from apps.service import actions, policy
from apps.service.actions.waiting import book_waiting
from apps.service.forms import AppointmentForm, MoveForm, OfferForm, SaidForm, local
from apps.service.models import Appointment, Waiting
from apps.service.queries import appointments
from apps.service.queries.orders import put_off_work
from apps.service.views.gates import a_form, may_book


@require_safe
@may_book
def appointment_find(request: HttpRequest) -> HttpResponse:
    """Whose car is to come: found by the last digits of the phone or the plate (SVC-01)."""
    text = request.GET.get("q", "")[:40]
    context = {"text": text, "cars": cars_found(request.user, text)}
    return render(request, "service/appointment_find.html", context)


def cars_found(user: Any, text: str) -> list[Vehicle]:
    """The cars of whom a search of one's own store finds, the best first."""
    hits = search([user.store_id], text) if text else []
    owners = [hit.customer.pk for hit in hits if hit.customer]
    rows = Vehicle.objects.of_own_store(user).filter(owner__in=owners).select_related("owner")
    return sorted(rows.order_by("owner", "pk")[:50], key=lambda car: owners.index(car.owner_id))


@a_form
@may_book
@once
def appointment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The registration form for the car ``pk``; a GET with work chosen shows its free times."""
    cars = Vehicle.objects.of_own_store(request.user).select_related("owner", "store")
    car = get_object_or_404(cars, pk=pk)
    user: Any = request.user
    if request.method != "POST":
        asked = request.GET
        chosen = {"operations": asked.getlist("operations"), "earliest": asked.get("earliest")}
        chosen["waiting"] = asked.get("waiting")
        initial = chosen | {"source": "phone" if not user.has_perm("care.work_queue") else "care"}
        return _form(request, car, AppointmentForm(store=car.store, initial=initial), asked)
    form = AppointmentForm(request.POST, store=car.store)
    if not form.is_valid():
        return _form(request, car, form, request.POST, status=422)
    try:
        row = _booked(request, car, form)
    except Refused as refusal:
        return _form(request, car, form, request.POST, refusal=refusal, status=409)
    messages.success(request, _("Booked."))
    return redirect("service:appointment", row.pk)


def _booked(request: HttpRequest, car: Vehicle, form: AppointmentForm) -> Appointment:
    """Who was offered the time from the waiting list is off it by the same booking (SVC-14)."""
    user: Any = request.user
    data = form.cleaned_data
    time = {"starts_at": data["starts_at"], "source": data["source"], "by": user}
    time["now"] = timezone.now()
    if data["waiting"]:
        rows = Waiting.objects.of_own_store(user).filter(vehicle=car)
        return book_waiting(get_object_or_404(rows, pk=data["waiting"]), form.wish(), **time)
    return actions.book(car, form.wish(), **time)


def _form(
    request: HttpRequest,
    car: Vehicle,
    form: AppointmentForm,
    asked: Any,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = times_of(car.store, asked, timezone.now()) | {
        "car": car,
        "form": form,
        "refusal": refusal,
    }
    context |= {"visits": appointments.last_visits(car), "put_off": put_off_work(car)}
    return render(request, "service/appointment_new.html", context, status=status)


def times_of(store: Store, asked: Any, now: datetime) -> dict[str, Any]:
    """The free times for what was chosen so far, as ``service/_free_times.html`` shows them."""
    form = OfferForm(asked, store=store)
    wish = form.wish()
    earliest = form.cleaned_data.get("earliest")
    offered = appointments.offered(store, wish.job, wish.needed(), now, earliest=earliest)
    return {"offered": offered, "job": wish.job, "chosen_time": asked.get("starts_at", "")}


@require_safe
@may_book
def free_times(request: HttpRequest, pk: int) -> HttpResponse:
    """The free times alone, as work is chosen on the form; without JavaScript the whole form."""
    cars = Vehicle.objects.of_own_store(request.user).select_related("store")
    car = get_object_or_404(cars, pk=pk)
    if not getattr(request, "htmx", False):
        return appointment_new(request, pk)
    return render(
        request,
        "service/_free_times.html",
        times_of(car.store, request.GET, timezone.now()) | {"car": car},
    )


@a_form
@may_book
@once
def appointment_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_appointment(request, pk)
    length = int((row.ends_at - row.starts_at).total_seconds()) // 60
    if request.method != "POST":
        initial = {"starts_at": local(row.starts_at), "minutes": length, "version": row.version}
        initial |= {"bay": row.bay_id, "technician": row.technician_id}
        form = MoveForm(store=row.store, initial=initial)
        return _move_page(request, row, form)
    form = MoveForm(request.POST, store=row.store)
    if not form.is_valid():
        return _move_page(request, row, form, status=422)
    data = form.cleaned_data
    try:
        actions.move(
            row,
            starts_at=data["starts_at"],
            minutes=data["minutes"],
            bay=data["bay"] and data["bay"].pk,
            technician=data["technician"] and data["technician"].pk,
            version=data["version"],
            now=timezone.now(),
        )
    except Refused as refusal:
        return _move_page(request, row, form, refusal=refusal, status=409)
    messages.success(request, _("Moved."))
    return redirect("service:appointment", row.pk)


def _move_page(
    request: HttpRequest,
    row: Appointment,
    form: MoveForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    estimate = appointments.estimate_of(row)
    length = int((row.ends_at - row.starts_at).total_seconds()) // 60
    offered = appointments.offered(
        row.store,
        policy.Job(length, row.skill),
        {line.part: line.quantity for line in estimate.parts},
        timezone.now(),
        without=row.pk,
    )
    context = {"row": row, "form": form, "refusal": refusal, "offered": offered}
    return render(request, "service/appointment_move.html", context, status=status)


@a_form
@may_book
@once
def appointment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_appointment(request, pk)
    names = ("advisor", "km", "symptoms", "remark", "version")
    initial = {name: getattr(row, name) for name in names}
    here = reverse("service:appointment", args=[pk])

    form = SaidForm(request.POST or None, store=row.store, initial=initial)

    def save(facts: dict[str, Any]) -> str:
        try:
            actions.change(row, facts, version=facts.pop("version"))
        except ChangedMeanwhile as told:  # who reads it and saves again means it
            form.data = request.POST.dict() | {"version": told.version}
            raise
        return here

    title = _("Edit %(row)s") % {"row": f"{row} · {row.vehicle}"}
    return form_page(request, form, title=title, back=here, save=save)


def own_appointment(request: HttpRequest, pk: int) -> Appointment:
    rows = Appointment.objects.of_own_store(request.user)
    row: Appointment = get_object_or_404(rows.select_related(*appointments.SHOWN), pk=pk)
    return row
