"""The store's numbers for care: what holds, what will, what held."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.care.actions.policy import set_policy
from apps.care.forms import PolicyForm
from apps.care.models import CarePolicy
from apps.core.errors import Refused

NUMBERS = [name for name in PolicyForm.Meta.fields if name != "effective_from"]


@require_safe
@permission_required("care.view_policy", raise_exception=True)
def policy(request: HttpRequest) -> HttpResponse:
    store, today = store_shown(request.user, request.GET), timezone.localdate()
    rows = list(CarePolicy.objects.filter(store=store).order_by("effective_from"))
    holding = max((row for row in rows if row.effective_from <= today), default=None, key=_from)
    columns = [row for row in rows if row is holding or row.effective_from > today]
    fields: list[Any] = [CarePolicy._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "holding": holding,
        "columns": columns,
        "lines": [
            {
                "label": field.verbose_name,
                "clause": field.help_text,
                "values": [_shown(getattr(row, field.name)) for row in columns],
            }
            for field in fields
        ],
        "past": [row for row in rows if row not in columns],
    }
    return render(request, "care/policy.html", context)


def _shown(value: Any) -> Any:
    """The years of a table are followed by every year after the last (CARE-08)."""
    if not isinstance(value, list):
        return value
    return _("%(years)s and every year after") % {"years": ", ".join(map(str, value))}


def _from(row: CarePolicy) -> Any:
    return row.effective_from


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("care.change_policy", raise_exception=True)
@once
def policy_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    if request.method != "POST":
        rows = CarePolicy.objects.filter(store=store)
        latest = rows.order_by("-effective_from").first()
        initial = {name: getattr(latest, name) for name in NUMBERS} if latest else {}
        tomorrow = timezone.localdate() + timedelta(days=1)
        return _form(request, PolicyForm(initial=initial | {"effective_from": tomorrow}))
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    numbers = {name: form.cleaned_data[name] for name in NUMBERS}
    day = form.cleaned_data["effective_from"]
    try:
        set_policy(store, numbers, effective_from=day, now=timezone.now())
    except Refused as refusal:
        return _form(request, form, refusal=refusal, status=409)
    messages.success(request, _("Saved. It holds from the day you chose."))
    return redirect("care:policy")


def _form(
    request: HttpRequest,
    form: PolicyForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "refusal": refusal}
    return render(request, "care/policy_form.html", context, status=status)
