"""Insurance samples: how far the verification is, and what was found (CARE-09)."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.care.models import InsuranceSample
from apps.care.queries import sampling
from apps.core.dates import add_months

MOST = 200
WHAT_LABELS = {
    "drawn": _("Drawn"),
    "verified": _("Verified"),
    "confirmed": _("As recorded"),
    "differs": _("Differences"),
    "open": _("Still to be verified"),
    "not_reached": _("Not verified"),
    "withdrawn": _("Withdrawn"),
}


@require_safe
@permission_required("care.view_sample", raise_exception=True)
def sample_list(request: HttpRequest) -> HttpResponse:
    """The sample of one month with its rows; without a month that of the last one."""
    user: Any = request.user
    today = timezone.localdate()
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    first, store = MonthForm(request.GET).chosen(last), store_shown(user, request.GET)
    samples = list(InsuranceSample.objects.filter(store=store).order_by("-month")[:12])
    shown = next((one for one in samples if one.month == first), None)
    if shown is None:
        shown = InsuranceSample.objects.filter(store=store, month=first).first()
    context: dict[str, Any] = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "drawn_on": add_months(first, 1),
        "has_ended": first <= last,
        "months": sampling.progress_of(samples),
        "most": MOST,
    }
    if shown is not None:
        context |= _about(request, shown)
    return render(request, "care/sample_list.html", context)


def _about(request: HttpRequest, sample: InsuranceSample) -> dict[str, Any]:
    what, person = request.GET.get("what", "drawn"), request.GET.get("person", "")
    what = what if what in WHAT_LABELS else "drawn"
    who = int(person) if person.isdecimal() and len(person) < 12 else None
    [progress] = sampling.progress_of([sample])
    lines = sampling.findings(sample.store, sample.month)
    return {
        "sample": sample,
        "progress": progress,
        "columns": WHAT_LABELS,
        "lines": lines,
        "what": what,
        "what_label": WHAT_LABELS[what],
        "person": next((one.person for one in lines if one.person and one.person.pk == who), None),
        "rows": sampling.checks(sample.store, sample.month, what, who)[:MOST],
    }
