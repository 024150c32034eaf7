"""What customers ask for about their data: taken down, settled by the deadline (SEC-02)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.actions import settle_request, take_request
from apps.customers.choices import ErasedFor, RightsKind, RightsStatus
from apps.customers.models import RightsRequest
from apps.customers.rights_forms import EraseForm, RequestForm, SettleForm
from apps.customers.views.customers import a_form, own_customer, page_of
from apps.customers.views.merged import follow_merged
from apps.customers.views.page import form_page
from apps.desk.erasing import duties_of, erase_customer
from apps.desk.giving import give_data
from apps.desk.queries import requests_asked

PAGE = 50
may_see = permission_required("customers.view_request", raise_exception=True)
may_take = permission_required("customers.take_request", raise_exception=True)
may_settle = permission_required("customers.settle_request", raise_exception=True)


@require_safe
@may_see
def request_list(request: HttpRequest) -> HttpResponse:
    """What is to be settled, the nearest deadline first; or what was settled, the newest first."""
    user: Any = request.user
    status = request.GET.get("status", "")
    rows = requests_asked(user, status)
    after = request.GET.get("after", "")
    if after.isdecimal() and status in (RightsStatus.DONE, RightsStatus.REFUSED):
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    settled = status in (RightsStatus.DONE, RightsStatus.REFUSED)
    waiting = requests_asked(user, "")
    context = {
        "requests": _with_days(found[:PAGE]),
        "next": found[PAGE - 1].pk if settled and len(found) > PAGE else None,
        "more": not settled and len(found) > PAGE,
        "status": status if settled else RightsStatus.OPEN,
        "states": RightsStatus.choices,
        "overdue": waiting.filter(due_on__lt=timezone.localdate()).count(),
    }
    return render(request, "desk/request_list.html", context)


@a_form
@may_take
@follow_merged
@once
def request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken down on the customer's page, whoever of the store is asked."""
    customer, user = own_customer(request, pk), request.user

    def save(data: dict[str, Any]) -> str:
        row = take_request(customer, by=user, now=timezone.now(), **data)  # type: ignore[arg-type]
        return reverse("desk:request", args=[row.pk])

    form = RequestForm(request.POST or None, initial={"asked_on": timezone.localdate()})
    title = _("Request of %(name)s about personal data") % {"name": customer}
    return form_page(request, form, title=title, back=page_of(customer), save=save)


@require_safe
@may_see
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its clock, and what settles it."""
    return _page(request, get_object_or_404(_rows(request), pk=pk))


@require_POST
@may_settle
@once
def request_settle(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _own(request, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, settle=form, status=422)
    status, answer = RightsStatus(form.cleaned_data["status"]), form.cleaned_data["answer"]
    try:
        settle_request(row, status=status, answer=answer, by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, row, settle=form, refusal=refusal, status=409)
    messages.success(request, _("The request is settled."))
    return redirect("desk:request", pk=pk)


@require_POST
@may_settle
def request_data(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All that is kept of the customer, as a file; each time it is written down (SEC-01)."""
    user: Any = request.user
    row = _own(request, pk)
    if row.kind != RightsKind.ACCESS or row.status != RightsStatus.OPEN:
        refusal = Refused(_("The data are given out while a request to see them is open."))
        return _page(request, row, refusal=refusal, status=409)
    file = give_data(row, by=user, now=timezone.now())
    name = _("personal data") + f" {timezone.localdate():%Y-%m-%d}.zip"
    answer = FileResponse(file, as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@may_settle
@once
def request_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer is made anonymous, for good; his name is typed in to confirm (SEC-02)."""
    user: Any = request.user
    row = _own(request, pk)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, row, erase=form, status=422)
    try:
        if row.kind != RightsKind.DELETION:
            raise Refused(_("The customer did not ask for a deletion."))
        erase_customer(
            row.customer,
            typed=form.cleaned_data["typed"],
            by=user,
            why=ErasedFor.REQUEST,
            now=timezone.now(),
            request=row,
        )
    except Refused as refusal:
        return _page(request, row, erase=form, refusal=refusal, status=409)
    messages.success(request, _("The personal data are deleted."))
    return redirect("desk:request", pk=pk)


def _with_days(rows: list[RightsRequest]) -> list[RightsRequest]:
    """Each with the ``days`` that are left, below zero when it is overdue."""
    for row in rows:
        row.days = (row.due_on - timezone.localdate()).days  # type: ignore[attr-defined]
    return rows


def _rows(request: HttpRequest) -> QuerySet[RightsRequest]:
    rows: QuerySet[RightsRequest] = RightsRequest.objects.visible_to(request.user)
    return rows.select_related("customer__erasure", "store", "taken_by", "settled_by")


def _own(request: HttpRequest, pk: int) -> RightsRequest:
    row: RightsRequest = get_object_or_404(
        RightsRequest.objects.of_own_store(request.user).select_related("customer"), pk=pk
    )
    return row


def _page(
    request: HttpRequest, row: RightsRequest, *, status: int = 200, **more: Any
) -> HttpResponse:
    user: Any = request.user
    settles = row.store_id == user.store_id and user.has_perm("customers.settle_request")
    is_open = row.status == RightsStatus.OPEN
    deletes = is_open and row.kind == RightsKind.DELETION
    context = {
        "asked": _with_days([row])[0],
        "customer": row.customer,
        "settles": settles and is_open,
        "duties": duties_of(row.customer) if deletes else [],
        "settle": SettleForm(initial={"status": RightsStatus.DONE}),
        "erase": EraseForm(),
        "cars": row.customer.vehicles.order_by("-pk") if is_open else [],
        "numbers": row.customer.numbers.all() if is_open else [],
    }
    return render(request, "desk/request.html", context | more, status=status)
