"""The calendar of the demonstrator cars, and a drive step by step (REC-05)."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.calendar import DAY
from apps.accounts.queries import calendar_of, store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.core.pictures import picture_answer
from apps.reception.actions import drives as actions
from apps.reception.choices.drive import DriveStatus
from apps.reception.forms.drives import (
    WHEN,
    DayAsked,
    DriveForm,
    FeedbackForm,
    KmForm,
    LicenceForm,
    SignatureForm,
)
from apps.reception.models import Opportunity, TestDrive
from apps.reception.policy import drive as policy
from apps.reception.queries import drives as queries
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import a_form, may_see_sales, may_sell

MOST = 30  # purchases to choose from


@require_safe
@may_see_sales
def drive_list(request: HttpRequest) -> HttpResponse:
    """Which car is out when: a day by the hour, a week, or the drives of a month."""
    user: Any = request.user
    today = timezone.localdate()
    on, view = DayAsked(request.GET).asked(today)
    first, last = queries.span_of(on, view)
    store = store_shown(user, request.GET)
    days = [first + DAY * n for n in range((last - first).days + 1)] if view != "month" else []
    of_store = TestDrive.objects.filter(store=store).select_related(*queries.SHOWN)
    rows = list(queries.between(of_store, first, last))
    cars = list(queries.cars_of(user).filter(store=store)) if days else []
    shown = [car for car in cars if car.is_used or any(r.demo_car_id == car.pk for r in rows)]
    lines = queries.calendar_lines(shown, rows, days, calendar_of(store))
    context = {
        "store": store,
        "view": view,
        "day": on,
        "today": today,
        "first": first,
        "last": last,
        "before": first - DAY,
        "after": last + DAY,
        "days": days,
        "lines": lines,
        "columns": _columns(lines) if view == "day" else [],
        "rows": [row for row in rows if queries.is_seen(user, row)],
        "seen": {row.pk for row in rows if queries.is_seen(user, row)},
        "may_book": user.has_perm("reception.sell") and store.pk == user.store_id,
        "now": timezone.now(),
    }
    return render(request, "reception/drive_list.html", context)


def _columns(lines: list[queries.Line]) -> list[datetime]:
    """The half hours over the drawn cells."""
    cells = lines[0].days[0].cells if lines else []
    count = sum(cell.columns for cell in cells)
    return [cells[0].start + policy.SLOT * n for n in range(count)]


@require_safe
@may_sell
def drive_find(request: HttpRequest) -> HttpResponse:
    """For which purchase a drive is booked; ``car`` and ``at`` of the calendar go along."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()[:40]
    rows = queries.bookable(user)
    if text:
        rows = rows.filter(customer__name__contains=text) | rows.filter(
            customer__numbers__number__endswith=text
        )
    keep = {name: request.GET[name] for name in ("car", "at") if request.GET.get(name)}
    context = {"rows": list(rows.distinct()[:MOST]), "text": text, "keep": keep}
    context["query"] = f"?{urlencode(keep)}" if keep else ""
    return render(request, "reception/drive_find.html", context)


@a_form
@may_sell
@once
def drive_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A time for the purchase ``pk``."""
    user: Any = request.user
    own = seen_by(user, Opportunity.objects.of_own_store(user).select_related("customer", "store"))
    opportunity: Opportunity = get_object_or_404(own, pk=pk)
    form = DriveForm(request.POST or None, store=opportunity.store, initial=_asked(request))

    def save(data: dict[str, Any]) -> TestDrive:
        return actions.book_drive(opportunity, **data, by=user, now=timezone.now())

    return _time_page(request, form, opportunity, save=save)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Car and time of the cell that was clicked."""
    car, at = request.GET.get("car", ""), request.GET.get("at", "")
    try:
        moment = timezone.make_aware(datetime.strptime(at, WHEN))
    except ValueError:
        now = timezone.localtime()
        moment = (
            now
            + policy.STEP
            - timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
        )
    return {"demo_car": car if car.isdecimal() else None, "starts_at": moment, "minutes": 30}


