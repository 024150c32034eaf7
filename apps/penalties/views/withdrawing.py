"""A rule, or numbers, are taken back before the day from which they would hold (PEN-06)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.penalties.actions.rules import withdraw_numbers, withdraw_rule
from apps.penalties.models import PenaltyPolicy, Rule

may_change = permission_required("penalties.change_rules", raise_exception=True)


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it is taken back"),
        max_length=200,
        help_text=gettext_lazy("What holds before goes on. It stays to be read."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@once
def rule_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Rule.objects.of_own_store(request.user), pk=pk)
    title = _("Take back: %(clause)s from %(day)s") % {
        "clause": row.get_clause_display(),
        "day": row.effective_from,
    }
    return _page(request, row, withdraw_rule, title, reverse("penalties:rules"))


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
@once
def numbers_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PenaltyPolicy.objects.of_own_store(request.user), pk=pk)
    title = _("Take back the numbers from %(day)s") % {"day": row.effective_from}
    return _page(request, row, withdraw_numbers, title, reverse("penalties:numbers"))


def _page(
    request: HttpRequest, row: Any, do: Callable[..., Any], title: str, there: str
) -> HttpResponse:
    def save(typed: dict[str, Any]) -> str:
        do(row, why=typed["why"], by=request.user, now=timezone.now())
        return there

    return form_page(
        request, WithdrawForm(request.POST or None), title=title, back=there, save=save
    )
