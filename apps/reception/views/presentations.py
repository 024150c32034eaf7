"""Showing a car with its sheet at hand (REC-04)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.reception.actions.sheets import present
from apps.reception.choices.presentation import Position
from apps.reception.forms.sheets import PresentationForm
from apps.reception.models import CarModel, Opportunity
from apps.reception.queries.opportunities import seen_by
from apps.reception.queries.sheets import priced
from apps.reception.views.gates import a_form, may_see_sales, may_sell
from apps.reception.views.opportunities import address, own

MOST = 20


@require_safe
@may_see_sales
def opportunity_presentations(request: HttpRequest, pk: int) -> HttpResponse:
    """What was shown to the customer: a part of the purchase's page."""
    user: Any = request.user
    row = get_object_or_404(seen_by(user), pk=pk)
    context = {
        "row": row,
        "shown": row.presentations.select_related("by", "car_model")[:MOST],
    }
    return render(request, "reception/_presentations.html", context)


@a_form
@may_sell
@once
def presentation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The six positions with what is said at each; ticked and noted."""
    user: Any = request.user
    row = own(request, pk)
    if request.method != "POST":
        return _page(request, row, _model(request, row, request.GET.get("model", "")))
    form = PresentationForm(request.POST)
    model = _model(request, row, request.POST.get("car_model", ""))
    if model is None or not form.is_valid():
        return _page(request, row, model, form=form, status=422)
    facts = form.cleaned_data | {"car_model": model}
    try:
        present(row, **facts, by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, row, model, form=form, refusal=refusal, status=409)
    messages.success(request, _("Noted."))
    return redirect(address(row))


def _model(request: HttpRequest, row: Opportunity, asked: str) -> CarModel | None:
    """The model that is asked for, else the one that the customer looks for."""
    pk = int(asked) if asked.isdecimal() and len(asked) < 18 else row.car_model_id
    rows = CarModel.objects.of_own_store(request.user).filter(pk=pk)
    found: CarModel | None = rows.select_related("sheet").first()
    return found


def _page(
    request: HttpRequest,
    row: Opportunity,
    model: CarModel | None,
    *,
    form: PresentationForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet, today = getattr(model, "sheet", None), timezone.localdate()
    scripts = sheet.positions if sheet else [(p.value, p.label, "") for p in Position]
    ticked = form["positions"].value() if form else []
    context = {
        "row": row,
        "model": model,
        "models": CarModel.objects.filter(store=row.store, is_sold=True).order_by("brand", "name"),
        "sheet": sheet,
        "expired": sheet and sheet.valid_until < today,
        "scripts": [(key, name, text, key in (ticked or [])) for key, name, text in scripts],
        "trims": priced(model.trims.filter(is_sold=True), today) if model else [],
        "form": form or PresentationForm(),
        "refusal": refusal,
    }
    return render(request, "reception/presentation_new.html", context, status=status)
