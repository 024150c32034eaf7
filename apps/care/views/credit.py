"""What the calls brought: booking credit, and how content the customers were (CARE-24, SVC-11)."""

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
from apps.care.figures import credit as figures
from apps.care.forms import MonthForm
from apps.care.queries import follow_ups as queries
from apps.core.dates import add_months, month_end

MOST = 200
CREDIT_LABELS = {
    "bookings": _("Appointments booked"),
    "shows": _("Came"),
    "no_shows": _("Did not come"),
    "returns": _("Return visits"),
}
WHAT_LABELS = {
    "all": _("Handed back"),
    "open": _("Still to be called"),
    "answered": _("Answered"),
    "not_content": _("Not content"),
    "not_reached": _("Without an answer"),
}


def _month(request: HttpRequest, today: date) -> dict[str, Any]:
    """The store and the month of the address, with the months beside it."""
    user: Any = request.user
    first = MonthForm(request.GET).chosen(today)
    return {
        "store": store_shown(user, request.GET),
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": add_months(first, 1),
        "most": MOST,
    }


@require_safe
@permission_required("care.view_team", raise_exception=True)
def credit(request: HttpRequest) -> HttpResponse:
    """Bookings, shows, no-shows and return visits per specialist; each number leads to its rows."""
    context = _month(request, timezone.localdate())
    store, first = context["store"], context["first"]
    what, person = request.GET.get("what", ""), request.GET.get("person", "")
    lines = figures.booking_credit(store, first, month_end(first))
    if what in figures.CREDIT:
        who = int(person) if person.isdecimal() and len(person) < 12 else None
        rows = figures.credit_rows(store, what, who, first, month_end(first), MOST)
        context |= {"rows": rows, "what_label": CREDIT_LABELS[what]}
    context |= {
        "lines": lines,
        "columns": CREDIT_LABELS,
        "together": {name: sum(getattr(one, name) for one in lines) for name in figures.CREDIT},
    }
    return render(request, "care/credit.html", context)


@require_safe
@permission_required("care.view_lists", raise_exception=True)
def follow_ups(request: HttpRequest) -> HttpResponse:
    """The follow-up calls of a month and what they came to (SVC-11)."""
    context = _month(request, timezone.localdate())
    store, first = context["store"], context["first"]
    what = request.GET.get("what", "all")
    what = what if what in queries.WHAT else "all"
    rows: list[Any] = list(queries.follow_ups(store, first, what)[:MOST])
    for row in rows:
        if row.ended_at and not hasattr(row, "follow_up"):
            row.why_not = policy.not_reached(row.result).label
    counts = queries.counts(store, first)
    context |= {
        "rows": rows,
        "what": what,
        "numbers": [(name, label, counts[name]) for name, label in WHAT_LABELS.items()],
    }
    return render(request, "care/follow_ups.html", context)
