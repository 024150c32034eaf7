"""The register of parties and what it says over time (REC-01, REC-02)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.reception.choices.visit import Source, Stage
from apps.reception.figures import traffic as figures
from apps.reception.figures.traffic import NOBODY, STAGES, Count
from apps.reception.forms.traffic import TrafficFilter, VisitFilter
from apps.reception.models import ShowroomVisit
from apps.reception.views.gates import may_see_register, may_see_traffic

PAGE = 50
MOST_PRINTED = 500
SPANS = (figures.USUAL_DAYS, 90, 365)
MANY_DAYS = 62  # from here on months are drawn


@require_safe
@may_see_register
def visit_list(request: HttpRequest) -> HttpResponse:
    """来店客流量登记表: the newest first."""
    user: Any = request.user
    form = VisitFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = figures.parties(user.store_ids, form.cleaned_data).select_related(*figures.SHOWN)
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(ShowroomVisit.objects.visible_to(user), pk=after)
        rows = rows.filter(arrived_at__lte=last.arrived_at).exclude(
            arrived_at=last.arrived_at, pk__gte=last.pk
        )
    found = list(rows[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/visit_list.html", context)


@require_safe
@may_see_register
def visit_print(request: HttpRequest) -> HttpResponse:
    """The register as it is filtered, on paper, in the order in which they came."""
    user: Any = request.user
    form = VisitFilter(request.GET, user=user)
    form.is_valid()
    rows = figures.parties(user.store_ids, form.cleaned_data).select_related(*figures.SHOWN)
    found = list(rows[: MOST_PRINTED + 1])
    context = {
        "rows": found[:MOST_PRINTED][::-1],
        "most": MOST_PRINTED if len(found) > MOST_PRINTED else None,
        "asked": form.cleaned_data,
        "now": timezone.now(),
    }
    return render(request, "reception/visit_print.html", context)


@require_safe
@may_see_traffic
def traffic(request: HttpRequest) -> HttpResponse:
    """展厅客流量统计分析表. Each number is a link to its parties."""
    user: Any = request.user
    today = timezone.localdate()
    form = TrafficFilter(request.GET, user=user)
    form.is_valid()
    asked = figures.period(form.cleaned_data, today)
    found = figures.traffic(user.store_ids, asked)
    link = Links(asked)
    days = (asked["until"] - asked["since"]).days + 1
    over_time = found.by_month() if days > MANY_DAYS else found.days
    people = User.objects.in_bulk([pk for pk in found.consultants if pk])
    context = {
        "form": form,
        "since": asked["since"],
        "until": asked["until"],
        "spans": [(span, today - timedelta(days=span - 1), today) for span in SPANS],
        "whole": found.whole,
        "whole_url": link(),
        "late_url": link(late="on"),
        "late": found.whole.late,
        "funnel": funnel(found.whole, link),
        "stages": [stage.label for stage in STAGES],
        "sources": lines(found.sources, lambda source: Source(source).label, "source", link),
        "consultants": lines(
            found.consultants,
            lambda pk: people[pk] if pk else _("nobody"),
            "consultant",
            link,
            lambda pk: pk or NOBODY,
        ),
        "weeks": weeks(found, link),
        "over_time": chart(over_time, link, months=days > MANY_DAYS),
        "by_hour": hours_chart(found, link),
    }
    return render(request, "reception/traffic.html", context)


class Links:
    """Addresses of the register with what the analysis is about, and more."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        told = {name: value for name, value in asked.items() if value not in (None, "")}
        if "first" in told:
            told["first"] = int(told["first"])
        self.told = told

    def __call__(self, **more: Any) -> str:
        return f"{reverse('reception:visit-list')}?{urlencode(self.told | more)}"


def funnel(whole: Count, link: Links) -> list[dict[str, Any]]:
    """From all parties to the keys: how many, of all, of the stage before. Not everybody who gets
    a quotation has driven: the stage before it is the card."""
    rows = [{"label": _("parties"), "n": whole.parties, "url": link(), "of_all": 100.0}]
    before = whole.parties
    for stage, n in whole.stages.items():
        step = round(100 * n / before, 1) if before else None
        rows.append(
            {"label": stage.label, "n": n, "url": link(stage=stage), "step": step}
            | {"of_all": whole.of_parties(n)}
        )
        before = before if stage == Stage.DRIVE else n
    return rows


def lines(found: Mapping[Any, Count], label: Any, name: str, link: Links, key: Any = str) -> Any:
    """One side of the analysis: each of its values with its numbers and their parties."""
    return [
        {
            "label": label(value),
            "count": count,
            "url": link(**{name: key(value)}),
            "stages": [
                (n, count.of_parties(n), link(**{name: key(value), "stage": stage}))
                for stage, n in count.stages.items()
            ],
        }
        for value, count in sorted(found.items(), key=lambda pair: -pair[1].parties)
    ]


def weeks(found: figures.Traffic, link: Links) -> dict[str, Any]:
    """Weekdays × hours: when how many come; ``heat`` is 0 to 4."""
    hours = list(found.by_hour())
    most = max((count.parties for count in found.hours.values()), default=0)
    days = []
    for day, total in found.by_weekday().items():
        cells = []
        for hour in hours:
            n = found.hours.get((day, hour), Count()).parties
            heat = -(-4 * n // most) if most else 0
            cells.append({"n": n, "heat": heat, "url": link(weekday=day, hour=hour)})
        days.append(
            {"label": WEEKDAYS_ABBR[day - 1], "cells": cells, "n": total.parties}
            | {"url": link(weekday=day)}
        )
    totals = [
        {"n": count.parties, "url": link(hour=hour)} for hour, count in found.by_hour().items()
    ]
    return {"hours": hours, "days": days, "totals": totals}


def chart(over_time: Mapping[date, Count], link: Links, *, months: bool) -> dict[str, Any]:
    """Parties, cards and orders, by day or by month, for chart.js."""
    shown = "Y-m" if months else "m-d"
    first, last = link.told["since"], link.told["until"]
    keys = sorted(over_time)
    series = [(_("parties"), [over_time[day].parties for day in keys])]
    series += [
        (str(stage.label), [over_time[day].stages[stage] for day in keys])
        for stage in (Stage.CARD, Stage.ORDER)
    ]
    return {
        "kind": "bar",
        "days": [date_format(day, shown) for day in keys],
        "series": [{"name": name, "values": values} for name, values in series],
        "links": [
            link(since=max(day, first), until=min(_last(day), last) if months else day)
            for day in keys
        ],
    }


def _last(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def hours_chart(found: figures.Traffic, link: Links) -> dict[str, Any]:
    by_hour = found.by_hour()
    return {
        "kind": "bar",
        "days": [f"{hour}:00" for hour in by_hour],
        "series": [{"name": _("parties"), "values": [c.parties for c in by_hour.values()]}],
        "links": [link(hour=hour) for hour in by_hour],
    }