@a_form
@may_sell
@once
def drive_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk, own=True)
    initial = {
        "demo_car": row.demo_car_id,
        "starts_at": row.starts_at,
        "minutes": int((row.ends_at - row.starts_at).total_seconds()) // 60,
        "route": row.route_id,
        "remark": row.remark,
    }
    form = DriveForm(request.POST or None, store=row.store, initial=initial)

    def save(data: dict[str, Any]) -> TestDrive:
        return actions.move_drive(row, **data, now=timezone.now())

    return _time_page(request, form, row.opportunity, save=save, row=row)


def _time_page(
    request: HttpRequest, form: DriveForm, opportunity: Opportunity, *, save: Any, row: Any = None
) -> HttpResponse:
    """Car, time and route; a time that is taken answers with the next free ones."""
    refusal, status, free = None, 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = save(dict(form.cleaned_data))
            except Refused as refused:
                refusal, status = refused, 409
                if isinstance(refused, actions.NotFree):
                    free = _free(form.cleaned_data, opportunity, row)
            else:
                messages.success(request, _("Saved."))
                return redirect("reception:drive", made.pk)
    context = {
        "form": form,
        "opportunity": opportunity,
        "row": row,
        "refusal": refusal,
        "free": free,
        "any_car": form.fields["demo_car"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "reception/drive_time.html", context, status=status)


def _free(data: dict[str, Any], opportunity: Opportunity, row: TestDrive | None) -> list[datetime]:
    consultant = row.consultant_id if row else opportunity.consultant_id
    return queries.free_times(
        *(data["demo_car"], consultant, data["starts_at"], data["minutes"]),
        after=timezone.now(),
        without=row.pk if row else None,
    )


@require_safe
@may_see_sales
def opportunity_drives(request: HttpRequest, pk: int) -> HttpResponse:
    """The drives of the purchase ``pk``, the newest first: a part of its page."""
    opportunity = get_object_or_404(seen_by(request.user), pk=pk)
    rows = queries.drives(request.user).filter(opportunity=opportunity)
    return _piece(request, list(rows.order_by("-starts_at", "-pk")))


@require_safe
@may_sell
def my_drives(request: HttpRequest) -> HttpResponse:
    """Whom one takes along today: a part of the consultant's day."""
    return _piece(request, list(queries.today_of(request.user, timezone.now())))


def _piece(request: HttpRequest, rows: list[TestDrive]) -> HttpResponse:
    """A part for htmx, a small page without JavaScript."""
    whole = not request.headers.get("HX-Request")
    page = "reception/drive_piece.html" if whole else "reception/_drive_rows.html"
    return render(request, page, {"rows": rows, "now": timezone.now()})


def _row(request: HttpRequest, pk: int, *, own: bool) -> TestDrive:
    rows = queries.drives(request.user).select_related("by", "licence_by")
    if own:
        rows = rows.filter(store=request.user.store_id)  # type: ignore[union-attr]
    row: TestDrive = get_object_or_404(rows, pk=pk)
    return row


@require_safe
@may_see_sales
def drive(request: HttpRequest, pk: int) -> HttpResponse:
    """One drive, and what comes next."""
    return _page(request, _row(request, pk, own=False))


def _page(
    request: HttpRequest,
    row: TestDrive,
    *,
    forms: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    known = {
        "driver": row.driver or row.opportunity.customer.name,
        "licence_class": row.licence_class,
        "valid_until": row.licence_until,
    }
    given = {name: getattr(row, name) for name in ("impression", "liked", "disliked")}
    context = {
        "row": row,
        "opportunity": row.opportunity,
        "customer": row.opportunity.customer,
        "may": user.has_perm("reception.sell") and row.store_id == user.store_id,
        "km": policy.driven(row.out_km, row.back_km),
        "licence": LicenceForm(initial=known),
        "out": KmForm(initial={"km": row.demo_car.km}),
        "back": KmForm(),
        "feedback": FeedbackForm(initial=given),
        "refusal": refusal,
        "now": timezone.now(),
    } | (forms or {})
    return render(request, "reception/drive.html", context, status=status)


def _step(request: HttpRequest, pk: int, name: str, kind: Any, act: Any, said: str) -> HttpResponse:
    """A step of the page with its form: 422 and 409 answer with the page as it is."""
    row = _row(request, pk, own=True)
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, row, forms={name: form}, status=422)
    try:
        act(row, form.cleaned_data)
    except Refused as refusal:
        row = _row(request, pk, own=True)
        return _page(request, row, forms={name: form}, refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("reception:drive", pk)


@require_POST
@may_sell
@once
def drive_licence(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user

    def act(row: TestDrive, data: dict[str, Any]) -> None:
        data.pop("seen")
        actions.check_licence(row, **data, by=user, now=timezone.now())

    return _step(request, pk, "licence", LicenceForm, act, _("The licence is checked."))


@require_POST
@may_sell
@once
def drive_out(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: TestDrive, data: dict[str, Any]) -> None:
        actions.send_out(row, km=data["km"], now=timezone.now())

    return _step(request, pk, "out", KmForm, act, _("The car is out."))


@require_POST
@may_sell
@once
def drive_back(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: TestDrive, data: dict[str, Any]) -> None:
        actions.take_back(row, km=data["km"], now=timezone.now())

    said = _("The car is back. Ask the customer how it was.")
    return _step(request, pk, "back", KmForm, act, said)


@require_POST
@may_sell
@once
def drive_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: TestDrive, data: dict[str, Any]) -> None:
        actions.note_feedback(row, **data)

    return _step(request, pk, "feedback", FeedbackForm, act, _("Saved."))


@require_POST
@may_sell
@once
def drive_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer does not want it, or (``no_show``) did not come."""
    row = _row(request, pk, own=True)
    try:
        no_show = "no_show" in request.POST
        actions.cancel_drive(row, no_show=no_show, now=timezone.now())
    except Refused as refusal:
        return _page(request, _row(request, pk, own=True), refusal=refusal, status=409)
    messages.success(request, _("The car is free again."))
    return redirect("reception:drive", pk)


@a_form
@may_see_sales
@once
def drive_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """试乘试驾协议: read and signed on the screen, or printed."""
    user: Any = request.user
    row = _row(request, pk, own=request.method == "POST")
    form = SignatureForm(request.POST or None, request.FILES or None)
    refusal, status = None, 200
    if request.method == "POST":
        if not user.has_perm("reception.sell"):
            return _agreement(request, row, form, None, 403)
        status = 422
        if form.is_valid():
            try:
                actions.sign_agreement(row, form.cleaned_data["signature"], now=timezone.now())
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("The agreement is signed. The car can go out."))
                return redirect("reception:drive", pk)
    return _agreement(request, row, form, refusal, status)


def _agreement(
    request: HttpRequest, row: TestDrive, form: Any, refusal: Refused | None, status: int
) -> HttpResponse:
    user: Any = request.user
    may = user.has_perm("reception.sell") and row.store_id == user.store_id
    context = {
        "row": row,
        "customer": row.opportunity.customer,
        "terms": row.terms.split("\n") if row.terms else policy.TERMS,
        "form": form,
        "can_sign": may and row.status == DriveStatus.BOOKED and not row.signed_at,
        "refusal": refusal,
        "back": reverse("reception:drive", args=[row.pk]),
    }
    return render(request, "reception/drive_agreement.html", context, status=status)


@require_safe
@may_see_sales
def drive_signature(request: HttpRequest, pk: int, stored: UUID) -> HttpResponseBase:
    """The signature under an agreement that may be seen."""
    row = _row(request, pk, own=False)
    if row.signature != stored:
        raise Http404
    return picture_answer(stored)
