"""The appointments that a no-show call is about, asked for each call (SVC-05, CARE-30)."""

from typing import Any

from django.db.models import CharField, F, JSONField, OuterRef, Subquery
from django.db.models.functions import Cast, JSONObject

from apps.service.choices import HOLDING, AppointmentStatus
from apps.service.models import Appointment


def _of_the_car() -> Any:
    """With ``key``: what the call's cycle says of the appointment that it is about."""
    rows = Appointment.objects.filter(vehicle=OuterRef("vehicle"))
    return rows.alias(key=Cast("pk", CharField()))


def missed() -> Any:
    """The appointment that the call is about, still said to be missed."""
    rows = _of_the_car().filter(customer=OuterRef("customer"))
    return rows.filter(key=OuterRef("cycle"), status=AppointmentStatus.NO_SHOW)


def another_appointment() -> Any:
    """The car is awaited again, or was here, on the day that was missed or later."""
    others = _of_the_car().exclude(key=OuterRef("cycle"))
    return others.filter(status__in=HOLDING, on__gte=OuterRef("event_on"))


def proof_of_another() -> Subquery:
    """The day of that appointment."""
    proof = another_appointment().order_by("on").values(proof=JSONObject(on=F("on")))
    return Subquery(proof[:1], output_field=JSONField())
