"""The parts of a customer's and a car's page that come after the page itself.

Each is an address of its own: a part for htmx, a small page without JavaScript. The look was
written down when the page was opened; a part writes nothing more.
"""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.queries import changes
from apps.care.models import Call
from apps.customers.models import Customer, Vehicle
from apps.customers.views.merged import follow_merged
from apps.messaging.models import Message

MOST = 10
MOST_NUMBERS = 20
PAGES = {Customer: "desk:customer", Vehicle: "desk:vehicle"}
may_view = permission_required("customers.view_customer", raise_exception=True)


@require_safe
@may_view
@follow_merged
def customer_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer agreed to, and what was stopped (CUS-08, CARE-29)."""
    user: Any = request.user
    person = _customer(request, pk)
    context = {
        "customer": person,
        "stops": person.stops.filter(ended_at=None).select_related("vehicle", "by"),
        "consents": person.consents.select_related("by", "told")[:MOST],
        "own": person.store_id == user.store_id and not person.erased_at,
    }
    return _piece(request, "contact", _("Consent and stops"), person, context)


@require_safe
@may_view
@follow_merged
def customer_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The last messages to the customer and what became of them."""
    person = _customer(request, pk)
    sent = list(Message.objects.filter(customer=person).order_by("-pk")[: MOST + 1])
    context = {"customer": person, "sent": sent[:MOST], "more": len(sent) > MOST}
    return _piece(request, "messages", _("Messages"), person, context)


@require_safe
@may_view
@follow_merged
def customer_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the customer and the numbers (SEC-04)."""
    person = _customer(request, pk)
    return _history(request, [person, *person.numbers.all()[:MOST_NUMBERS]], person)


@require_safe
@may_view
def vehicle_history(request: HttpRequest, pk: int) -> HttpResponse:
    car = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    return _history(request, [car], car)


@require_safe
@may_view
def call_history(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Call.objects.visible_to(request.user).select_related("customer")
    call = get_object_or_404(rows, pk=pk)
    return _history(request, [call], call.customer)


def _customer(request: HttpRequest, pk: int) -> Customer:
    person: Customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    return person


def _history(request: HttpRequest, rows: list[Any], thing: models.Model) -> HttpResponse:
    context = {"changes": changes(*rows)}
    return _piece(request, "history", _("Who changed what"), thing, context)


def _piece(
    request: HttpRequest, name: str, title: str, thing: Any, context: dict[str, Any]
) -> HttpResponse:
    part = "shared/_history.html" if name == "history" else f"desk/_customer_{name}.html"
    if getattr(request, "htmx", False):
        return render(request, part, context)
    back = reverse(PAGES[type(thing)], args=[thing.pk])
    context |= {"part": part, "title": title, "thing": thing, "back": back}
    return render(request, "desk/piece.html", context)
