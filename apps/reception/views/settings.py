"""The numbers of the showroom and, beside them, where the other settings are kept."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.reception.actions.numbers import set_numbers
from apps.reception.forms.sheets import NUMBERS, NumbersForm
from apps.reception.models import SalesNumbers
from apps.reception.views.gates import a_form, may_keep_sheets
from apps.reception.views.sheets import own_store


@require_safe
@may_keep_sheets
def sales_settings(request: HttpRequest) -> HttpResponse:
    """What holds now and what comes; what held before by its days."""
    store, today = own_store(request), timezone.localdate()
    rows = list(SalesNumbers.objects.filter(store=store).order_by("effective_from"))
    begun = [row for row in rows if row.effective_from <= today]
    columns = [*begun[-1:], *(row for row in rows if row.effective_from > today)]
    fields: list[Any] = [SalesNumbers._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "holding": begun[-1] if begun else None,
        "columns": columns,
        "lines": [
            {
                "label": field.verbose_name,
                "clause": field.help_text,
                "values": [getattr(row, field.name) for row in columns],
            }
            for field in fields
        ],
        "past": begun[:-1],
    }
    return render(request, "reception/sales_settings.html", context)


@a_form
@may_keep_sheets
@once
def sales_numbers_new(request: HttpRequest) -> HttpResponse:
    """Other numbers from a coming day on."""
    store = own_store(request)
    latest = SalesNumbers.objects.filter(store=store).order_by("-effective_from").first()
    initial: dict[str, Any] = {name: getattr(latest, name) for name in NUMBERS} if latest else {}
    initial["effective_from"] = timezone.localdate() + timedelta(days=1)
    back = reverse("reception:sales-settings")

    def save(data: dict[str, Any]) -> str:
        day = data.pop("effective_from")
        set_numbers(store, data, effective_from=day, now=timezone.now())
        return back

    form = NumbersForm(request.POST or None, initial=initial)
    title = _("New numbers of the showroom")
    return form_page(request, form, title=title, back=back, save=save)
