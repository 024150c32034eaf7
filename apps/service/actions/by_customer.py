"""What a customer does to his own appointment from the link in his message (SVC-05).

Nobody is signed in: history names the action, and no person. How the appointment came about
(its source) stays what it was: of a care call it is still handed over and credited.
"""

from datetime import datetime

from apps.core.actions import action
from apps.service.actions.appointments import cancel, confirm
from apps.service.actions.booking import move
from apps.service.choices import CancelReason
from apps.service.models import Appointment


@action
def confirm_by_customer(appointment: Appointment, *, version: int) -> Appointment:
    """He comes. Refused when it is not what he looked at."""
    return confirm(appointment, version=version)


@action
def move_by_customer(
    appointment: Appointment, *, starts_at: datetime, version: int, now: datetime
) -> Appointment:
    """Another time for the same work. He has chosen it himself, so it is confirmed."""
    return confirm(move(appointment, starts_at=starts_at, version=version, now=now))


@action
def cancel_by_customer(appointment: Appointment, *, version: int) -> Appointment:
    """He does not come. The time is free again, and the link is dead."""
    return cancel(appointment, reason=CancelReason.CUSTOMER, version=version)
