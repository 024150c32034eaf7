"""What the figures are to reach: what holds, what will, and new targets (REP-07)."""

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
from apps.reports.actions.targets import set_target, set_targets
from apps.reports.choices import Figure
from apps.reports.figures.words import WORDS
from apps.reports.forms import TargetForm, TargetsForm
from apps.reports.models import FigureTarget


@require_safe
@permission_required("reports.view_report", raise_exception=True)
def targets(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    rows = list(FigureTarget.objects.filter(store=store).order_by("effective_from"))
    lines = []
    for figure in Figure:
        of = [row for row in rows if row.figure == figure]
        begun = [row for row in of if row.effective_from <= today]
        lines.append(
            {
                "figure": figure,
                "words": WORDS[figure],
                "holds": begun[-1] if begun else None,
                "will": [row for row in of if row.effective_from > today],
                "held": begun[:-1],
            }
        )
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "own": store.pk == user.store_id and user.has_perm("reports.set_target"),
        "lines": lines,
    }
    return render(request, "reports/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("reports.set_target", raise_exception=True)
@once
def target_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    there, today = reverse("reports:targets"), timezone.localdate()

    def save(typed: dict[str, Any]) -> str:
        set_target(store, **typed, now=timezone.now())
        return there

    asked = request.GET.get("figure", "")
    initial = {"figure": asked} if asked in Figure.values else {}
    form = TargetForm(request.POST or None, initial=initial, today=today)
    return form_page(request, form, title=_("New target"), back=there, save=save)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("reports.set_target", raise_exception=True)
@once
def targets_new(request: HttpRequest) -> HttpResponse:
    """Many targets on one page: how a new store begins, or a new year."""
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    there, today = reverse("reports:targets"), timezone.localdate()
    form = TargetsForm(request.POST or None, today=today)

    def save(typed: dict[str, Any]) -> str:
        day = typed["effective_from"]
        set_targets(store, form.targets(), effective_from=day, now=timezone.now())
        return there

    return form_page(request, form, title=_("Several targets"), back=there, save=save)
