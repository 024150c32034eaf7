"""5S and showroom: the checks of the days; the showroom's gone through here (SSI-06, SSI-11)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.checklists import actions as checklists
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.forms import AnswersForm, PointsForm
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.ssi.policy import rooms as policy
from apps.ssi.queries import rooms
from apps.ssi.rooms_supplied import ROOMS
from apps.ssi.views.gates import a_form, may_change_guide, may_see_rooms

MOST = 100
DAY = timedelta(days=1)


@require_safe
@may_see_rooms
def room_list(request: HttpRequest) -> HttpResponse:
    """Today's checks, what is weak, and the checks of other days."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    done = rooms.runs_on(store, today)
    context = {
        "store": store,
        "checks": [(kind, done.get(kind)) for kind in policy.KINDS],
        "second": ChecklistKind.FIVE_S_SECOND,
        "five_s": policy.FIVE_S,
        "hours": rooms.second_hours(store, today),
        "weak": rooms.weak_points(store, today),
        "days": rooms.DAYS,
        "rows": list(rooms.asked_for(user, request.GET)[:MOST]),
        "point": request.GET.get("point", ""),
        "most": MOST,
    }
    return render(request, "ssi/room_list.html", context)


@a_form
@may_see_rooms
@once
def room_check(request: HttpRequest, kind: str) -> HttpResponse:
    """The showroom's list gone through today, or as it was on another day. The 5S checks have
    their own pages upstairs."""
    if kind != ChecklistKind.FACILITY:
        raise Http404
    user: Any = request.user
    if request.method != "POST":
        return _page(request, kind, store_shown(user, request.GET))
    if not user.has_perm("ssi.check_rooms"):
        raise PermissionDenied
    store, now = get_object_or_404(Store, pk=user.store_id), timezone.now()
    today = timezone.localdate(now)
    form = _answers(store, kind, today, request.POST)
    if not form.is_valid():
        return _page(request, kind, store, form=form, status=422)
    try:
        checklists.go_through(store, kind, form.said(), on=today, people=0, by=user, now=now)
    except Refused as refusal:
        return _page(request, kind, store, form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("ssi:room-check", kind)


def _answers(store: Store, kind: str, day: Any, data: Any = None) -> AnswersForm:
    run = lists.run_of(store, kind, day)
    template = run.template if run else lists.in_force(store, kind, day)
    items = list(template.items.all()) if template else []
    return AnswersForm(data, lines=lists.lines(items, run, 0))


def _page(
    request: HttpRequest,
    kind: str,
    store: Store,
    *,
    form: AnswersForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    day = rooms.day_asked(request.GET, today)
    form = form or _answers(store, kind, day)
    context = {
        "store": store,
        "kind": ChecklistKind(kind),
        "form": form,
        "areas": _areas(form),
        "run": lists.run_of(store, kind, day),
        "missing": sum(line.missing for line in form.lines),
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        "can_fill": store.pk == user.store_id and day == today and user.has_perm("ssi.check_rooms"),
        "refusal": refusal,
    }
    return render(request, "ssi/room_check.html", context, status=status)


def _areas(form: AnswersForm) -> Any:
    """The fields by area."""
    return policy.by_area((row[0].item.text, row) for row in form.rows())


@a_form
@may_change_guide
@once
def room_points(request: HttpRequest, kind: str) -> HttpResponse:
    """Other points of the showroom's list from a coming day on."""
    if kind != ChecklistKind.FACILITY:
        raise Http404
    user: Any = request.user
    store, today = get_object_or_404(Store, pk=user.store_id), timezone.localdate()
    template = lists.in_force(store, kind, today)
    points = template.items.all() if template else ROOMS[kind]
    initial = {"effective_from": today + DAY, "points": "\n".join(map(str, points))}
    checks = user.has_perm("ssi.check_rooms")
    back = reverse("ssi:room-check", args=[kind]) if checks else reverse("desk:setup")

    def save(data: dict[str, Any]) -> str:
        day, wanted = data["effective_from"], data["points"]
        checklists.set_points(store, kind, wanted, effective_from=day, now=timezone.now())
        return back

    form = PointsForm(request.POST or None, initial=initial)
    form.fields["points"].help_text = _("one a line, with its area before it: 接车区：地面")
    return form_page(request, form, title=str(ChecklistKind(kind).label), back=back, save=save)
