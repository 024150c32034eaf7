"""The store's numbers for surveys: what holds, what will, what held."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.ssi.actions.numbers import set_numbers
from apps.ssi.models import SsiPolicy
from apps.ssi.number_forms import NumbersForm

NUMBERS = [name for name in NumbersForm.base_fields if name != "effective_from"]


@require_safe
@permission_required("ssi.view_model", raise_exception=True)
def numbers(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    rows = list(SsiPolicy.objects.filter(store=store).order_by("effective_from"))
    begun = [row for row in rows if row.effective_from <= today]
    columns = [*begun[-1:], *(row for row in rows if row.effective_from > today)]
    fields: list[Any] = [SsiPolicy._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
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
    return render(request, "ssi/numbers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("ssi.change_model", raise_exception=True)
@once
def numbers_new(request: HttpRequest) -> HttpResponse:
    """New numbers from a coming day on, beginning with the latest."""
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    there = reverse("ssi:numbers")
    latest = SsiPolicy.objects.filter(store=store).order_by("-effective_from").first()
    initial = {name: getattr(latest, name) for name in NUMBERS} if latest else {}
    tomorrow = timezone.localdate() + timedelta(days=1)

    def save(typed: dict[str, Any]) -> str:
        chosen = {name: typed[name] for name in NUMBERS}
        day = typed["effective_from"]
        set_numbers(store, chosen, effective_from=day, now=timezone.now())
        return there

    form = NumbersForm(request.POST or None, initial=initial | {"effective_from": tomorrow})
    return form_page(request, form, title=_("New numbers for surveys"), back=there, save=save)
