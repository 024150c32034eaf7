"""The run sheet on the tablet, the PDI, and the first service (DEL-02, 03, 05, 08, 09)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.audit.once import once
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.forms import AnswersForm
from apps.core.errors import Refused
from apps.delivery import actions
from apps.delivery.actions.first_service import book_first_service
from apps.delivery.choices.hand_over import COMING, LISTS, HandOverStatus, Step
from apps.delivery.forms.hand_overs import FirstServiceForm, SheetForm
from apps.delivery.models import HandOver
from apps.delivery.queries.numbers import numbers_of
from apps.delivery.views.gates import a_form, may_check_car, may_hand_over
from apps.delivery.views.hand_overs import own_row, page_of


@require_POST
@may_hand_over
@once
def hand_over_start(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.start(own_row(request, pk), now=timezone.now())
    except Refused as refusal:
        return page_of(request, own_row(request, pk), refusal=refusal, status=409)
    return redirect("delivery:sheet", pk)


@a_form
@may_hand_over
@once
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What is gone through with the customer, and what he signs."""
    row = own_row(request, pk)
    if request.method != "POST":
        if row.status == HandOverStatus.FINISHED:  # a tablet asks here for the lost answer
            return page_of(request, row)
        if row.status != HandOverStatus.RUNNING:
            return redirect("delivery:hand-over", pk)
        return _sheet(request, row, SheetForm(row=row, lists=_lists(row)))
    form = SheetForm(request.POST, request.FILES, row=row, lists=_lists(row))
    if not form.is_valid():
        return _sheet(request, row, form, status=422)
    user: Any = request.user
    data = form.cleaned_data
    try:
        actions.finish(
            row,
            form.sheet(),
            photos=data["photos"],
            signature=data["signature"],
            now=timezone.now(),
            by=user,
        )
    except Refused as refusal:
        return _sheet(request, row, form, refusal=refusal, status=409)
    messages.success(
        request, _("Handed over. Congratulate the customer, and book the first service.")
    )
    return redirect("delivery:hand-over", pk)


def _lists(row: HandOver) -> dict[str, Any]:
    """Kind of list → its points as they hold today."""
    today = timezone.localdate()
    found = {}
    for kind in LISTS.values():
        template = lists.in_force(row.store, kind, today)
        found[str(kind)] = lists.lines(template.items.all() if template else [], None, 1)
    return found


def _sheet(
    request: HttpRequest,
    row: HandOver,
    form: SheetForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    planned = numbers_of(row.store, row.on).planned
    context = {
        "row": row,
        "form": form,
        "refusal": refusal,
        "steps": [
            {
                "step": step,
                "minutes": planned[step],
                "ticks": form.ticks(LISTS[step]) if step in LISTS else [],
            }
            for step in Step
        ],
        "minutes": sum(planned.values()),
    }
    return render(request, "delivery/sheet.html", context, status=status)


@a_form
@may_check_car
@once
def pdi(request: HttpRequest, pk: int) -> HttpResponse:
    """The inspection of the new car, point by point (DEL-02)."""
    row = own_row(request, pk)
    today = timezone.localdate()
    car = row.order.stock_car
    run = lists.last_run(row.store, ChecklistKind.PDI, car.vin) if car else None
    template = lists.in_force(row.store, ChecklistKind.PDI, today)
    items = list(template.items.all()) if template else []
    same = run if run and template and run.template_id == template.pk else None
    form = AnswersForm(request.POST or None, lines=lists.lines(items, same, 1))
    status, refusal = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            user: Any = request.user
            try:
                done = actions.check_car(row, form.said(), now=timezone.now(), by=user)
            except Refused as refused:
                status, refusal = 409, refused
            else:
                text = (
                    _("The PDI is complete.")
                    if not done.missing
                    else _("Saved. Points are missing.")
                )
                messages.success(request, text)
                return redirect("delivery:hand-over", pk)
    context: dict[str, Any] = {"row": row, "car": car, "form": form, "run": run, "refusal": refusal}
    context["can_fill"] = car is not None and row.status in COMING
    return render(request, "delivery/pdi.html", context, status=status)


@require_POST
@may_hand_over
@once
def first_service(request: HttpRequest, pk: int) -> HttpResponse:
    """The first service is booked beside the record that was just signed (DEL-09)."""
    row = own_row(request, pk)
    form = FirstServiceForm(request.POST)
    if not form.is_valid():
        refusal = Refused(_("Choose one of the free times."))
        return page_of(request, row, refusal=refusal, status=422, asked=request.POST)
    user: Any = request.user
    try:
        book_first_service(row, form.cleaned_data["starts_at"], now=timezone.now(), by=user)
    except Refused as refusal:
        return page_of(request, row, refusal=refusal, status=409, asked=request.POST)
    messages.success(request, _("The first service is booked."))
    return redirect(reverse("delivery:hand-over", args=[pk]))
