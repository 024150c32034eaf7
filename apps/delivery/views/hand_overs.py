"""Hand-overs are planned, prepared and shown (DEL-01, 02, 04, 08)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.core.pictures import picture_answer
from apps.customers.views.page import form_page
from apps.delivery import actions
from apps.delivery.choices.hand_over import COMING, AgreedHow, HandOverStatus
from apps.delivery.forms.hand_overs import (
    WHEN,
    AgreeForm,
    CancelForm,
    PapersForm,
    PlanForm,
    PointForm,
    ToldForm,
    consultants_for,
)
from apps.delivery.models import HandOver
from apps.delivery.queries import hand_overs, record
from apps.delivery.views.gates import a_form, may_hand_over, may_plan, may_see_plan
from apps.reception.models import SalesOrder

DAY = timedelta(days=1)
MOST = 50  # orders that wait for a time


def day_of(asked: Any, today: date, name: str = "day") -> date:
    """The day of the address, else today."""
    try:
        return parse_date(asked.get(name, "")) or today
    except ValueError:
        return today


@require_safe
@may_see_plan
def plan(request: HttpRequest) -> HttpResponse:
    """A day's hand-overs by area with their lights, and the orders that wait for a time."""
    user: Any = request.user
    now = timezone.now()
    today = timezone.localdate(now)
    day = day_of(request.GET, today)
    store = store_shown(user, request.GET)
    rows = hand_overs.rows_of(hand_overs.on_day(user, store, day), user, now)
    plans = store.pk == user.store_id and user.has_perm("delivery.plan")
    context = {
        "store": store,
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        "tomorrow": today + DAY,
        "areas": hand_overs.by_area(store, rows),
        "count": len(rows),
        "late": hand_overs.rows_of(hand_overs.late(user, store, today)[:MOST], user, now),
        "waiting": list(hand_overs.to_plan(user)[:MOST]) if plans else None,
    }
    return render(request, "delivery/plan.html", context)


@a_form
@may_plan
@once
def hand_over_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A time for the hand-over of the order ``pk``, or another one."""
    order = get_object_or_404(own_orders(request), pk=pk)
    row = HandOver.objects.filter(order=order).first()
    if request.method != "POST":
        return _plan_page(request, order, row, _plan_form(request, order, row))
    form = _plan_form(request, order, row, request.POST)
    if not form.is_valid():
        return _plan_page(request, order, row, form, status=422)
    user: Any = request.user
    try:
        row = actions.plan(order, **form.cleaned_data, now=timezone.now(), by=user)
    except Refused as refusal:
        return _plan_page(request, order, row, form, refusal=refusal, status=409)
    messages.success(request, _("The hand-over is planned."))
    return redirect("delivery:hand-over", row.pk)


def own_orders(request: HttpRequest) -> Any:
    return hand_overs.orders_of(request.user).select_related(
        "customer", "consultant", "trim__car_model", "stock_car", "store"
    )


def _plan_form(
    request: HttpRequest, order: SalesOrder, row: HandOver | None, data: Any = None
) -> PlanForm:
    initial: dict[str, Any] = {"consultant": order.consultant_id}
    if row is not None:
        initial |= {"consultant": row.consultant_id, "is_vip": row.is_vip, "area": row.area_id}
        initial |= {"remark": row.remark, "agreed_how": row.agreed_how}
        if row.status in COMING:
            initial["starts_at"] = timezone.localtime(row.starts_at)
    people = consultants_for(request.user, order)
    return PlanForm(data, store=order.store, consultants=people, initial=initial)


def _plan_page(
    request: HttpRequest,
    order: SalesOrder,
    row: HandOver | None,
    form: PlanForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    usual = max(order.promised_on or timezone.localdate(now) + DAY, timezone.localdate(now))
    if row is not None and row.status in COMING:
        usual = row.on
    context = {"order": order, "row": row, "form": form, "refusal": refusal}
    context |= _times(request, order, row, _asked_day(request, usual), now)
    return render(request, "delivery/hand_over_plan.html", context, status=status)


def _asked_day(request: HttpRequest, usual: date) -> date:
    chosen = request.POST.get("starts_at", "")[:10]
    return day_of({"day": chosen} if chosen else request.GET, usual)


def _times(
    request: HttpRequest, order: SalesOrder, row: HandOver | None, day: date, now: datetime
) -> dict[str, Any]:
    """The free times of a day for the order's consultant, as ``_times.html`` shows them."""
    asked = (request.POST or request.GET).get("consultant", "")
    usual = row.consultant_id if row else order.consultant_id
    consultant = int(asked) if asked.isdecimal() else usual
    without = row.pk if row else None
    return {
        "day": day,
        "before": day - DAY,
        "after": day + DAY,
        "today": timezone.localdate(now),
        "times": hand_overs.free_times(order.store, day, consultant, now, without=without),
        "chosen": (request.POST or request.GET).get("starts_at", "")
        or (timezone.localtime(row.starts_at).strftime(WHEN) if row else ""),
    }


