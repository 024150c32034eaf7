"""The person named for each month's greetings and notices (PEN-03)."""

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
from apps.penalties.actions.rules import name_greeter
from apps.penalties.forms.rules import GreeterForm
from apps.penalties.models import GreetingDuty
from apps.penalties.queries.greetings import months_of
from apps.penalties.views.rules import with_stores


@require_safe
@permission_required("penalties.view_rules", raise_exception=True)
def greetings(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    lines = months_of(store, today)
    this = next(line for line in lines if not line.is_coming)
    context = with_stores(user, store) | {"lines": lines, "this": this}
    return render(request, "penalties/greetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("penalties.name_greeter", raise_exception=True)
@once
def greeting_new(request: HttpRequest) -> HttpResponse:
    """Somebody is named for this month or the next, or another in his place."""
    user: Any = request.user
    store, today = get_object_or_404(Store, pk=user.store_id), timezone.localdate()
    there = reverse("penalties:greetings")
    latest = GreetingDuty.objects.filter(store=store).order_by("-month").first()
    initial = {"person": latest.person_id} if latest else {}

    def save(typed: dict[str, Any]) -> str:
        name_greeter(store, typed["month"], typed["person"], by=user, now=timezone.now())
        return there

    form = GreeterForm(request.POST or None, initial=initial, store=store, today=today)
    title = _("Name who answers for the month's greetings")
    return form_page(request, form, title=title, back=there, save=save)
