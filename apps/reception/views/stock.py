"""New cars of the store: list, entry, correction (REC-08)."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.reception.actions import stock as actions
from apps.reception.forms.stock import CarForm, StockFilter
from apps.reception.models import StockCar
from apps.reception.queries import stock
from apps.reception.views.gates import a_form, may_keep_sheets, may_see_sales

PAGE = 100


@require_safe
@may_see_sales
def stock_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = StockFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    asked = request.GET.get("after", "")
    start = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    rows = list(stock.cars(user, form.cleaned_data)[start : start + PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "next": start + PAGE if len(rows) > PAGE else None,
        "form": form,
        "today": timezone.localdate(),
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/stock_list.html", context)


@a_form
@may_keep_sheets
@once
def stock_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    initial = {"arrived_on": timezone.localdate()}
    form = CarForm(request.POST or None, store=user.store, initial=initial)

    def save(data: dict[str, Any]) -> str:
        facts = dict(data)
        vin, confirmed = facts.pop("vin"), facts.pop("confirmed")
        actions.enter_car(user.store, vin=vin, confirmed=confirmed, facts=facts)
        return back

    back = reverse("reception:stock-list")
    return form_page(request, form, title=_("New car in stock"), back=back, save=save)


@a_form
@may_keep_sheets
@once
def stock_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StockCar.objects.of_own_store(request.user), pk=pk)
    form = CarForm(request.POST or None, store=row.store, initial=model_to_dict(row))

    def save(data: dict[str, Any]) -> str:
        facts = dict(data)
        vin, confirmed = facts.pop("vin"), facts.pop("confirmed")
        actions.change_car(row, vin=vin, confirmed=confirmed, facts=facts)
        return back

    back = reverse("reception:stock-list")
    return form_page(request, form, title=str(row), back=back, save=save)
