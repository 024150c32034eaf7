"""Entering and editing cars: what is known, who owns them, what the odometer showed."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers import actions
from apps.customers.choices import ReadingSource
from apps.customers.forms import FateForm, NewVehicleForm, OwnerForm, ReadingForm, VehicleForm
from apps.customers.models import Customer, Vehicle
from apps.customers.phones import normalise
from apps.customers.views.customers import a_form, may_change, own_customer, page_of
from apps.customers.views.merged import follow_merged
from apps.customers.views.page import Doubt, form_page
from apps.customers.vins import normalise as normal_vin

DAY = timedelta(days=1)
may_read_mileage = permission_required("customers.review_mileage", raise_exception=True)


def own_vehicle(request: HttpRequest, pk: int) -> Vehicle:
    vehicle: Vehicle = get_object_or_404(Vehicle.objects.of_own_store(request.user), pk=pk)
    return vehicle


def page_of_car(vehicle: Vehicle) -> str:
    return reverse("desk:vehicle", args=[vehicle.pk])


@a_form
@may_change
@follow_merged
@once
def vehicle_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A car of the customer ``pk``."""
    customer = own_customer(request, pk)

    def save(data: dict[str, Any]) -> str:
        today = timezone.localdate()
        by: Any = request.user
        car = actions.add_vehicle(customer.store, owner=customer, on=today, by=by, **data)
        return page_of_car(car)

    def doubt(data: dict[str, Any]) -> list[Doubt]:
        """The car is there already: its page is the place to change the owner (CUS-04)."""
        cars = Vehicle.objects.of_own_store(request.user).select_related("owner")
        there = cars.filter(vin=normal_vin(data["vin"])).first()
        if there is None:
            return []
        text = " · ".join(str(each) for each in (there, there.model, there.owner) if each)
        return [Doubt(there.pk, page_of_car(there), text, _("same VIN"))]

    form, back = NewVehicleForm(request.POST or None), page_of(customer)
    return form_page(request, form, title=_("New car"), back=back, save=save, doubt=doubt)


@a_form
@may_change
@once
def vehicle_edit(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle, user = own_vehicle(request, pk), request.user
    back = page_of_car(vehicle)

    def save(data: dict[str, Any]) -> str:
        actions.change_vehicle(vehicle, by=user, on=timezone.localdate(), **data)  # type: ignore[arg-type]
        return back

    form = VehicleForm(request.POST or None, instance=vehicle)
    return form_page(request, form, title=_("Edit car"), back=back, save=save)


@a_form
@may_change
@once
def vehicle_fate(request: HttpRequest, pk: int) -> HttpResponse:
    vehicle, user = own_vehicle(request, pk), request.user
    back = page_of_car(vehicle)

    def save(data: dict[str, Any]) -> str:
        actions.set_fate(vehicle, data["fate"], by=user, on=timezone.localdate())  # type: ignore[arg-type]
        return back

    form = FateForm(request.POST or None, initial={"fate": vehicle.fate})
    return form_page(request, form, title=_("What became of the car"), back=back, save=save)


@a_form
@may_change
@once
def vehicle_owner(request: HttpRequest, pk: int) -> HttpResponse:
    """The new owner is named by the telephone number; two customers may share one."""
    vehicle, user = own_vehicle(request, pk), request.user
    back = page_of_car(vehicle)

    def save(data: dict[str, Any]) -> str:
        owner = _customer_of(request, data["phone"]) if data["phone"].strip() else None
        actions.change_owner(vehicle, owner, by=user, on=timezone.localdate())  # type: ignore[arg-type]
        return back

    form = OwnerForm(request.POST or None)
    return form_page(request, form, title=_("New owner"), back=back, save=save)


def _customer_of(request: HttpRequest, raw: str) -> Customer:
    customers = Customer.objects.of_own_store(request.user)
    found = list(customers.filter(numbers__number=normalise(raw).number)[:2])
    if not found:
        raise Refused(_("Nobody in the archive has this number. Enter the new owner first."))
    if len(found) > 1:
        raise Refused(_("Several customers have this number. Give one of them another first."))
    customer: Customer = found[0]
    return customer


@a_form
@may_read_mileage
@once
def reading_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What the odometer of the car ``pk`` showed."""
    vehicle, user = own_vehicle(request, pk), request.user
    back, today = page_of_car(vehicle), timezone.localdate()

    def save(data: dict[str, Any]) -> str:
        if data["on"] > today:
            raise Refused(_("The day lies in the future."))
        actions.record_reading(
            vehicle,
            data["km"],
            on=data["on"],
            source=ReadingSource.STAFF,
            by=user,  # type: ignore[arg-type]
            today=today,
        )
        return back

    form = ReadingForm(request.POST or None, initial={"on": today})
    return form_page(request, form, title=_("Enter a mileage"), back=back, save=save)
