"""The boards: the month's list, the churn groups, what each specialist did today.

Each number is a link to the same page with its rows below.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care.choices import CallKind
from apps.care.forms import DayForm, MonthForm
from apps.care.queries import boards, lists, month
from apps.core.dates import add_months, month_end

MOST_ROWS = 200
may_see_lists = permission_required("care.view_lists", raise_exception=True)

DONE_LABELS = {
    "reached": _("reached"),
    "booked": _("booked"),
    "not_reached": _("not reached"),
    "bad_number": _("bad number"),
}


@require_safe
@may_see_lists
def month_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    first = MonthForm(request.GET).chosen(today)
    last = month_end(first)
    kinds: list[dict[str, Any]] = [
        {"kind": kind, "made": made, "coming": coming, "all": made + coming}
        for kind, (made, coming) in month.counts(store, first, last, today=today).items()
    ]
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "together": {part: sum(line[part] for line in kinds) for part in ("made", "coming", "all")},
        "first": first,
        "last": last,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "kinds": kinds,
        "today": today,
    } | _month_rows(request, store, first, today)
    return render(request, "care/month.html", context)


def _month_rows(request: HttpRequest, store: Store, first: Any, today: Any) -> dict[str, Any]:
    """The rows behind the number that was pressed."""
    kind, part = request.GET.get("kind", ""), request.GET.get("part", "coming")
    if kind not in CallKind.values:
        return {}
    rows = month.rows(store, CallKind(kind), part, first, today=today)
    name = "calls" if part == "made" else "rows"
    return {"kind": CallKind(kind), "part": part, "most": MOST_ROWS, name: rows[:MOST_ROWS]}


@require_safe
@permission_required("care.view_team", raise_exception=True)
def today(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = DayForm(request.GET)
    day = form.chosen(timezone.localdate())
    people = boards.today_board(user, day)
    kinds = [kind for kind in CallKind if any(kind in line.kinds for line in people)]
    for line in people:
        line.cells = [(kind.value, line.kinds.get(kind, 0)) for kind in kinds]
    context = {
        "form": form,
        "day": day,
        "iso": day.isoformat(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == timezone.localdate(),
        "labels": DONE_LABELS.values(),
        "kinds": kinds,
        "people": people,
        "together": boards.together(people, kinds),
    }
    person, what = request.GET.get("person", ""), request.GET.get("what", "")
    if person.isdecimal():
        chosen = next((one for one in people if one.person.pk == int(person)), None)
        if chosen is None:
            raise Http404
        context |= {"person": chosen.person, "what": what, "most": MOST_ROWS}
        if what == "left":
            left = boards.left_on(user, day).filter(owner=chosen.person)
            context["calls"] = lists.shown(left).order_by("due_on", "pk")[:MOST_ROWS]
            context["today"] = timezone.localdate()
        else:
            kind = request.GET.get("kind", "")
            rows = boards.today_rows(user, day, chosen.person.pk, what, kind)
            context["attempts"] = rows[:MOST_ROWS]
            context["what_label"] = DONE_LABELS.get(what, "")
    return render(request, "care/today.html", context)
