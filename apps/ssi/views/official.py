"""The official score of each year beside the internal index, never mixed (SSI-07)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.audit.queries import changes
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.ssi.actions.numbers import correct_official, enter_official
from apps.ssi.figures.years import years
from apps.ssi.models import OfficialScore
from apps.ssi.number_forms import OfficialForm

ENTERS = permission_required("ssi.enter_official", raise_exception=True)


@require_safe
@permission_required("ssi.view_scores", raise_exception=True)
def official(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = store_shown(user, request.GET)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "own": store.pk == user.store_id and user.has_perm("ssi.enter_official"),
        "years": years(store, timezone.localdate()),
    }
    return render(request, "ssi/official.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@ENTERS
@once
def official_new(request: HttpRequest) -> HttpResponse:
    """Enter the score of a year."""
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    there = reverse("ssi:official")

    def save(typed: dict[str, Any]) -> str:
        enter_official(store, **typed, by=user, now=timezone.now())
        return there

    asked = request.GET.get("year", "")
    form = OfficialForm(request.POST or None, initial={"year": asked} if asked.isdecimal() else {})
    return form_page(request, form, title=_("Official score"), back=there, save=save)


@require_http_methods(["GET", "HEAD", "POST"])
@ENTERS
@once
def official_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the score of a year, with what stood there before."""
    user: Any = request.user
    row = get_object_or_404(OfficialScore.objects.of_own_store(user), pk=pk)
    typed = OfficialScore(pk=row.pk, year=row.year, score=row.score, source=row.source)
    form = OfficialForm(request.POST or None, instance=typed)
    refusal, status = None, 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            correct_official(row, **form.cleaned_data, by=user, now=timezone.now())
        except Refused as refused:
            refusal, status = refused, 409
        else:
            messages.success(request, _("Saved."))
            return redirect("ssi:official")
    context = {"row": row, "form": form, "changes": changes(row), "refusal": refusal}
    return render(request, "ssi/official_form.html", context, status=status)
