"""Marks of doubt, by who asked and by whose customers they are (SSI-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.core.dates import add_months
from apps.ssi.choices import Mark
from apps.ssi.models import Response
from apps.ssi.policy.honesty import FEWEST_TENS
from apps.ssi.policy.intervals import FEWEST
from apps.ssi.queries import honesty as queries
from apps.ssi.views.gates import may_see_honesty

MOST = 200
LABELS = {
    "all": _("Answers"),
    "any": _("Marked"),
    Mark.STRAIGHT_TENS: _("Nothing but tens"),
    Mark.TOO_SHORT: _("Too short"),
    Mark.CHANGED: _("Changed later"),
}


def marks_of(row: Response) -> list[Any]:
    return [Mark(mark).label for mark in row.marks]


@require_safe
@may_see_honesty
def honesty(request: HttpRequest) -> HttpResponse:
    """One month's marks, who asked, whose customers, and interviewers beside each other."""
    user: Any = request.user
    today = timezone.localdate()
    store, first = store_shown(user, request.GET), MonthForm(request.GET).chosen(today)
    numbers = queries.numbers_of(store, min(today, add_months(first, 1)))
    what = request.GET.get("mark", "any")
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "numbers": numbers,
        "tens": FEWEST_TENS,
        "fewest": FEWEST,
        "compared": queries.compared(store, first, numbers.far_above),
        "compared_from": add_months(first, 1 - queries.COMPARED_MONTHS),
        "columns": LABELS,
        "tables": [
            (whose, label, nobody, queries.lines(store, first, whose))
            for whose, label, nobody in (
                ("interviewer", _("Interviewer"), _("the customer himself")),
                ("consultant", _("Sales consultant"), _("no account")),
            )
        ],
        "rows": [(row, marks_of(row)) for row in queries.marked(user, request.GET, today)[:MOST]],
        "what_label": LABELS.get(what, LABELS["any"]),
        "most": MOST,
    }
    return render(request, "ssi/honesty.html", context)
