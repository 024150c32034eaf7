"""Finding a customer, the customer's page and the car's."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.care.models import Call
from apps.complaints import queries as complaints
from apps.complaints.choices import OPEN_STEPS
from apps.core.rows import first_by_store
from apps.customers.choices import CorrectionStatus, RightsStatus
from apps.customers.forms import CustomerFilter
from apps.customers.models import Customer, Vehicle
from apps.customers.queries import StoreNumbers, why_due
from apps.customers.search import MOST
from apps.customers.search import search as find
from apps.customers.views.merged import follow_merged
from apps.desk import queries
from apps.desk.views.duplicates import merges_of, open_doubles
from apps.reception.queries.opportunities import seen_by

PAGE = 50
may_search = permission_required("desk.search", raise_exception=True)
may_view = permission_required("customers.view_customer", raise_exception=True)


@require_safe
@may_search
def search(request: HttpRequest) -> HttpResponse:
    """What fits the text in the box: a list under it, or a page of its own (CUS-05)."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()
    hits = find(user.store_ids, text, MOST + 1) if text else []
    htmx: Any = getattr(request, "htmx", False)
    template = "desk/_search_results.html" if htmx else "desk/search.html"
    context = {"hits": hits[:MOST], "more": len(hits) > MOST, "search_text": text}
    return render(request, template, context)


@require_safe
@may_view
def customer_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = CustomerFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out
    rows = queries.customers_asked(user, form.cleaned_data, timezone.localdate())
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = first_by_store(rows, user.store_ids, PAGE + 1)
    context = {
        "customers": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "desk/customer_list.html", context)


@require_safe
@may_view
@follow_merged
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """What one needs who has the customer before them; the rest of the relationship comes in
    pieces. Every look at the page is written down, the pieces belong to it (CUS-06, SEC-01)."""
    user: Any = request.user
    rows = Customer.objects.visible_to(user).select_related("store")
    person = get_object_or_404(rows, pk=pk)
    note_access([person], by=user, kind=AccessKind.VIEW, now=timezone.now())
    corrections = person.corrections.filter(status=CorrectionStatus.OPEN)
    context = {
        "customer": person,
        "numbers": [] if person.erased_at else person.numbers.all(),
        "cars": person.vehicles.order_by("-pk"),
        "stops": person.stops.filter(ended_at=None).select_related("vehicle"),
        "corrections": {correction.number_id for correction in corrections},
        "calls": _open_calls(customer=person),
        "own": person.store_id == user.store_id and not person.erased_at,
        "purchases": _purchases(user, person),
        "requests": person.requests.filter(status=RightsStatus.OPEN)
        if user.has_perm("customers.view_request")
        else [],
        "responses": complaints.seen_by(user).filter(customer=person, status__in=OPEN_STEPS)
        if user.has_perm("complaints.view_response")
        else [],
        "merges": merges_of(person),
        "doubles": open_doubles(person) if user.has_perm("customers.view_duplicate") else [],
    }
    return render(request, "desk/customer.html", context)


@require_safe
@may_view
def vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a car and why it is due when it is; a look at its owner's data too."""
    user: Any = request.user
    rows = Vehicle.objects.visible_to(user).select_related("owner", "store")
    car = get_object_or_404(rows, pk=pk)
    note_access([car], by=user, kind=AccessKind.VIEW, now=timezone.now())
    context = {
        "car": car,
        "why": why_due(car, StoreNumbers([car.store_id], timezone.localdate())),
        "owners": car.ownerships.select_related("customer").order_by("-pk")[:10],
        "calls": _open_calls(vehicle=car),
        "own": car.store_id == user.store_id,
    }
    return render(request, "desk/vehicle.html", context)


def _purchases(user: Any, person: Customer) -> list[Any]:
    """Those that this person may read (REC-03)."""
    if not user.has_perm("reception.view_sales"):
        return []
    rows = seen_by(user).filter(customer=person).select_related("consultant", "car_model", "trim")
    return list(rows.order_by("-opened_at")[:10])


def _open_calls(**about: Any) -> QuerySet[Call]:
    return Call.objects.filter(**about).open().select_related("vehicle").order_by("due_on")[:10]
