"""The versions of a script side by side: how they do at work (CARE-01, CARE-21)."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care import policy
from apps.care.choices import CallKind
from apps.care.figures import scripts as figures
from apps.care.forms import PERIODS, ScriptWorkFilter
from apps.care.models import Script

MOST_ROWS = 200
MOST_VERSIONS = 4  # side by side: the newest
WHAT_LABELS = {
    "used": _("Dialled"),
    "reached": _("Reached"),
    "booked": _("Booked"),
    "mature": _("Conversations long enough ago"),
    "returned": _("Returned"),
    "ticked": _("Said"),
}


@require_safe
@permission_required("care.view_script", raise_exception=True)
def script_work(request: HttpRequest) -> HttpResponse:
    """One kind of call, one store, one period; each number is a link to its rows below."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    form = ScriptWorkFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out
    asked = form.cleaned_data
    first = today - timedelta(days=asked["days"] - 1)
    scripts = list(figures.scripts_of(user).filter(store=store))
    kind = CallKind(asked["kind"] or _usual(scripts))
    shown = [script for script in scripts if script.kind == kind][:MOST_VERSIONS]
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "kind": kind,
        "kinds": [one for one in CallKind.choices if any(s.kind == one[0] for s in scripts)],
        "days": asked["days"],
        "periods": PERIODS,
        "versions": figures.at_work(shown, first, today, today),
        "in_use": shown[0] if shown else None,
        "within": policy.RETURN_WITHIN.days,
        "fewest": policy.FEWEST_FOR_A_RATE,
    } | _rows(store, asked | {"kind": kind}, scripts, first, today)
    return render(request, "care/script_work.html", context)


def _usual(scripts: list[Script]) -> str:
    """The kind with the most versions to set side by side."""
    kinds = [script.kind for script in scripts]
    return max(CallKind.values, key=kinds.count)


def _rows(
    store: Store, asked: dict[str, Any], scripts: list[Script], first: date, today: date
) -> dict[str, Any]:
    """The attempts behind the number that was pressed."""
    if not asked.get("what"):
        return {}
    chosen = next((script for script in scripts if script.pk == asked["script"]), None)
    point = asked["point"]
    told = chosen is not None and point is not None and point < len(chosen.points)
    return {
        "rows": figures.rows(store, asked, first, today, today)[:MOST_ROWS],
        "most": MOST_ROWS,
        "shown_script": chosen,
        "what_label": WHAT_LABELS[asked["what"]],
        "point_text": chosen.points[point] if told and chosen else "",
    }
