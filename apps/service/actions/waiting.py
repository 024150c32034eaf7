"""Those who wait for a free time (SVC-14)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.models import Vehicle
from apps.service import policy
from apps.service.choices import WaitingStatus
from apps.service.models import Waiting


@action
def wait(
    vehicle: Vehicle,
    job: policy.Job,
    *,
    wanted_from: date,
    wanted_until: date,
    remark: str,
    by: User,
    now: datetime,
) -> Waiting:
    """Put a customer on the list of those who wait for a free time (SVC-14).

    Refused: a car without an owner or on the list already, days that are past.
    """
    if vehicle.owner is None:
        raise Refused(_("The car has no owner. Enter the owner first."))
    if wanted_until < max(wanted_from, timezone.localdate(now)):
        raise Refused(_("Choose days from today on, the earliest first."))
    row, new = Waiting.objects.get_or_create(
        store=vehicle.store,
        vehicle=vehicle,
        status=WaitingStatus.WAITING,
        defaults={
            "customer": vehicle.owner,
            "skill": job.skill,
            "minutes": job.minutes,
            "wanted_from": wanted_from,
            "wanted_until": wanted_until,
            "remark": remark,
            "by": by,
            "made_at": now,
        },
    )
    if not new:
        raise Refused(_("This car is on the waiting list already."))
    return row


@action
def leave_list(waiting: Waiting, *, booked: bool) -> None:
    """The wait is over: a time was found, or it is not wanted any more. Twice changes nothing."""
    row = locked(waiting)
    if row.status == WaitingStatus.WAITING:
        row.status = WaitingStatus.BOOKED if booked else WaitingStatus.CANCELLED
        row.save(update_fields=["status"])
