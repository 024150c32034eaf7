"""How well the archive is kept: how complete, how good its numbers, over time (CUS-09, CUS-10)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.customers import figures
from apps.customers.choices import Lack
from apps.customers.forms import HealthFilter
from apps.customers.gaps import IMPORTED

MOST_ROWS = 200
POINTS = 60  # of a line: more cannot be told apart


@require_safe
@permission_required("customers.view_health", raise_exception=True)
def health(request: HttpRequest) -> HttpResponse:
    """Each number is a link to its rows: of the work list, or below. One store at a time."""
    user: Any = request.user
    form = HealthFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    store, today = store_shown(user, request.GET), timezone.localdate()
    since, until = figures.period(asked, today)
    stores = Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else []
    shares = figures.now_in(store)
    line = figures.days([store.pk], timezone.localdate(since), today)
    context = {
        "form": form,
        "store": store,
        "stores": stores,
        "latest": figures.latest(user.store_ids) if stores else [],
        "shares": shares,
        "lacks": [(Lack(lack), share) for lack, share in shares.lacks.items()],
        "recorders": figures.recorders_of(store),
        "numbers": figures.number_health(store, since, until),
        "took": figures.time_to_correct(store, since, until),
        "days": thinned(line),
        "chart": chart(line),
        "labels": Lack.labels,
        "imported": IMPORTED,
    }
    if asked.get("what") or asked.get("person"):
        rows = figures.listed(store, since, until, asked)[:MOST_ROWS]
        context |= {"rows": rows, "most": MOST_ROWS}
    return render(request, "customers/health.html", context)


def thinned(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last day and those before it at even distances, the newest first."""
    step = max(1, -(-len(line) // POINTS))
    return line[::-1][::step]


def chart(line: list[dict[str, Any]]) -> dict[str, Any]:
    """What the chart draws: the days, and for each thing the share that has it, in per cent."""
    days = thinned(line)[::-1]
    series = [(_("complete"), [day["shares"].records.there for day in days])]
    for lack in Lack:
        values = [day["shares"].lacks[lack].there for day in days]
        if any(value is not None for value in values):
            series.append((str(lack.label), values))
    return {
        "days": [day["on"].isoformat() for day in days],
        "series": [{"name": name, "values": values} for name, values in series],
    }
