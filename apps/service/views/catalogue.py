"""Operations and parts, as the service manager keeps them (SVC-06, SVC-08)."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.audit.queries import changes
from apps.customers.views.page import form_page
from apps.service.actions import catalogue as keeping
from apps.service.forms.catalogue import (
    NewPartForm,
    OperationFilter,
    OperationForm,
    PartFilter,
    PartForm,
    StockForm,
)
from apps.service.models import Operation, Part
from apps.service.queries import parts as stock
from apps.service.queries.days import expected, kept
from apps.service.views.capacity import own_store
from apps.service.views.gates import a_form, may_manage, may_see_catalogue

PAGE = 50


@require_safe
@may_see_catalogue
def part_list(request: HttpRequest) -> HttpResponse:
    """The parts of a store with what lies there, is kept, is free and is coming."""
    store, form = store_shown(request.user, request.GET), PartFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = stock.parts(store, form.cleaned_data, today := timezone.localdate())
    if after := request.GET.get("after", ""):
        rows = rows.filter(number__gt=after)
    found = list(rows[: PAGE + 1])
    context = {"store": store, "form": form, "rows": found[:PAGE], "today": today}
    context["next"] = found[PAGE - 1].number if len(found) > PAGE else None
    return render(request, "service/part_list.html", context)


@require_safe
@may_see_catalogue
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """One part: its supplies, who needs it, how its stock moved, what was changed."""
    user: Any = request.user
    today = timezone.localdate()
    rows = stock.with_stock(Part.objects.visible_to(user).select_related("store"), today)
    row: Any = get_object_or_404(rows, pk=pk)
    needed = kept(today).filter(part=row) if sees_whose(user) else kept(today).none()
    needed = needed.select_related("appointment__customer", "appointment__vehicle")
    operations = Operation.objects.filter(parts__part=row, active=True)
    context = {
        "row": row,
        "own": row.store_id == user.store_id,
        "supplies": expected().filter(part=row).select_related("by"),
        "needed": needed.order_by("appointment__starts_at", "pk")[:PAGE],
        "operations": operations.order_by("code")[:PAGE],
        "moves": stock.moves(row),
        "changes": [change for change in changes(row) if _beside_stock(change)],
        "today": today,
    }
    return render(request, "service/part.html", context)


def sees_whose(user: Any) -> bool:
    """Who sets up a store keeps its parts without reading for whose car they are kept."""
    return bool(user.has_perm("service.view_appointment"))


def _beside_stock(change: Any) -> bool:
    """The stock has its own list."""
    label = Part._meta.get_field("stock").verbose_name
    return any(str(field.label).lower() != str(label).lower() for field in change.fields)


def own_part(request: HttpRequest, pk: int) -> Part:
    row: Part = get_object_or_404(Part.objects.of_own_store(request.user), pk=pk)
    return row


def page_of(row: Part) -> str:
    return reverse("service:part", args=[row.pk])


@a_form
@may_manage
@once
def part_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    form = NewPartForm(request.POST or None)
    return form_page(
        request,
        form,
        title=_("New part"),
        back=reverse("service:part-list"),
        save=lambda data: page_of(keeping.enter_part(store, data)),
    )


@a_form
@may_manage
@once
def part_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_part(request, pk)
    return form_page(
        request,
        PartForm(request.POST or None, initial=model_to_dict(row)),
        title=str(row),
        back=page_of(row),
        save=lambda data: page_of(keeping.change_part(row, data)),
    )


@a_form
@may_manage
@once
def part_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """What was counted, with the reason."""
    row = own_part(request, pk)
    form = StockForm(request.POST or None, initial={"stock": row.stock, "seen": row.stock})
    return form_page(
        request,
        form,
        title=_("Correct the stock of %(part)s") % {"part": row},
        back=page_of(row),
        save=lambda data: page_of(keeping.correct_stock(row, **data)),
    )


@require_safe
@may_see_catalogue
def operation_list(request: HttpRequest) -> HttpResponse:
    """The operations of a store with times, prices and usual parts."""
    store, form = store_shown(request.user, request.GET), OperationFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = stock.operations(store, form.cleaned_data)
    if after := request.GET.get("after", ""):
        rows = rows.filter(code__gt=after)
    found = list(rows[: PAGE + 1])
    context = {"store": store, "form": form, "rows": found[:PAGE]}
    context["next"] = found[PAGE - 1].code if len(found) > PAGE else None
    return render(request, "service/operation_list.html", context)


@a_form
@may_manage
@once
def operation_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    form = OperationForm(request.POST or None, store=store, initial={"active": True})

    def save(data: dict[str, Any]) -> str:
        keeping.enter_operation(store, data, data.pop("usual"))
        return reverse("service:operation-list")

    back = reverse("service:operation-list")
    return form_page(request, form, title=_("New operation"), back=back, save=save)


@a_form
@may_manage
@once
def operation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Operation.objects.of_own_store(request.user), pk=pk)
    initial = model_to_dict(row) | {"usual": stock.usual_text(row)}
    form = OperationForm(request.POST or None, store=row.store, initial=initial)

    def save(data: dict[str, Any]) -> str:
        keeping.change_operation(row, data, data.pop("usual"))
        return reverse("service:operation-list")

    title, back = f"{row.code} {row}", reverse("service:operation-list")
    return form_page(request, form, title=title, back=back, save=save)


@require_safe
@may_see_catalogue
def operation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed of an operation, by whom."""
    row = get_object_or_404(Operation.objects.visible_to(request.user), pk=pk)
    context = {"row": row, "changes": changes(row)}
    return render(request, "service/operation_history.html", context)
