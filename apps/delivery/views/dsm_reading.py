"""DSM records to be looked at: the list, one record, its folder for the maker's audit, and the
months (DEL-06, PEN-07)."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.queries import store_shown
from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.delivery import figures
from apps.delivery.choices.dsm import DsmStatus, Needed
from apps.delivery.forms.dsm import FIELDS, DsmFilter
from apps.delivery.models import DsmRecord
from apps.delivery.queries import dsm as queries
from apps.delivery.queries import folder
from apps.delivery.views.gates import may_see_dsm

PAGE = 50
MOST = 300  # of what is to be done: more is no list to work off
DAY = timedelta(days=1)


@require_safe
@may_see_dsm
def dsm_list(request: HttpRequest) -> HttpResponse:
    """What is to be done, yesterday's deliveries first; or what a filter asks for, by pages."""
    user: Any = request.user
    now = timezone.now()
    today = timezone.localdate(now)
    form = DsmFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    narrowed = any(value for name, value in form.cleaned_data.items() if name != "store")
    rows = queries.asked_for(user, form.cleaned_data, today, now)
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(queries.seen_by(user), pk=after)
        rows = rows.filter(due_at__lte=last.due_at).exclude(due_at=last.due_at, pk__gte=last.pk)
    size = PAGE if narrowed else MOST
    found = list(rows[: size + 1])
    lines = queries.lines_of(found[:size], now)
    context = {
        "lines": lines,
        "sections": None if narrowed else queries.sections(lines, today),
        "next": found[size - 1].pk if len(found) > size else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
        "today": today,
    }
    return render(request, "delivery/dsm_list.html", context)


@require_safe
@may_see_dsm
def dsm(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of the buyer, what is missing, and who is to do what now."""
    user: Any = request.user
    record = _seen(request, pk)
    line = queries.line_of(record, timezone.now())
    own = record.store_id == user.store_id
    closed = record.status == DsmStatus.CHECKED
    mine = user.pk in (record.entered_by_id, record.consultant_id)
    context = {
        "line": line,
        "record": record,
        "buyer": record.delivery.customer,
        "points": points_of(record),
        "can_enter": own and not closed and user.has_perm("delivery.enter_dsm"),
        "can_check": own and not closed and not mine and user.has_perm("delivery.check_dsm"),
        "focus": FIELDS[line.missing[0]] if line.missing else "",
    }
    return render(request, "delivery/dsm.html", context)


@require_safe
@may_see_dsm
def dsm_folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one delivery for the maker's audit 备审, for paper."""
    user: Any = request.user
    record, now = _seen(request, pk), timezone.now()
    context = {
        "record": record,
        "line": queries.line_of(record, now),
        "buyer": record.delivery.customer,
        "points": points_of(record),
        "folder": folder.of(record, user, now),
        "now": now,
    }
    return render(request, "delivery/dsm_folder.html", context)


def points_of(record: DsmRecord) -> list[tuple[Needed, bool]]:
    """What is needed of this buyer, and whether it is there."""
    buyer = record.delivery.customer
    missing = queries.missing_of(buyer)
    return [(need, need not in missing) for need in queries.needed_of(buyer)]


def _seen(request: HttpRequest, pk: int) -> DsmRecord:
    """The record; a look at it is a look at its buyer, and written down (SEC-01)."""
    user: Any = request.user
    people = ("entered_by", "checked_by", "sent_back_by")
    record: DsmRecord = get_object_or_404(queries.seen_by(user).select_related(*people), pk=pk)
    if record.delivery.customer:
        now = timezone.now()
        note_access([record.delivery.customer], by=user, kind=AccessKind.VIEW, now=now)
    return record


@require_safe
@may_see_dsm
def dsm_months(request: HttpRequest) -> HttpResponse:
    """How many records of a month were complete in time, late or incomplete, by consultant; each
    number leads to its rows."""
    user: Any = request.user
    now = timezone.now()
    store = store_shown(user, request.GET)
    this = timezone.localdate(now).replace(day=1)
    month = _month(request.GET.get("month", "")) or this
    rows = queries.seen_by(user).filter(store=store).due_in(month)
    lines = figures.dsm_by_consultant(rows, now)
    whole = figures.DsmMonth(None)
    for line in lines:
        for name in ("due", "in_time", "late", "incomplete"):
            setattr(whole, name, getattr(whole, name) + getattr(line, name))
    context = {
        "store": store,
        "lines": lines,
        "whole": whole,
        "month": month,
        "before": (month - DAY).replace(day=1),
        "after": (month + DAY * 32).replace(day=1) if month < this else None,
    }
    return render(request, "delivery/dsm_months.html", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
