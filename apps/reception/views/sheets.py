"""Models, their configurations, prices and sheets (REC-04, REC-07)."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.audit.queries import changes
from apps.customers.views.page import form_page
from apps.reception.actions import sheets as keeping
from apps.reception.forms.sheets import ModelFilter, ModelForm, PriceForm, SheetForm, TrimForm
from apps.reception.models import CarModel, Trim, TrimPrice
from apps.reception.queries import sheets
from apps.reception.views.gates import a_form, may_keep_sheets, may_see_sales

PRICES = 50  # of a model, on its page


def own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)


@require_safe
@may_see_sales
def sheet_list(request: HttpRequest) -> HttpResponse:
    """What the store sells, at which price; expired material stands out."""
    store, form = store_shown(request.user, request.GET), ModelFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    today = timezone.localdate()
    context = {
        "store": store,
        "form": form,
        "rows": sheets.models_of(store, form.cleaned_data, today),
        "today": today,
    }
    return render(request, "reception/sheet_list.html", context)


@require_safe
@may_see_sales
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a model with its prices."""
    user: Any = request.user
    rows = CarModel.objects.visible_to(user).select_related("sheet", "store")
    row = get_object_or_404(rows, pk=pk)
    found, today = getattr(row, "sheet", None), timezone.localdate()
    prices = TrimPrice.objects.filter(trim__car_model=row).select_related("trim")
    context = {
        "row": row,
        "sheet": found,
        "expired": found and found.valid_until < today,
        "own": row.store_id == user.store_id and user.has_perm("reception.keep_sheets"),
        "trims": sheets.priced(row.trims.order_by("-is_sold", "name"), today),
        "prices": prices.order_by("-effective_from", "trim__name")[:PRICES],
        "changes": changes(found) if found else [],
        "today": today,
    }
    return render(request, "reception/sheet.html", context)


def own_model(request: HttpRequest, pk: int) -> CarModel:
    row: CarModel = get_object_or_404(CarModel.objects.of_own_store(request.user), pk=pk)
    return row


def page_of(row: CarModel) -> str:
    return reverse("reception:sheet", args=[row.pk])


@a_form
@may_keep_sheets
@once
def model_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    form = ModelForm(request.POST or None, initial={"is_sold": True})
    return form_page(
        request,
        form,
        title=_("New model"),
        back=reverse("reception:sheet-list"),
        save=lambda data: page_of(keeping.enter_model(store, data)),
    )


@a_form
@may_keep_sheets
@once
def model_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_model(request, pk)
    form = ModelForm(request.POST or None, initial=model_to_dict(row))
    return form_page(
        request,
        form,
        title=str(row),
        back=page_of(row),
        save=lambda data: page_of(keeping.change_model(row, data)),
    )


@a_form
@may_keep_sheets
@once
def sheet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said at the six positions, selling points, competitors, until when."""
    row, user = own_model(request, pk), request.user
    found = getattr(row, "sheet", None)

    def save(data: dict[str, Any]) -> str:
        keeping.keep_sheet(row, data, by=user, now=timezone.now())  # type: ignore[arg-type]
        return page_of(row)

    form = SheetForm(request.POST or None, initial=model_to_dict(found) if found else None)
    title = _("Sheet of %(model)s") % {"model": row}
    return form_page(request, form, title=title, back=page_of(row), save=save)


@a_form
@may_keep_sheets
@once
def trim_new(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_model(request, pk)
    form = TrimForm(request.POST or None, initial={"is_sold": True})
    return form_page(
        request,
        form,
        title=_("New configuration of %(model)s") % {"model": row},
        back=page_of(row),
        save=lambda data: page_of(keeping.enter_trim(row, data).car_model),
    )


def own_trim(request: HttpRequest, pk: int) -> Trim:
    rows = Trim.objects.of_own_store(request.user).select_related("car_model")
    row: Trim = get_object_or_404(rows, pk=pk)
    return row


@a_form
@may_keep_sheets
@once
def trim_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_trim(request, pk)
    return form_page(
        request,
        TrimForm(request.POST or None, initial=model_to_dict(row)),
        title=f"{row.car_model} {row}",
        back=page_of(row.car_model),
        save=lambda data: page_of(keeping.change_trim(row, data).car_model),
    )


@a_form
@may_keep_sheets
@once
def price_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The guide price of a configuration from a day on."""
    row = own_trim(request, pk)

    def save(data: dict[str, Any]) -> str:
        keeping.set_price(row, **data)
        return page_of(row.car_model)

    form = PriceForm(request.POST or None, initial={"effective_from": timezone.localdate()})
    title = _("New price of %(trim)s") % {"trim": f"{row.car_model} {row}"}
    return form_page(request, form, title=title, back=page_of(row.car_model), save=save)
