"""The appointment that a conversation comes to, made along with its result (CARE-10)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.models import Call
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.service import actions as service
from apps.service.actions.booking import Wish, hold_days
from apps.service.choices import AWAITED, AppointmentSource
from apps.service.models import Appointment


@dataclass(frozen=True)
class Visit:
    """When the car comes: a time that is booked now, or an appointment that is there already."""

    starts_at: datetime | None = None
    wish: Wish = Wish()
    there: Appointment | None = None


def hold_days_of(visits: Iterable[Visit], store: Store) -> None:
    """To be called first: whoever books holds the day before he holds the customer."""
    days = {timezone.localdate(visit.starts_at) for visit in visits if visit.starts_at}
    if days:
        hold_days(store, days)


def book(
    call: Call, visit: Visit | None, *, km: int | None, by: User, now: datetime
) -> Appointment:
    """The appointment of a call; handed over to the reception when it is new (SVC-04).

    Refused as ``service.book``: then the call stays held, and nothing is written.
    """
    car = call.vehicle
    if visit is None or car is None or not (visit.there or visit.starts_at):
        raise Refused(_("Choose one of the free times."))
    if visit.there is not None:
        row = locked(visit.there)
        if row.vehicle_id != car.pk or row.status not in AWAITED or row.starts_at <= now:
            raise Refused(_("That appointment is over. Choose one of the free times."))
        return row
    assert visit.starts_at is not None
    car.refresh_from_db()  # the owner as of now
    wish = replace(visit.wish, said={**visit.wish.said, "km": km})
    source = AppointmentSource.CARE
    return service.book(car, wish, starts_at=visit.starts_at, source=source, now=now, by=by)
