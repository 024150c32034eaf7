"""One repair order: shown and written (SVC-08). It is opened by the check-in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.meanwhile import ChangedMeanwhile, version_of
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.service import actions
from apps.service.choices import HAND_BACK, HandBackPoint, Outcome, Stage
from apps.service.forms import local
from apps.service.models import Operation, Part, RepairOrder
from apps.service.order_forms import (
    AnswerForm,
    CheckForm,
    DispatchForm,
    FreeLineForm,
    NotAgreeForm,
    OrderForm,
    SettleForm,
)
from apps.service.queries import orders
from apps.service.queries.appointments import last_visits
from apps.service.views.gates import a_form, may_see_orders, may_write

Act = Callable[[RepairOrder, dict[str, Any]], Any]


@require_safe
@may_see_orders
def order(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RepairOrder.objects.visible_to(request.user).exclude(status="")
    return order_page(request, get_object_or_404(rows.select_related(*orders.SHOWN), pk=pk))


def own_order(request: HttpRequest, pk: int) -> RepairOrder:
    rows = RepairOrder.objects.of_own_store(request.user).exclude(status="")
    row: RepairOrder = get_object_or_404(rows.select_related(*orders.SHOWN), pk=pk)
    return row


def order_page(
    request: HttpRequest, row: RepairOrder, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    own = row.store_id == user.store_id and row.in_house
    context = {
        "row": row,
        "sheet": orders.sheet_of(row),
        "own": own,
        "may_propose": own and not row.settled_at and user.has_perm("service.write_order"),
        "late": row.status in orders.LATE_STAGES and row.promised_at and row.promised_at < now,
        "now": now,
        "stages": list(row.stages.select_related("by")),
        "checks": list(row.checks.select_related("by")),
        "visits": [one for one in last_visits(row.vehicle, 6) if one.pk != row.pk],
        "put_off": orders.put_off_work(row.vehicle, without=row),
        "refusal": refusal,
        **_forms(row),
    }
    return render(request, "service/order.html", context, status=status)


def _forms(row: RepairOrder) -> dict[str, Any]:
    """What can be done next, as the stage has it."""
    asked = {"technician": row.technician_id, "bay": row.bay_id}
    wanted = HAND_BACK[Outcome(row.outcome)] if row.outcome else ()
    to = [stage for stage in RepairOrder.MOVES.get(Stage(row.status), ()) if stage != Stage.CLOSED]
    by_hand = [stage for stage in Stage if stage in to and _by_hand(row, stage)]
    return {
        "answer_form": AnswerForm(),
        "dispatch_form": DispatchForm(store=row.store, initial=asked),
        "to_stages": [(stage.value, stage.label) for stage in by_hand],
        "check_form": CheckForm(),
        "not_agree_form": NotAgreeForm(),
        "settle_form": SettleForm(),
        "hand_back_points": [(point, HandBackPoint(point).label) for point in wanted],
    }


def _by_hand(row: RepairOrder, to: Stage) -> bool:
    if to == Stage.READY:
        return row.status == Stage.WASHING
    return (
        to != Stage.WASHING
        and row.status != Stage.QUALITY_CHECK
        and row.outcome != Outcome.NOT_AGREED
    )


def done(
    request: HttpRequest, pk: int, act: Callable[[RepairOrder], Any], said: str = ""
) -> HttpResponse:
    """Do it and show the order, or say on its page as it is now why not."""
    row = own_order(request, pk)
    try:
        act(row)
    except Refused as refusal:
        return order_page(request, own_order(request, pk), refusal=refusal, status=409)
    messages.success(request, said or _("Saved."))
    return redirect("service:order", pk)


@a_form
@may_write
@once
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_order(request, pk)
    names = ("kind", "advisor_user", "complaints", "diagnosis", "version")
    initial = {name: getattr(row, name) for name in names}
    initial["promised_at"] = row.promised_at and local(row.promised_at)
    form = OrderForm(request.POST or None, store=row.store, initial=initial)
    here = reverse("service:order", args=[pk])

    def save(facts: dict[str, Any]) -> str:
        try:
            version = facts.pop("version")
            actions.change_order(row, facts, version=version, now=timezone.now())
        except ChangedMeanwhile as told:  # who reads it and saves again means it
            form.data = request.POST.dict() | {"version": told.version}
            raise
        return here

    title = _("Edit %(row)s") % {"row": f"{row} · {row.vehicle}"}
    return form_page(request, form, title=title, back=here, save=save)


@a_form
@may_write
@once
def order_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Work and parts found in the catalogue, and put on the order (SVC-08)."""
    row = own_order(request, pk)
    if request.method == "POST":
        return _add(request, row)
    return _adding(request, row, FreeLineForm())


def _adding(
    request: HttpRequest,
    row: RepairOrder,
    form: FreeLineForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:40]
    context = {
        "row": row,
        "form": form,
        "text": text,
        "work": orders.found_work(row, text),
        "parts": orders.found_parts(row, text),
        "sheet": orders.sheet_of(row),
        "refusal": refusal,
    }
    part_only = getattr(request, "htmx", False) and request.method == "GET"
    page = "service/_order_found.html" if part_only else "service/order_add.html"
    return render(request, page, context, status=status)


def _add(request: HttpRequest, row: RepairOrder) -> HttpResponse:
    user: Any = request.user
    told = {"version": version_of(request), "now": timezone.now(), "by": user}
    told["recommended"] = bool(request.POST.get("recommended"))
    form = FreeLineForm(request.POST)
    try:
        if operation := _own(Operation, request, "operation"):
            actions.add_work(row, operation, **told)
        elif part := _own(Part, request, "part"):
            actions.add_part(row, part, _pieces(request), **told)
        elif not form.is_valid():
            return _adding(request, row, form, status=422)
        else:
            actions.add_work(row, None, **told | form.cleaned_data)
    except Refused as refusal:
        row = own_order(request, row.pk)
        return _adding(request, row, form, refusal=refusal, status=409)
    messages.success(request, _("On the order. The customer has not answered to it yet."))
    if request.POST.get("back") == "order":
        return redirect("service:order", row.pk)
    return redirect(request.get_full_path())


def _own(model: Any, request: HttpRequest, name: str) -> Any:
    asked = request.POST.get(name, "")
    return get_object_or_404(model.objects.of_own_store(request.user), pk=asked) if asked else None


def _pieces(request: HttpRequest) -> int:
    told = request.POST.get("quantity", "")
    return int(told) if told.isdecimal() and len(told) < 5 else 0


@require_POST
@may_write
@once
def order_remove(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: RepairOrder) -> Any:
        return actions.remove_line(row, line_of(row, request), version=version_of(request))

    return done(request, pk, act, _("Taken off the order."))


def line_of(row: RepairOrder, request: HttpRequest) -> Any:
    """The line of the order that the form names: w12, p7."""
    key = request.POST.get("line", "")
    lines: Any = row.work if key.startswith("w") else row.parts
    line = lines.filter(pk=key[1:]).first() if key[1:].isdecimal() else None
    if line is None:
        raise Refused(_("This line is not on the order any more. Look at it again."))
    return line


@require_POST
@may_write
@once
def order_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer says to the lines (SVC-08, 维修变更确认)."""
    user: Any = request.user
    form = AnswerForm(request.POST)
    form.is_valid()
    how = form.cleaned_data.get("how", "")

    def act(row: RepairOrder) -> Any:
        version = version_of(request)
        return actions.answer(
            row, form.states(), how=how, version=version, now=timezone.now(), by=user
        )

    return done(request, pk, act, _("The customer's answer is noted."))
