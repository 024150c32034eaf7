"""The next 90 days, and the same under other numbers (CARE-26)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of, store_shown
from apps.care.choices import CallKind
from apps.care.forecast_forms import TrialForm
from apps.care.models import CarePolicy
from apps.care.queries import workload
from apps.customers.queries import StoreNumbers

MOST = 200
CAN_BE_MADE = _("what those on duty usually make")


@require_safe
@permission_required("care.view_analysis", raise_exception=True)
def forecast(request: HttpRequest) -> HttpResponse:
    """Calls by kind and day against the people on duty; SELECTs only."""
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    form = form_of(store, request.GET, today)
    calendar, days = calendar_of(store), workload.days_ahead(today)
    trial, other = form.today(store, today), form.other(store, today)
    now = workload.foreseen(trial, calendar, form.day_of)
    then = workload.foreseen(other, calendar, form.day_of, now=now) if other else None
    duty, pace = workload.people_on_duty(store, calendar, days), workload.pace(store, today)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "form": form,
        "kinds": _kinds(store, now, then),
        "total": (now.total, then.total, then.total - now.total) if then else (now.total,),
        "days": _days(days, now, then, duty),
        "pace": pace,
        "charts": [
            (name, chart(found, days, duty, pace))
            for name, found in (("now", now), ("then", then))
            if found is not None
        ],
        "columns": [CallKind(kind) for kind in workload.KINDS],
        "lapses": [workload.would_lapse(one) for one in (trial, other) if one],
        "tried": then is not None,
    } | _rows(form, trial, other)
    return render(request, "care/forecast.html", context)


def form_of(store: Store, asked: Mapping[str, Any], today: date) -> TrialForm:
    """With the store's numbers in force; what cannot be understood is marked."""
    numbers = CarePolicy.objects.in_force(store, today) or CarePolicy()
    interval = StoreNumbers([store.pk], today).interval(store.pk, "")
    form = TrialForm(asked, numbers=numbers, interval=interval)
    form.is_valid()
    return form


def _kinds(store: Store, now: Any, then: Any) -> list[dict[str, Any]]:
    there = workload.open_now(store)
    return [
        {
            "kind": CallKind(kind),
            "open": there.get(kind, 0),
            "now": now.of_kind(kind),
            "then": then.of_kind(kind) if then else None,
            "more": then.of_kind(kind) - now.of_kind(kind) if then else None,
        }
        for kind in workload.KINDS
    ]


def _days(days: list[date], now: Any, then: Any, duty: dict[date, int]) -> list[dict[str, Any]]:
    return [
        {
            "on": day,
            "duty": duty[day],
            "cells": [(kind, now.days[day][kind]) for kind in workload.KINDS],
            "now": now.days[day].total(),
            "then": then.days[day].total() if then else None,
        }
        for day in days
    ]


def chart(
    found: Any, days: list[date], duty: dict[date, int], pace: float | None
) -> dict[str, Any]:
    """Bars of the kinds upon one another, and what those on duty usually do as a line."""
    series: list[dict[str, Any]] = [
        {"name": str(CallKind(kind).label), "values": [found.days[day][kind] for day in days]}
        for kind in workload.KINDS
        if found.of_kind(kind)
    ]
    if pace is not None:
        can = [round(duty[day] * pace) for day in days]
        series.append({"name": str(CAN_BE_MADE), "values": can, "line": True})
    return {
        "kind": "bar",
        "stacked": True,
        "days": [f"{day:%m-%d}" for day in days],
        "series": series,
    }


def _rows(form: TrialForm, trial: Any, other: Any) -> dict[str, Any]:
    """The cars behind one number of a day."""
    asked = form.cleaned_data
    day, kind = asked.get("on"), asked.get("kind")
    if not day or not kind:
        return {}
    chosen = other if asked.get("trial") and other else trial
    rows = workload.rows(chosen, kind, day, form.day_of)
    return {"rows": rows[:MOST], "most": MOST, "on": day, "row_kind": CallKind(kind)}
