"""Mileage readings, maintenance elsewhere: what a car's dues are reckoned from."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.actions.refresh import refresh_cars
from apps.customers.choices import ReadingSource
from apps.customers.models import ElsewhereService, MileageReading, Vehicle

MOST_KM = 2_000_000


@action
def record_reading(
    vehicle: Vehicle,
    km: int,
    *,
    on: date,
    source: str,
    by: User | None,
    today: date | None = None,
) -> MileageReading:
    """An odometer showed ``km`` on a day; the car's whole chain is judged anew (CUS-07).

    The same day and km again is the same reading. Facts up to ``today`` (else ``on``) count.
    Refused: less than nothing, more than any car drives.
    """
    if not 0 <= km <= MOST_KM:
        raise Refused(_("A mileage lies between 0 and %(most)s km.") % {"most": MOST_KM})
    vehicle = locked(vehicle)
    reading, _new = MileageReading.objects.get_or_create(
        vehicle=vehicle,
        on=on,
        km=km,
        defaults={"store_id": vehicle.store_id, "source": source, "recorded_by": by},
    )
    refresh_cars([vehicle.pk], on=max(on, today or on))
    reading.refresh_from_db()
    return reading


@action
def decide_reading(reading: MileageReading, accept: bool, *, by: User, on: date) -> MileageReading:
    """A person says whether the odometer was read right, and that stays (CUS-07).

    ``on`` is today. Deciding again changes the decision.
    """
    vehicle = locked(reading.vehicle)
    reading = locked(reading)
    reading.decided, reading.decided_by = accept, by
    reading.save(update_fields=["decided", "decided_by"])
    refresh_cars([vehicle.pk], on=on)
    reading.refresh_from_db()
    return reading


@action
def record_elsewhere(
    vehicle: Vehicle,
    *,
    on: date,
    km: int | None,
    shop: str,
    place: str,
    cost_amount: Decimal | None,
    by: User,
    now: datetime,
) -> ElsewhereService:
    """Maintenance was done in another shop: it moves the base and the reading (CARE-13).

    Never a return visit. Told again for the same day it corrects what was said before.
    Refused: a day in the future or before the car was delivered, a shop without a name.
    """
    today = timezone.localdate(now)
    _check_elsewhere(vehicle, on, shop, today)
    vehicle = locked(vehicle)
    service, _new = ElsewhereService.objects.update_or_create(
        vehicle=vehicle,
        on=on,
        defaults={
            "store_id": vehicle.store_id,
            "km": km,
            "shop": shop.strip(),
            "place": place.strip(),
            "cost_amount": cost_amount,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    if km is not None:
        record_reading(vehicle, km, on=on, source=ReadingSource.CUSTOMER, by=by, today=today)
    refresh_cars([vehicle.pk], on=today)
    return service


def _check_elsewhere(vehicle: Vehicle, on: date, shop: str, today: date) -> None:
    if on > today:
        raise Refused(_("The day of the service lies in the future."))
    if vehicle.delivered_on and on < vehicle.delivered_on:
        raise Refused(_("The day of the service lies before the delivery of the car."))
    if not shop.strip():
        raise Refused(_("Enter the name of the other shop."))
