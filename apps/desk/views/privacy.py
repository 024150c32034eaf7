"""How long personal data are kept, and whose are to go next (SEC-02)."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.audit.once import once
from apps.customers.actions import add_text, set_privacy
from apps.customers.choices import Purpose
from apps.customers.models import ConsentText, Erasure, PrivacyPolicy
from apps.customers.rights_forms import ConsentTextForm, PrivacyForm
from apps.customers.views.customers import a_form
from apps.customers.views.page import form_page
from apps.desk.dormant import NOTICE, dormant

PAGE = 50
may_settle = permission_required("customers.settle_request", raise_exception=True)


@require_safe
@may_settle
def privacy(request: HttpRequest) -> HttpResponse:
    """The numbers, and the customers who will be made anonymous within a month."""
    user: Any = request.user
    store, today = get_object_or_404(Store, pk=user.store_id), timezone.localdate()
    coming = list(dormant(store, today + NOTICE)[: PAGE + 1])
    policies = PrivacyPolicy.objects.filter(store=store)
    context = {
        "policy": PrivacyPolicy.objects.in_force(store, today),
        "next_policy": policies.filter(effective_from__gt=today).order_by("effective_from").first(),
        "coming": coming[:PAGE],
        "more": len(coming) > PAGE,
        "until": today + NOTICE,
        "texts": [text for each in Purpose if (text := _text_of(store.pk, each))],
        "erasures": Erasure.objects.filter(store=store).select_related("by")[:10],
    }
    return render(request, "desk/privacy.html", context)


@a_form
@may_settle
@once
def privacy_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()

    def save(data: dict[str, Any]) -> str:
        set_privacy(user.store, **data, now=timezone.now())
        return reverse("desk:privacy")

    policy = PrivacyPolicy.objects.in_force(user.store_id, today)
    initial = {"effective_from": today + timedelta(days=1)}
    if policy is not None:
        initial |= {name: getattr(policy, name) for name in ("request_days", "dormant_years")}
    form = PrivacyForm(request.POST or None, initial=initial)
    title, back = _("Numbers about personal data"), reverse("desk:privacy")
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_settle
@once
def consent_text_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user

    def save(data: dict[str, Any]) -> str:
        add_text(user.store, **data, by=user, now=timezone.now())
        return reverse("desk:privacy")

    purpose = request.GET.get("purpose", Purpose.MARKETING)
    old = _text_of(user.store_id, purpose)
    initial = {"purpose": purpose, "effective_from": timezone.localdate() + timedelta(days=1)}
    form = ConsentTextForm(request.POST or None, initial=initial | {"text": old and old.text})
    title, back = _("New consent text"), reverse("desk:privacy")
    return form_page(request, form, title=title, back=back, save=save)


def _text_of(store_id: int, purpose: str) -> ConsentText | None:
    """The text in force today."""
    rows = ConsentText.objects.filter(purpose=purpose)
    text: ConsentText | None = rows.in_force(store_id, timezone.localdate())
    return text
