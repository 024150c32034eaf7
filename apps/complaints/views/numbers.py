"""The limits of the steps: what holds, what will, what held (SSI-04 [P])."""

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
from apps.complaints.actions import set_numbers
from apps.complaints.forms import NumbersForm
from apps.complaints.models import ResponseNumbers
from apps.customers.views.page import form_page

NUMBERS = [name for name in NumbersForm.Meta.fields if name != "effective_from"]


@require_safe
@permission_required("complaints.view_numbers", raise_exception=True)
def numbers(request: HttpRequest) -> HttpResponse:
    store, today = store_shown(request.user, request.GET), timezone.localdate()
    rows = list(ResponseNumbers.objects.filter(store=store).order_by("effective_from"))
    past = [row for row in rows if row.effective_from <= today]
    holding = past[-1] if past else None
    columns = [row for row in rows if row is holding or row.effective_from > today]
    fields: list[Any] = [ResponseNumbers._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "holding": holding,
        "columns": columns,
        "lines": [
            (field.verbose_name, [getattr(row, field.name) for row in columns]) for field in fields
        ],
        "past": past[:-1],
    }
    return render(request, "complaints/numbers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("complaints.change_numbers", raise_exception=True)
@once
def numbers_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    data = request.POST if request.method == "POST" else None
    latest = ResponseNumbers.objects.filter(store=store).order_by("-effective_from").first()
    initial = {name: getattr(latest, name) for name in NUMBERS} if latest else {}
    initial["effective_from"] = timezone.localdate() + timedelta(days=1)

    def save(typed: dict[str, Any]) -> str:
        day = typed.pop("effective_from")
        set_numbers(store, typed, effective_from=day, now=timezone.now())
        return reverse("complaints:numbers")

    return form_page(
        request,
        NumbersForm(data, initial=initial),
        title=_("New limits"),
        back=reverse("complaints:numbers"),
        save=save,
    )
