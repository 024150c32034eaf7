"""The terms of a contract: explained point by point, printed, and written (REC-08)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.checklists import actions as checklists
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.forms import AnswersForm, PointsForm
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reception.actions import orders as actions
from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder
from apps.reception.policy import contract
from apps.reception.queries import orders
from apps.reception.views.gates import a_form, may_keep_sheets, may_see_sales, may_sell
from apps.reception.views.orders import own_order

DAY = timedelta(days=1)


@a_form
@may_sell
@once
def order_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone through with the customer; it can be begun, saved, and gone on with."""
    row = own_order(request, pk)
    if request.method != "POST":
        return _contract(request, row, _form(row))
    user: Any = request.user
    form = _form(row, request.POST)
    if not form.is_valid():
        return _contract(request, row, form, status=422)
    try:
        run = actions.explain_contract(row, form.said(), by=user, now=timezone.now())
    except Refused as refusal:
        return _contract(request, row, form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("reception:order-contract" if run.missing else "reception:order", pk)


def _form(row: SalesOrder, data: Any = None) -> AnswersForm:
    return AnswersForm(data, lines=orders.contract_lines(row, timezone.localdate()))


def _contract(
    request: HttpRequest,
    row: SalesOrder,
    form: AnswersForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "run": orders.contract_run(row),
        "missing": sum(line.missing for line in form.lines),
        "can_fill": row.status == OrderStatus.DRAFT,
        "refusal": refusal,
    }
    return render(request, "reception/order_contract.html", context, status=status)


@require_safe
@may_see_sales
def order_contract_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of the contract on paper, to be signed and kept."""
    row = get_object_or_404(orders.seen(request.user), pk=pk)
    context = {
        "row": row,
        "lines": orders.contract_lines(row, timezone.localdate()),
        "run": orders.contract_run(row),
        "now": timezone.now(),
    }
    return render(request, "reception/order_contract_print.html", context)


@a_form
@may_keep_sheets
@once
def contract_points(request: HttpRequest) -> HttpResponse:
    """Other terms to be explained, from a coming day on."""
    user: Any = request.user
    today = timezone.localdate()
    template = lists.in_force(user.store, ChecklistKind.CONTRACT, today)
    points = [str(item) for item in template.items.all()] if template else contract.POINTS
    initial = {"effective_from": today + DAY, "points": "\n".join(points)}

    def save(data: dict[str, Any]) -> str:
        checklists.set_points(
            user.store,
            ChecklistKind.CONTRACT,
            data["points"],
            effective_from=data["effective_from"],
            now=timezone.now(),
        )
        return back

    form = PointsForm(request.POST or None, initial=initial)
    back = reverse("reception:order-list")
    return form_page(request, form, title=_("Terms to be explained"), back=back, save=save)