def own_row(request: HttpRequest, pk: int) -> HandOver:
    row: HandOver = get_object_or_404(hand_overs.shown(hand_overs.own(request.user)), pk=pk)
    return row


@require_safe
@may_see_plan
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one hand-over is; once signed, its record."""
    row = get_object_or_404(hand_overs.shown(hand_overs.seen_by(request.user)), pk=pk)
    return page_of(request, row)


def page_of(
    request: HttpRequest,
    row: HandOver,
    *,
    refusal: Refused | None = None,
    status: int = 200,
    asked: Any = None,
) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    own = row.store_id == user.store_id
    context: dict[str, Any] = {
        "row": row,
        "own": own,
        "refusal": refusal,
        "acts": own and user.has_perm("delivery.hand_over"),
        "checks": own and user.has_perm("delivery.check_car"),
        "now": now,
    }
    if row.status == HandOverStatus.FINISHED:
        context |= record.of(row, asked or request.GET, now, offers=context["acts"])
        return render(request, "delivery/record.html", context, status=status)
    shown = hand_overs.rows_of([row], user, now)[0]
    context |= {
        "light": shown.light,
        "missing": shown.missing,
        "points": hand_overs.points_of(row, shown.missing),
        "pdi": record.last_pdi(row),
        "agreed": AgreedHow.choices,
        "is_coming": row.status in COMING,
    }
    return render(request, "delivery/hand_over.html", context, status=status)


def change(
    request: HttpRequest, pk: int, form: Any, act: Callable[[HandOver, dict[str, Any]], Any]
) -> HttpResponse:
    """One button of the page: carried out, or refused beside the fresh page."""
    row = own_row(request, pk)
    if not form.is_valid():
        return page_of(request, row, status=422)
    try:
        act(row, form.cleaned_data)
    except Refused as refusal:
        return page_of(request, own_row(request, pk), refusal=refusal, status=409)
    return redirect("delivery:hand-over", pk)


@require_POST
@may_plan
@once
def hand_over_agree(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    form = AgreeForm(request.POST)
    return change(
        request,
        pk,
        form,
        lambda row, data: actions.agree_time(row, data["how"], now=timezone.now(), by=user),
    )


@require_POST
@may_see_plan
@once
def hand_over_point(request: HttpRequest, pk: int) -> HttpResponse:
    """A point of the preparation; whoever washes or fuels may say so."""
    user: Any = request.user
    if not user.has_perm("delivery.check_car") and not user.has_perm("delivery.hand_over"):
        return HttpResponse(status=403)
    return change(
        request,
        pk,
        PointForm(request.POST),
        lambda row, data: actions.mark_ready(
            row, data["point"], data["done"], now=timezone.now(), by=user
        ),
    )


@require_POST
@may_plan
@once
def hand_over_tell(request: HttpRequest, pk: int) -> HttpResponse:
    form = ToldForm(request.POST)
    return change(
        request,
        pk,
        form,
        lambda row, data: actions.tell_customer(row, data["told"], now=timezone.now()),
    )


@a_form
@may_plan
@once
def hand_over_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_row(request, pk)

    def save(data: dict[str, Any]) -> str:
        actions.cancel(row, data["reason"])
        return reverse("delivery:plan")

    title = _("Cancel the hand-over %(row)s") % {"row": f"{row} · {row.order.customer}"}
    back = reverse("delivery:hand-over", args=[pk])
    return form_page(request, CancelForm(request.POST or None), title=title, back=back, save=save)


@a_form
@may_hand_over
@once
def hand_over_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Plate, registration and insurance of the car."""
    row = own_row(request, pk)
    back = reverse("delivery:hand-over", args=[pk])

    def save(data: dict[str, Any]) -> str:
        actions.keep_papers(HandOver(pk=pk), data)
        return back

    form = PapersForm(request.POST or None, instance=row)
    title = _("Papers of the car · %(row)s") % {"row": row.order.customer}
    return form_page(request, form, title=title, back=back, save=save)


@require_safe
@may_see_plan
def hand_over_picture(request: HttpRequest, pk: int, stored: UUID) -> HttpResponseBase:
    """A photo or the signature of a hand-over that may be seen."""
    row = get_object_or_404(hand_overs.seen_by(request.user), pk=pk)
    if row.signature != stored and not row.photos.filter(stored=stored).exists():
        raise Http404
    return picture_answer(stored)
