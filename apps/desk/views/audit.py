"""Who looked, who was seen by whom, who changed what, who signed in (SEC-01, SEC-03, SEC-04)."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.policy import browser_name
from apps.audit import queries
from apps.audit.forms import ChangesFilter, LooksFilter, OpenedFilter, Period, SignInFilter
from apps.customers.models import Customer
from apps.desk import audit

PAGE = 50
may_audit = permission_required("audit.view_audit", raise_exception=True)


def _asked(request: HttpRequest, form_class: type[Period]) -> tuple[Any, dict[str, Any]]:
    form = form_class(request.GET, user=request.user, today=timezone.localdate())
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    return form, form.cleaned_data


def _customer(request: HttpRequest, asked: dict[str, Any]) -> Customer | None:
    """The customer whose looks or changes are asked for."""
    if not asked.get("customer"):
        return None
    found: Customer = get_object_or_404(
        Customer.everyone.filter(store__in=request.user.store_ids),  # type: ignore[union-attr]
        pk=asked["customer"],
    )
    return found


def _place(after: str) -> tuple[datetime, int] | None:
    """Where a page begins: the moment and the number of the last row of the one before."""
    at, _sep, pk = after.partition("_")
    try:
        return datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None


@require_safe
@may_audit
def audit_looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whom, showed a number and why, took a call, took something out."""
    form, asked = _asked(request, LooksFilter)
    customer = _customer(request, asked)
    things = audit.things_of(customer) if customer else None
    rows = queries.looks(request.user, asked, things)
    if place := _place(request.GET.get("after", "")):
        rows = rows.filter(Q(at__lt=place[0]) | Q(at=place[0], pk__lt=place[1]))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "form": form,
        "customer": customer,
        "looks": audit.with_subjects(found[:PAGE]),
        "next": f"{last.at.isoformat()}_{last.pk}" if last else "",
    }
    return render(request, "desk/audit_looks.html", context)


@require_safe
@may_audit
def audit_opened(request: HttpRequest) -> HttpResponse:
    """All persons whose data one colleague opened in a period."""
    form, asked = _asked(request, OpenedFilter)
    lines, following = audit.opened(request.user, asked, request.GET.get("after", ""), PAGE)
    context = {"form": form, "lines": lines, "next": following, "person": asked.get("person")}
    return render(request, "desk/audit_opened.html", context)


@require_safe
@may_audit
def audit_changes(request: HttpRequest) -> HttpResponse:
    """Who changed which field from what to what."""
    form, asked = _asked(request, ChangesFilter)
    customer = _customer(request, asked)
    cars = audit.cars_of(customer.pk if customer else None)
    page = queries.changed(request.user, asked, cars, request.GET.get("after", ""), PAGE)
    context = {
        "form": form,
        "customer": customer,
        "lines": audit.with_people(page.changes),
        "next": page.next,
    }
    return render(request, "desk/audit_changes.html", context)


@require_safe
@may_audit
def audit_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who signed in from where, and who was refused."""
    form, asked = _asked(request, SignInFilter)
    rows = queries.sign_ins(request.user, asked, before=_place(request.GET.get("after", "")))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "form": form,
        "lines": [row | {"browser": browser_name(row["user_agent"])} for row in found[:PAGE]],
        "next": f"{last['attempt_time'].isoformat()}_{last['id']}" if last else "",
    }
    return render(request, "desk/audit_sign_ins.html", context)
