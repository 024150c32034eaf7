"""The analysis of first service and maintenance by week and month (CARE-17)."""

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
from apps.care.analysis_exports import lines
from apps.care.analysis_forms import SPANS, AnalysisFilter
from apps.care.choices import CallKind, NotReturning
from apps.care.figures import analysis as figures
from apps.care.figures import reminders

MOST = 100
MOST_DRAWN = 12  # shops in the chart
LABELS = {
    "due": _("calls due"),
    "reminded": _("reminded in time"),
    "open": _("still to be made in time"),
    "missed": _("not reminded in time"),
    "reached": _("reached"),
    "booked": _("booked"),
    "messaged": _("message after three attempts"),
    "elsewhere": _("lost: done elsewhere"),
    "made_up": _("made up, in no rate"),
    "came": _("came back"),
    "stayed_away": _("did not come back"),
    "time_over": _("whose time was over"),
    "reason": _("reasons of not returning"),
    "shop": _("done in another shop"),
    "version": _("said with this version"),
}


@require_safe
@permission_required("care.view_analysis", raise_exception=True)
def analysis(request: HttpRequest) -> HttpResponse:
    """One sheet for the meeting; each number is a link to its rows below."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    form = AnalysisFilter(request.GET, store=store)
    form.is_valid()  # what cannot be understood is left out
    period = form.chosen(today)
    sheet = figures.sheet(store, period, today)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "form": form,
        "period": period,
        "spans": SPANS,
        "sheet": sheet,
        "kinds": [_kind(one) for one in sheet.kinds],
        "reasons": [
            (reason, NotReturning(reason).label, [found.get(kind, 0) for kind in reminders.KINDS])
            for reason, found in sheet.reasons.items()
        ],
        "people": [
            {"person": line.person, "kinds": [(k, line.kinds[k]) for k in reminders.KINDS]}
            for line in sheet.people
        ],
        "trend": _trend(sheet),
        "places": _places(sheet),
        "so_far": period.last >= today,
        "fewest": policy.FEWEST_FOR_A_RATE,
    } | _rows(store, form.cleaned_data, period, today)
    return render(request, "care/analysis.html", context)


def _kind(one: figures.OfKind) -> dict[str, Any]:
    """A kind with its two rates and its counts, each beside the period before."""
    return {
        "kind": CallKind(one.kind),
        "rates": [
            (_("reminder rate"), "reminded", "due", one.reminded[-1], one.reminded[-2]),
            (_("return rate"), "came", "time_over", one.returned[-1], one.returned[-2]),
        ],
        "counts": [
            (name, LABELS[name], one.now.counts[name], one.before.counts[name])
            for name in reminders.PARTS
            if name not in ("due", "reminded")
        ],
        "final": one.returned[-1].final,
    }


def _trend(sheet: figures.Sheet) -> dict[str, Any]:
    """The four rates over the periods, for the chart."""
    series = []
    for one in sheet.kinds:
        name = CallKind(one.kind).label
        for what, rates in ((_("reminder rate"), one.reminded), (_("return rate"), one.returned)):
            values = [rate.share for rate in rates]
            series.append({"name": f"{name} · {what}", "values": values})
    return {"days": [str(each) for each in sheet.period.trend], "series": series}


def _places(sheet: figures.Sheet) -> dict[str, Any]:
    """Where they go, as bars, and what it costs there, as points on a scale of its own."""
    shops = sheet.shops[:MOST_DRAWN]
    return {
        "kind": "bar",
        "days": [f"{one.shop} {one.place}".strip() for one in shops],
        "series": [
            {"name": str(_("cars")), "values": [one.cars for one in shops]},
            {
                "name": str(_("mean cost in CNY")),
                "values": [None if one.mean is None else float(one.mean) for one in shops],
                "right": True,
            },
        ],
    }


def _rows(store: Store, asked: dict[str, Any], period: Any, today: Any) -> dict[str, Any]:
    """The rows behind the number that was pressed."""
    if not asked["what"]:
        return {}
    rows, line = lines(store, asked, period, today)
    told: list[Any] = [LABELS[asked["what"]]]
    if asked["kind"]:
        told.insert(0, CallKind(asked["kind"]).label)
    if asked["reason"] in NotReturning.values:
        told.append(NotReturning(asked["reason"]).label)
    if asked["shop"]:
        told.append(f"{asked['shop']} {asked['place']}".strip())
    return {
        "lines": [line(row) for row in rows[:MOST]],
        "most": MOST,
        "what_label": " · ".join(map(str, told)),
    }
