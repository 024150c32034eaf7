"""Loans and purchase tax of one's own store (REC-07)."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.reception.actions import lending
from apps.reception.forms.lending import TAX, LoanEndForm, LoanForm, TaxForm
from apps.reception.models import LoanProduct, PurchaseTax
from apps.reception.views.gates import a_form, may_keep_sheets


def own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)


@require_safe
@may_keep_sheets
def loan_list(request: HttpRequest) -> HttpResponse:
    """What lenders offer, and the tax table, on one page."""
    store, today = own_store(request), timezone.localdate()
    loans = LoanProduct.objects.filter(store=store).select_related("car_model")
    over = [loan for loan in loans if loan.until and loan.until < today]
    taxes = list(PurchaseTax.objects.filter(store=store).order_by("effective_from"))
    holding = [row for row in taxes if row.effective_from <= today][-1:]
    context = {
        "store": store,
        "loans": [loan for loan in loans if loan not in over],
        "over": over,
        "taxes": taxes,
        "holding": holding,
        "today": today,
    }
    return render(request, "reception/loan_list.html", context)


@a_form
@may_keep_sheets
@once
def loan_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    initial = {"effective_from": timezone.localdate(), "terms": "12, 24, 36"}
    form = LoanForm(request.POST or None, store=store, initial=initial)

    def save(data: dict[str, Any]) -> str:
        lending.add_loan(store, data)
        return reverse("reception:loan-list")

    back = reverse("reception:loan-list")
    return form_page(request, form, title=_("New loan"), back=back, save=save)


@a_form
@may_keep_sheets
@once
def loan_end(request: HttpRequest, pk: int) -> HttpResponse:
    loan = get_object_or_404(LoanProduct.objects.of_own_store(request.user), pk=pk)
    back, now = reverse("reception:loan-list"), timezone.now()
    initial = {"until": loan.until or timezone.localdate(now)}
    form = LoanEndForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> str:
        lending.end_loan(loan, until=data["until"], now=now)
        return back

    title = _("Until when %(loan)s is offered") % {"loan": loan}
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_keep_sheets
@once
def tax_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    latest = PurchaseTax.objects.filter(store=store).order_by("-effective_from").first()
    initial = model_to_dict(latest, fields=TAX) if latest else {}
    form = TaxForm(request.POST or None, initial=initial)
    back = reverse("reception:loan-list")

    def save(data: dict[str, Any]) -> str:
        day = data.pop("effective_from")
        lending.set_tax(store, data, effective_from=day, now=timezone.now())
        return back

    return form_page(request, form, title=_("Purchase tax from a day on"), back=back, save=save)
