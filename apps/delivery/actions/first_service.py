"""The first service is booked at the hand-over (DEL-09)."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.delivery.models import HandOver
from apps.delivery.queries.first_service import wish_of
from apps.service.actions.booking import book
from apps.service.choices import AppointmentSource
from apps.service.models import Appointment


@action
def book_first_service(
    hand_over: HandOver, starts_at: datetime, *, now: datetime, by: User
) -> Appointment:
    """A time in the workshop for the car just handed over: the one way to book of the house.

    Refused: a hand-over that is not signed, and what booking refuses.
    """
    vehicle = hand_over.vehicle
    if vehicle is None:
        raise Refused(_("The car is not handed over yet."))
    source = AppointmentSource.SHOWROOM
    return book(vehicle, wish_of(vehicle), starts_at=starts_at, source=source, now=now, by=by)
