"""What is waiting for me today, by role."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.care.queries.warnings import to_acknowledge
from apps.care.warned import warned
from apps.desk import home as day
from apps.desk.sales_day import sales_day
from apps.desk.views.setup import unfinished


@require_safe
@permission_required("desk.view_home", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    """Each part for whoever may do something about it; a person of two roles sees both."""
    user: Any = request.user
    now = timezone.localtime()
    team = user.has_perm("care.view_team")
    archive = day.archive_day(user, now.date())
    others = [*archive.tiles]
    if user.has_perm("accounts.manage_people"):
        others += day.people_tiles(user)
    if user.has_perm("exchange.import_files"):
        others += day.import_tiles(user)
    if user.has_perm("complaints.view_response"):
        others = [*day.response_tiles(user, now), *others]
    others = [*day.proposal_tiles(user, now.date()), *others]
    mine = day.my_day(user, now) if user.has_perm("care.work_queue") else None
    watched = day.team_day(user, now) if team else None
    sells = user.has_perm("reception.sell") or user.has_perm("reception.view_traffic")
    showroom = sales_day(user, now) if sells else []
    *rows, last = [*filter(None, (part.tiles for part in (mine, watched) if part)), showroom]
    warns = user.has_perm("care.view_lists")
    context = {
        "now": now,
        "notice": to_acknowledge(user, now.date()) if warns else None,
        "warned": warned(user, now.date(), by_person=False) if warns else None,
        "mine": mine,
        "team": watched,
        "tile_rows": [row for row in (*rows, [*last, *others]) if row],
        "stores": day.stores_day(user, now) if team and len(user.store_ids) > 1 else None,
        "archive": archive,
        "others": others,
        "setup": unfinished(user, now.date()),
        "seen": [] if mine or team or not user.has_perm("desk.search") else day.looked_at(user),
    }
    return render(request, "desk/home.html", context)
