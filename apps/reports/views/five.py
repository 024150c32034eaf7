"""The general manager's five minutes (REP-07)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.queries import store_shown
from apps.reports.five import five as of_today


@require_safe
@permission_required("reports.decide", raise_exception=True)
def five(request: HttpRequest) -> HttpResponse:
    """What waits, what is short, what is late, and the day: for a telephone in one hand."""
    user: Any = request.user
    now = timezone.localtime()
    store = store_shown(user, {})
    context = {"store": store, "now": now, "five": of_today(user, store, now)}
    return render(request, "reports/five.html", context)
