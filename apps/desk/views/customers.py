"""Finding a customer, the customer's page and the car's."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.queries import changes
from apps.care.models import Call
from apps.customers.choices import CorrectionStatus
from apps.customers.forms import CustomerFilter
from apps.customers.models import Customer, MileageReading, Vehicle
from apps.customers.queries import StoreNumbers, why_due
from apps.customers.search import search as find
from apps.customers.views.merged import follow_merged
from apps.desk import queries
from apps.desk.views.duplicates import merges_of, open_doubles

PAGE = 50
may_search = permission_required("desk.search", raise_exception=True)
may_view = permission_required("customers.view_customer", raise_exception=True)


@require_safe
@may_search
def search(request: HttpRequest) -> HttpResponse:
    """What fits the text in the box: a list under it, or a page of its own (CUS-05)."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()
    hits = find(user.store_ids, text) if text else []
    htmx: Any = getattr(request, "htmx", False)
    template = "desk/_search_results.html" if htmx else "desk/search.html"
    return render(request, template, {"hits": hits, "search_text": text})


@require_safe
@may_view
def customer_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = CustomerFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out
    rows = queries.customers_asked(user, form.cleaned_data, timezone.localdate())
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
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
    """The whole relationship on one page; every look at it is written down (SEC-01)."""
    user: Any = request.user
    rows = Customer.objects.visible_to(user).select_related("store")
    person = get_object_or_404(rows, pk=pk)
    note_access([person], by=user, kind=AccessKind.VIEW, now=timezone.now())
    corrections = person.corrections.filter(status=CorrectionStatus.OPEN)
    context = {
        "customer": person,
        "numbers": person.numbers.all(),
        "cars": person.vehicles.order_by("-pk"),
        "stops": person.stops.filter(ended_at=None).select_related("vehicle", "by"),
        "consents": person.consents.select_related("by")[:6],
        "corrections": {correction.number_id for correction in corrections},
        "calls": Call.objects.filter(customer=person).open().select_related("vehicle")[:10],
        "own": person.store_id == user.store_id,
        "merges": merges_of(person),
        "doubles": open_doubles(person) if user.has_perm("customers.view_duplicate") else [],
    }
    return render(request, "desk/customer.html", context)


@require_safe
@may_view
@follow_merged
def customer_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the customer and the numbers (SEC-04)."""
    person = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    return _history(request, [person, *person.numbers.all()[:20]], str(person))


@require_safe
@may_view
def vehicle(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a car and why it is due when it is; a look at its owner's data too."""
    user: Any = request.user
    rows = Vehicle.objects.visible_to(user).select_related("owner", "store")
    car = get_object_or_404(rows, pk=pk)
    note_access([car], by=user, kind=AccessKind.VIEW, now=timezone.now())
    today = timezone.localdate()
    readings: Any = MileageReading.objects.filter(vehicle=car).order_by("-on", "-km")
    context = {
        "car": car,
        "why": why_due(car, StoreNumbers([car.store_id], today)),
        "readings": readings.select_related("recorded_by")[:30],
        "owners": car.ownerships.select_related("customer").order_by("-pk")[:10],
        "orders": car.repair_orders.all()[:30],
        "elsewhere": car.elsewhere_services.all()[:10],
        "today": today,
        "own": car.store_id == user.store_id,
    }
    return render(request, "desk/vehicle.html", context)


@require_safe
@may_view
def vehicle_history(request: HttpRequest, pk: int) -> HttpResponse:
    car = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    return _history(request, [car], str(car))


@require_safe
@may_view
def call_history(request: HttpRequest, pk: int) -> HttpResponse:
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    return _history(request, [call], str(call))


def _history(request: HttpRequest, rows: list[Any], title: str) -> HttpResponse:
    htmx: Any = getattr(request, "htmx", False)
    template = "shared/_history.html" if htmx else "desk/history.html"
    return render(request, template, {"changes": changes(*rows), "title": title})
