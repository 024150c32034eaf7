"""A car is taken in at the door, on a tablet (SVC-07, SVC-15)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.audit.once import once
from apps.core.codes import code_of
from apps.core.errors import Refused
from apps.core.pictures import picture_answer
from apps.customers.models import Vehicle
from apps.service import actions
from apps.service.check_in_form import CheckInForm, WalkForm
from apps.service.choices import MarkKind, RepairKind
from apps.service.forms import local
from apps.service.models import Appointment, CheckIn
from apps.service.queries import appointments, check_in, orders
from apps.service.views.booking import cars_found
from apps.service.views.gates import a_form, may_receive, may_see

MOST = 100  # cars of a list


@require_safe
@may_receive
def check_in_list(request: HttpRequest) -> HttpResponse:
    """Who is expected, whose turn it is, and any other car that stands at the door."""
    user: Any = request.user
    now = timezone.now()
    text = request.GET.get("q", "")[:40]
    context = {
        "text": text,
        "cars": cars_found(user, text),
        "expected": list(check_in.to_take_in(user, now)[:MOST]),
        "turn": check_in.whose_turn(user.store, now),
        "unreported": list(check_in.to_report(user)[:MOST]),
        "now": now,
    }
    return render(request, "service/check_in_list.html", context)


@a_form
@may_receive
@once
def check_in_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form at the car ``pk``, from its ``appointment`` or without one."""
    cars = Vehicle.objects.of_own_store(request.user).select_related("owner", "store")
    car = get_object_or_404(cars, pk=pk)
    awaited = _appointment(request, car)
    turn = check_in.whose_turn(car.store, timezone.now())
    if request.method != "POST":
        form = CheckInForm(store=car.store, initial=_known(awaited, turn))
        return _form(request, car, awaited, turn, form)
    form = CheckInForm(request.POST, request.FILES, store=car.store)
    if not form.is_valid():
        return _form(request, car, awaited, turn, form, status=422)
    user: Any = request.user
    data = form.cleaned_data
    try:
        row = actions.check_in(
            car,
            form.opening() | {"appointment": awaited},
            form.seen(),
            marks=data["marks"],
            photos=data["photos"],
            signature=data["signature"],
            turn_reason=data["turn_reason"],
            now=timezone.now(),
            by=user,
        )
    except Refused as refusal:
        return _form(request, car, awaited, turn, form, refusal=refusal, status=409)
    messages.success(request, _("The car is taken in."))
    return redirect("service:check-in", row.pk)


def _appointment(request: HttpRequest, car: Vehicle) -> Appointment | None:
    asked = request.GET.get("appointment", "")
    if not asked:
        return None
    rows = Appointment.objects.of_own_store(request.user).filter(vehicle=car)
    row: Appointment = get_object_or_404(rows, pk=int(asked) if asked.isdecimal() else 0)
    return row


def _known(awaited: Appointment | None, turn: User | None) -> dict[str, Any]:
    """What need not be asked again."""
    if awaited is None:
        return {"kind": RepairKind.MAINTENANCE, "advisor": turn}
    ends_at = awaited.ends_at if awaited.ends_at > timezone.now() else None
    return {
        "kind": awaited.kind,
        "advisor": awaited.advisor or turn,
        "complaints": awaited.symptoms,
        "km": awaited.km,
        "promised_at": ends_at and local(ends_at),
    }


def _form(
    request: HttpRequest,
    car: Vehicle,
    awaited: Appointment | None,
    turn: User | None,
    form: CheckInForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "car": car,
        "awaited": awaited,
        "turn": turn,
        "form": form,
        "refusal": refusal,
        "seen": _told(check_in.last_marks(car)),
        "visits": appointments.last_visits(car),
        "put_off": orders.put_off_work(car),
    } | _kinds()
    return render(request, "service/check_in_new.html", context, status=status)


def _told(marks: Any) -> list[dict[str, Any]]:
    """Marks as the page's script takes them."""
    return [
        {"kind": m.kind, "x": m.x, "y": m.y, "note": m.note, "since": m.since.isoformat()}
        for m in marks
    ]


def _kinds() -> dict[str, Any]:
    return {"kinds": MarkKind.choices, "kind_names": {k: str(name) for k, name in MarkKind.choices}}


def _row(request: HttpRequest, pk: int, *, own: bool) -> CheckIn:
    rows: Any = CheckIn.objects
    rows = rows.of_own_store(request.user) if own else rows.visible_to(request.user)
    about = ("order__vehicle", "order__customer", "order__advisor_user", "by", "turn_of", "store")
    row: CheckIn = get_object_or_404(rows.select_related(*about, "walked_by"), pk=pk)
    return row


@require_safe
@may_see
def check_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """接车检查单: on screen, and on paper for the customer."""
    return _sheet(request, _row(request, pk, own=False))


def _sheet(
    request: HttpRequest, row: CheckIn, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    marks = list(row.marks.all())
    context = {
        "row": row,
        "order": row.order,
        "marks": marks,
        "seen": _told(marks),
        "photos": list(row.photos.all()),
        "own": row.store_id == user.store_id,
        "refusal": refusal,
        "code": code_of(request, "service:check-in", row.pk),
    } | _kinds()
    return render(request, "service/check_in.html", context, status=status)


@a_form
@may_receive
@once
def check_in_walk(request: HttpRequest, pk: int) -> HttpResponse:
    """The walk-around of a car whose customer was in a hurry."""
    row = _row(request, pk, own=True)
    user: Any = request.user
    form = WalkForm(request.POST or None, request.FILES or None)
    status, refusal = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.walk_around(
                    row, marks=data["marks"], photos=data["photos"], now=timezone.now(), by=user
                )
            except Refused as refused:
                status, refusal = 409, refused
            else:
                messages.success(request, _("Walked around. Now tell the customer."))
                return redirect("service:check-in", pk)
    context = {"row": row, "car": row.order.vehicle, "form": form, "refusal": refusal}
    context |= _kinds() | {"seen": _told(check_in.last_marks(row.order.vehicle))}
    return render(request, "service/check_in_walk.html", context, status=status)


@require_POST
@may_receive
@once
def check_in_report(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk, own=True)
    try:
        actions.report_walk(row, now=timezone.now())
    except Refused as refusal:
        return _sheet(request, row, refusal=refusal, status=409)
    messages.success(request, _("Noted: the customer knows what was seen."))
    return redirect("service:check-in", pk)


@require_safe
@may_see
def check_in_picture(request: HttpRequest, pk: int, stored: UUID) -> HttpResponseBase:
    """A photo or the signature of a check-in that may be seen."""
    row = _row(request, pk, own=False)
    known = row.signature == stored or row.photos.filter(stored=stored).exists()
    if not known:
        raise Http404
    return picture_answer(stored)
