"""Parts on their way, and who waits for them (SVC-06)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.service.actions import supplies as keeping
from apps.service.forms.catalogue import PostponeForm, SupplyForm
from apps.service.models import PartSupply
from apps.service.queries import parts as stock
from apps.service.views.catalogue import own_part, page_of
from apps.service.views.gates import a_form, may_order, may_see

MOST = 200
DAY = timedelta(days=1)


@require_safe
@may_see
def supply_list(request: HttpRequest) -> HttpResponse:
    """What is on its way, the most overdue first."""
    return _list(request)


def _list(
    request: HttpRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    context = {
        "rows": list(stock.supplies(user)[:MOST]),
        "today": timezone.localdate(),
        "several_stores": len(user.store_ids) > 1,
        "refusal": refusal,
    }
    return render(request, "service/supply_list.html", context, status=status)


@require_safe
@may_see
def parts_short(request: HttpRequest) -> HttpResponse:
    """The appointments whose parts will not lie there, the nearest first."""
    user: Any = request.user
    store = store_shown(user, request.GET)
    today = timezone.localdate()
    context = {"store": store, "rows": stock.short(store, today), "own": store.pk == user.store_id}
    return render(request, "service/parts_short.html", context)


@a_form
@may_order
@once
def supply_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the part ``pk``, or have it sent by another store."""
    user: Any = request.user
    row = own_part(request, pk)
    pieces = request.GET.get("quantity", "")
    initial = {
        "quantity": pieces if pieces.isdecimal() else max(1, row.reorder_at),
        "expected_on": timezone.localdate() + DAY,
    }

    def save(data: dict[str, Any]) -> str:
        keeping.order_part(row, **data, by=user, now=timezone.now())
        return page_of(row)

    title = _("Order %(part)s") % {"part": row}
    form = SupplyForm(request.POST or None, initial=initial)
    return form_page(request, form, title=title, back=page_of(row), save=save)


def _own(request: HttpRequest, pk: int) -> PartSupply:
    rows = PartSupply.objects.of_own_store(request.user).select_related("part")
    row: PartSupply = get_object_or_404(rows, pk=pk)
    return row


def _done(
    request: HttpRequest, pk: int, act: Callable[[PartSupply], Any], said: str
) -> HttpResponse:
    row = _own(request, pk)
    try:
        act(row)
    except Refused as refusal:
        return _list(request, refusal=refusal, status=409)
    messages.success(request, said % {"part": row.part, "pieces": row.quantity})
    return redirect("service:part", row.part_id)


@require_POST
@may_order
@once
def supply_receive(request: HttpRequest, pk: int) -> HttpResponse:
    now, said = timezone.now(), _("%(pieces)s pieces of %(part)s lie in stock.")
    return _done(request, pk, lambda row: keeping.receive_supply(row, now=now), said)


@require_POST
@may_order
@once
def supply_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Cancelled: %(pieces)s pieces of %(part)s do not come.")
    return _done(request, pk, keeping.cancel_supply, said)


@a_form
@may_order
@once
def supply_postpone(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)

    def save(data: dict[str, Any]) -> str:
        keeping.postpone_supply(row, **data, now=timezone.now())
        return page_of(row.part)

    form = PostponeForm(request.POST or None, initial={"expected_on": row.expected_on})
    title = _("When does %(part)s come?") % {"part": row.part}
    return form_page(request, form, title=title, back=reverse("service:supply-list"), save=save)
