"""Every car in the house, and what happens to one of them there (SVC-09, SVC-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.meanwhile import version_of
from apps.audit.once import once
from apps.service import actions
from apps.service.models import RepairOrder
from apps.service.order_forms import (
    CheckForm,
    DispatchForm,
    HandBackForm,
    NotAgreeForm,
    SettleForm,
    StageForm,
    WorkshopFilter,
)
from apps.service.queries import orders
from apps.service.views.gates import may_run, may_see_orders, may_write
from apps.service.views.orders import done, line_of

MOST = 300


@require_safe
@may_see_orders
def workshop(request: HttpRequest) -> HttpResponse:
    """Every car in the house with its stage and its promise; asks again by itself."""
    user: Any = request.user
    now = timezone.now()
    form = WorkshopFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows: list[Any] = list(orders.in_house(user, form.cleaned_data, now)[:MOST])
    context = {
        "form": form,
        "rows": rows,
        "now": now,
        "late": sum(row.is_late for row in rows),
        "counts": orders.stage_counts(user),
        "several_stores": len(user.store_ids) > 1,
    }
    part_only = getattr(request, "htmx", False)
    return render(
        request, "service/_workshop.html" if part_only else "service/workshop.html", context
    )


@require_POST
@may_run
@once
def order_dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom and in which bay 派工."""

    def act(row: RepairOrder) -> Any:
        form = DispatchForm(request.POST, store=row.store)
        form.is_valid()  # what is not of this store is nothing
        chosen = {name: form.cleaned_data.get(name) for name in ("technician", "bay")}
        return actions.dispatch(row, **chosen, version=version_of(request))

    return done(request, pk, act, _("Given to the workshop."))


@require_POST
@may_run
@once
def order_stage(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    form = StageForm(request.POST)
    form.is_valid()
    to, note = form.cleaned_data.get("to", ""), form.cleaned_data.get("note", "")

    def act(row: RepairOrder) -> Any:
        version = version_of(request)
        return actions.set_stage(row, to, note=note, now=timezone.now(), by=user, version=version)

    return done(request, pk, act)


@require_POST
@may_run
@once
def order_work_done(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: RepairOrder) -> Any:
        line = line_of(row, request)
        return actions.finish_work(row, line, now=timezone.now(), version=version_of(request))

    return done(request, pk, act, _("Work is done."))


@require_POST
@may_run
@once
def order_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """The approved parts leave the stock."""
    user: Any = request.user

    def act(row: RepairOrder) -> Any:
        version = version_of(request)
        return actions.issue_parts(row, version=version, now=timezone.now(), by=user)

    return done(request, pk, act, _("Parts are issued."))


@require_POST
@may_run
@once
def order_part_return(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: RepairOrder) -> Any:
        return actions.return_part(row, line_of(row, request), version=version_of(request))

    return done(request, pk, act, _("The part is in the stock again."))


@require_POST
@may_run
@once
def order_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The quality check."""
    user: Any = request.user
    form = CheckForm(request.POST)
    form.is_valid()
    said = {name: form.cleaned_data.get(name) for name in ("passed", "wash", "findings")}

    def act(row: RepairOrder) -> Any:
        return actions.check_quality(
            row,
            passed=bool(said["passed"]),
            wash=bool(said["wash"]),
            findings=said["findings"] or "",
            now=timezone.now(),
            by=user,
            version=version_of(request),
        )

    return done(request, pk, act)


@require_POST
@may_write
@once
def order_not_agree(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    form = NotAgreeForm(request.POST)
    form.is_valid()
    reason = form.cleaned_data.get("reason", "")

    def act(row: RepairOrder) -> Any:
        version = version_of(request)
        return actions.not_agree(row, reason=reason, now=timezone.now(), by=user, version=version)

    return done(request, pk, act, _("Noted. Make the car as it was, settle what is owed."))


@require_POST
@may_write
@once
def order_settle(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    form = SettleForm(request.POST)
    form.is_valid()
    discount, how = form.cleaned_data.get("discount_amount", -1), form.cleaned_data.get("paid_how")

    def act(row: RepairOrder) -> Any:
        return actions.settle(
            row,
            discount_amount=discount,
            paid_how=how or "",
            now=timezone.now(),
            by=user,
            version=version_of(request),
            any_discount=user.has_perm("service.give_any_discount"),
        )

    return done(request, pk, act, _("The bill is settled."))


@require_POST
@may_write
@once
def order_unsettle(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: RepairOrder) -> Any:
        return actions.unsettle(row, version=version_of(request))

    return done(request, pk, act, _("The settlement is taken back."))


@require_POST
@may_write
@once
def order_hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer drives off (SVC-10, SVC-12)."""
    user: Any = request.user
    form = HandBackForm(request.POST)
    form.is_valid()
    points = form.cleaned_data.get("points", [])

    def act(row: RepairOrder) -> Any:
        version = version_of(request)
        return actions.hand_back(row, points, now=timezone.now(), by=user, version=version)

    return done(request, pk, act, _("Handed back. The order is closed."))


@require_safe
@may_see_orders
def order_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The settlement sheet on paper (A4)."""
    rows = RepairOrder.objects.visible_to(request.user).exclude(status="")
    row = get_object_or_404(rows.select_related(*orders.SHOWN), pk=pk)
    sheet = orders.sheet_of(row)
    context = {
        "row": row,
        "work": [line for line in sheet.work if line.is_owed],
        "parts": [line for line in sheet.parts if line.is_owed],
        "owed": sheet.owed,
        "to_pay": sheet.owed - row.discount_amount,
        "not_now": [line for line in sheet.work if line.decided_at and not line.is_owed],
    }
    return render(request, "service/order_sheet.html", context)
