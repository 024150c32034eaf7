"""The board of the workshop, where appointments are dragged, and the screen in reception
(SVC-03)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.core.errors import Refused
from apps.service import actions, policy
from apps.service.actions.booking import NotFree
from apps.service.forms import MoveForm, local
from apps.service.models import Appointment
from apps.service.queries import appointments
from apps.service.queries import board as boards
from apps.service.views.appointments import DAY
from apps.service.views.booking import own_appointment
from apps.service.views.gates import may_book, may_see

BY = ("bays", "technicians")
SPANS = {"day": 1, "week": 7}


@require_safe
@may_see
def board(request: HttpRequest) -> HttpResponse:
    """A day or a week, by bay or by technician."""
    user: Any = request.user
    store, day, span, days = _asked(request)
    length = timedelta(days=SPANS[span])
    told = boards.board(store, days)
    context = {
        "store": store,
        "day": day,
        "today": timezone.localdate(),
        "first": days[0],
        "last": days[-1],
        "before": day - length,
        "after": day + length,
        "span": span,
        "by": request.GET["by"] if request.GET.get("by") in BY else BY[0],
        "told": told,
        "own": store.pk == user.store_id and user.has_perm("service.book_appointment"),
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "service/board.html", context)


@require_safe
@may_see
def board_feed(request: HttpRequest) -> HttpResponse:
    """What the board shows, as JSON: it asks again by itself."""
    store, _day, _span, days = _asked(request)
    return JsonResponse(boards.board(store, days))


def _asked(request: HttpRequest) -> tuple[Store, date, str, list[date]]:
    """The store, the day, the span and its days that the address asks for."""
    store = store_shown(request.user, request.GET)
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    if day is None or not 2000 < day.year < 2100:
        day = timezone.localdate()
    if request.GET.get("span") != "week":
        return store, day, "day", [day]
    monday = day - DAY * day.weekday()
    return store, day, "week", [monday + DAY * n for n in range(7)]


@require_POST
@may_book
def board_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what was dragged or stretched, or say why not and which times are free.

    The version makes it safe to send twice: the second is told that it changed.
    """
    row = own_appointment(request, pk)
    form = MoveForm(request.POST, store=row.store)
    if not form.is_valid():
        said = next(iter(form.errors.values()))[0]
        return JsonResponse({"refusal": said, "times": []}, status=422)
    try:
        moved = _move(row, form.cleaned_data)
    except Refused as refusal:
        times = _nearest(row, form.cleaned_data) if isinstance(refusal, NotFree) else []
        return JsonResponse({"refusal": str(refusal), "times": times}, status=409)
    moved = own_appointment(request, pk)
    return JsonResponse(
        {
            "version": moved.version,
            "said": _("%(car)s: %(time)s, %(bay)s, %(technician)s.")
            % {
                "car": moved.vehicle,
                "time": date_format(timezone.localtime(moved.starts_at), "m-d H:i"),
                "bay": moved.bay,
                "technician": moved.technician,
            },
        }
    )


def _move(row: Appointment, asked: dict[str, Any]) -> Appointment:
    """Move with bay and technician as they are; when one is not free and was not chosen, with
    any other."""
    facts: dict[str, Any] = {name: asked[name] for name in ("starts_at", "minutes", "version")}
    facts["now"] = timezone.now()
    bay, technician = (asked[name] and asked[name].pk for name in ("bay", "technician"))
    try:
        kept_bay, kept_technician = bay or row.bay_id, technician or row.technician_id
        return actions.move(row, **facts, bay=kept_bay, technician=kept_technician)
    except NotFree:
        return actions.move(row, **facts, bay=bay, technician=technician)


def _nearest(row: Appointment, asked: dict[str, Any]) -> list[dict[str, str]]:
    parts = {line.part: line.quantity for line in row.parts.select_related("part")}
    wanted = asked["starts_at"]
    offered = appointments.offered(
        row.store,
        policy.Job(asked["minutes"], row.skill),
        parts,
        timezone.now(),
        earliest=timezone.localdate(wanted),
        without=row.pk,
    )
    return [
        {"at": local(at), "text": date_format(timezone.localtime(at), "m-d H:i")}
        for at in boards.nearest(offered, wanted)
    ]


@require_safe
@may_see
def wall(request: HttpRequest) -> HttpResponse:
    """Today on the screen in reception: plate and surname, nothing else of a person."""
    now = timezone.now()
    store = store_shown(request.user, request.GET)
    rows, more = boards.on_wall(store, now)
    context = {"store": store, "now": now, "rows": rows, "more": more}
    name = "service/_wall.html" if getattr(request, "htmx", False) else "service/wall.html"
    return render(request, name, context)
