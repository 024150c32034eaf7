"""The time-line of a customer and of a car: piece by piece, by kind, on paper (CUS-06)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.complaints.choices import DEPARTMENTS
from apps.complaints.queries import departments_of
from apps.core.timeline import Source, TimelineEntry
from apps.customers.models import Customer, Vehicle
from apps.customers.views.merged import follow_merged
from apps.desk import queries

PIECE = 20
ON_PAPER = 500
may_view = permission_required("customers.view_customer", raise_exception=True)
PAGES = {"call": "care:call", "car": "desk:vehicle", "customer": "desk:customer"}
PAGES |= {f"{department}_response": "complaints:response" for department, _label in DEPARTMENTS}


@require_safe
@may_view
@follow_merged
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of the time-line: of the kinds ``?kind=``, before the place ``?before=``."""
    person = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    return _piece(request, person, "customer")


@require_safe
@may_view
@follow_merged
def customer_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The time-line for paper; masked as on screen, and a look that is written down (SEC-01)."""
    rows = Customer.objects.visible_to(request.user).select_related("store")
    person = get_object_or_404(rows.prefetch_related("vehicles"), pk=pk)
    return _paper(request, person, "customer")


@require_safe
@may_view
def vehicle_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    car = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    return _piece(request, car, "car")


@require_safe
@may_view
def vehicle_print(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Vehicle.objects.visible_to(request.user).select_related("store", "owner")
    return _paper(request, get_object_or_404(rows, pk=pk), "car")


def _kinds(request: HttpRequest, sources: list[Source]) -> list[str]:
    """What the filter asks for of what this line has, in the order of the filter."""
    asked, had = request.GET.getlist("kind"), {source.kind for source in sources}
    return [kind for kind in queries.KINDS if kind in had and kind in asked]


def _piece(request: HttpRequest, thing: Any, what: str) -> HttpResponse:
    sources = queries.sources_of(thing)
    kinds, before = _kinds(request, sources), request.GET.get("before", "")
    piece = queries.piece(sources, kinds, before, PIECE)
    had = {source.kind for source in sources}
    name = "customer" if what == "customer" else "vehicle"
    context = {
        "thing": thing,
        "back": reverse(PAGES[what], args=[thing.pk]),
        "url": reverse(f"desk:{name}-timeline", args=[thing.pk]),
        "print_url": reverse(f"desk:{name}-print", args=[thing.pk]),
        "chosen": urlencode({"kind": kinds}, doseq=True),
        "lines": _lines(request, piece.entries, (what, thing.pk)),
        "next": piece.next,
        "kinds": [
            (kind, icon, label, kind in kinds)
            for kind, (icon, label) in queries.KINDS.items()
            if kind in had
        ],
    }
    htmx: Any = getattr(request, "htmx", False)
    if htmx and before:
        return render(request, "desk/_timeline_lines.html", context)
    return render(request, f"desk/{'_' if htmx else ''}timeline.html", context)


def _lines(
    request: HttpRequest, entries: list[TimelineEntry], here: tuple[str, int]
) -> list[tuple[TimelineEntry, str, str]]:
    """Each entry with its icon and the address of the page it is about, if one may open it."""
    user: Any = request.user
    closed = {here[0]}
    if not (user.has_perm("care.work_queue") or user.has_perm("care.view_team")):
        closed.add("call")
    seen = departments_of(user)
    closed |= {f"{one}_response" for one, _label in DEPARTMENTS if one not in seen}
    return [
        (
            entry,
            queries.KINDS[entry.kind][0],
            reverse(PAGES[entry.link[0]], args=[entry.link[1]])
            if entry.link and entry.link[0] not in closed
            else "",
        )
        for entry in entries
    ]


def _paper(request: HttpRequest, thing: Any, what: str) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    note_access([thing], by=user, kind=AccessKind.VIEW, now=now, reason=_("time-line for paper"))
    sources = queries.sources_of(thing)
    kinds = _kinds(request, sources)
    piece = queries.piece(sources, kinds, "", ON_PAPER)
    context = {
        what: thing,
        "thing": thing,
        "back": reverse(PAGES[what], args=[thing.pk]),
        "lines": _lines(request, piece.entries, (what, thing.pk)),
        "kinds": [queries.KINDS[kind][1] for kind in kinds],
        "most": ON_PAPER if piece.next else None,
        "now": now,
    }
    return render(request, "desk/timeline_print.html", context)
