"""What a consultant does today, and what of the team is overdue (REC-03, REC-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.reception.queries import days
from apps.reception.views.gates import may_see_all_sales, may_sell


@require_safe
@may_sell
def my_day(request: HttpRequest) -> HttpResponse:
    """Promises that end first, then the days that are over, today's and the next ones."""
    user: Any = request.user
    now = timezone.now()
    mine = days.my_day(user, timezone.localdate(now))
    groups = [
        (_("Overdue"), "alert-triangle", "overdue", mine.overdue),
        (_("To be contacted today"), "calendar-due", "today", mine.today),
        (_("In the next three days"), "calendar", "soon", mine.soon),
    ]
    context = {
        "mine": mine,
        "groups": groups,
        "now": now,
        "today": timezone.localdate(now),
        "most": days.MOST,
    }
    return render(request, "reception/my_day.html", context)


@require_safe
@may_see_all_sales
def team_day(request: HttpRequest) -> HttpResponse:
    """Who is behind, and with what."""
    user: Any = request.user
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "loads": days.team(user, today, now),
        "clocks": days.late_of_all(user, now),
        "rows": days.overdue_of_all(user, today),
        "now": now,
        "today": today,
        "most": days.MOST,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/team_day.html", context)
