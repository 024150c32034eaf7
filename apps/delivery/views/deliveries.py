"""Recording what was delivered here."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.choices import Role
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.customers.views.vehicles import own_vehicle, page_of_car
from apps.delivery import actions
from apps.delivery.forms.deliveries import DeliveryForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("delivery.record_delivery", raise_exception=True)
@once
def delivery_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The day on which the car ``pk`` was handed over here, where it is lacking (CUS-10)."""
    vehicle = own_vehicle(request, pk)

    def save(data: dict[str, Any]) -> str:
        if vehicle.delivered_on:
            raise Refused(_("The delivery of this car is known already."))
        user: Any = request.user
        seller = user if user.has_role(Role.SALES_CONSULTANT) else None
        today = timezone.localdate()
        actions.record_delivery(vehicle, vehicle.owner, on=today, seller=seller, **data)
        return page_of_car(vehicle)

    title = _("Delivery of %(car)s") % {"car": vehicle}
    form = DeliveryForm(request.POST or None)
    return form_page(request, form, title=title, back=page_of_car(vehicle), save=save)
