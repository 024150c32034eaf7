"""The demonstrator cars and the routes, as the sales manager keeps them (REC-05)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.reception.actions import demo_cars as actions
from apps.reception.forms.drives import DemoCarForm, RouteForm
from apps.reception.models import DemoCar, DriveRoute
from apps.reception.queries import drives as queries
from apps.reception.views.gates import a_form, may_keep_sheets, may_see_sales


@require_safe
@may_see_sales
def demo_car_list(request: HttpRequest) -> HttpResponse:
    """Every demonstrator car and every route."""
    user: Any = request.user
    context = {
        "cars": list(queries.cars_of(user)),
        "routes": list(DriveRoute.objects.visible_to(user).order_by("-is_used", "name")),
        "several_stores": len(user.store_ids) > 1,
        "today": timezone.localdate(),
    }
    return render(request, "reception/demo_car_list.html", context)


@a_form
@may_keep_sheets
@once
def demo_car_new(request: HttpRequest) -> HttpResponse:
    return _car_form(request, None, _("New demonstrator car"))


@a_form
@may_keep_sheets
@once
def demo_car_edit(request: HttpRequest, pk: int) -> HttpResponse:
    car = get_object_or_404(DemoCar.objects.of_own_store(request.user), pk=pk)
    return _car_form(request, car, str(car))


def _car_form(request: HttpRequest, car: DemoCar | None, title: str) -> HttpResponse:
    user: Any = request.user
    form = DemoCarForm(request.POST or None, instance=car, store=user.store)

    def save(data: dict[str, Any]) -> str:
        actions.keep_demo_car(user.store, car, **data)
        return reverse("reception:demo-car-list")

    back = reverse("reception:demo-car-list")
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_keep_sheets
@once
def route_new(request: HttpRequest) -> HttpResponse:
    return _route_form(request, None, _("New route"))


@a_form
@may_keep_sheets
@once
def route_edit(request: HttpRequest, pk: int) -> HttpResponse:
    route = get_object_or_404(DriveRoute.objects.of_own_store(request.user), pk=pk)
    return _route_form(request, route, route.name)


def _route_form(request: HttpRequest, route: DriveRoute | None, title: str) -> HttpResponse:
    user: Any = request.user
    form = RouteForm(request.POST or None, instance=route)

    def save(data: dict[str, Any]) -> str:
        actions.keep_route(user.store, route, **data)
        return reverse("reception:demo-car-list")

    back = reverse("reception:demo-car-list")
    return form_page(request, form, title=title, back=back, save=save)
