"""The store's own page: address, regions, hours, call slots by date (ORG-03, ORG-05)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.actions import store as acts
from apps.accounts.forms import SlotsForm, StoreForm
from apps.accounts.models import CallSlots
from apps.accounts.views.people import own_store
from apps.core.errors import Refused

MANAGES = permission_required("accounts.manage_store", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGES
def store(request: HttpRequest) -> HttpResponse:
    """Settings of the store, and its call slots as rows with a date."""
    own = own_store(request)
    form = StoreForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_store(own, **form.cleaned_data)
        except Refused as refusal:
            return _page(request, form=form, refusal=refusal, status=409)
        messages.success(request, _("Saved."))
        return redirect("accounts:store")
    return _page(request, form=form, status=422 if form.errors else 200)


@require_POST
@MANAGES
def slots_new(request: HttpRequest) -> HttpResponse:
    """Call slots that hold from a later day on."""
    form = SlotsForm(request.POST)
    if not form.is_valid():
        return _page(request, slots_form=form, status=422)
    day = form.cleaned_data["effective_from"]
    try:
        acts.set_slots(own_store(request), day, form.times(), on=timezone.localdate())
    except Refused as refusal:
        return _page(request, slots_form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("accounts:store")


@require_POST
@MANAGES
def slots_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back slots that do not hold yet."""
    user: Any = request.user
    row = get_object_or_404(CallSlots.objects.of_own_store(user), pk=pk)
    try:
        acts.withdraw_slots(row, on=timezone.localdate())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Taken back."))
    return redirect("accounts:store")


def _page(
    request: HttpRequest,
    *,
    form: StoreForm | None = None,
    slots_form: SlotsForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    own, today = own_store(request), timezone.localdate()
    own.refresh_from_db()  # a form that was refused has put what was typed into it
    rows = list(own.call_slots.order_by("-effective_from"))
    now = next((row for row in rows if row.effective_from <= today), None)
    initial = {name: value for name, value in vars(now or CallSlots()).items() if "_" in name}
    initial.pop("effective_from", None)
    context = {
        "store": own,
        "form": form or StoreForm(instance=own),
        "slots_form": slots_form or SlotsForm(initial=initial),
        "rows": rows,
        "now": now,
        "today": today,
        "refusal": refusal,
    }
    return render(request, "accounts/store.html", context, status=status)
