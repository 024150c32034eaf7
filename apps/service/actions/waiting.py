"""Those who wait for a free time (SVC-14)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.models import Vehicle
from apps.service import policy
from apps.service.actions.booking import Wish, book
from apps.service.choices import LeaveReason, WaitingStatus
from apps.service.models import Appointment, Operation, Waiting


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
    operations: Sequence[Operation] = (),
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
    row.operations.set(operations)
    return row


@action
def book_waiting(waiting: Waiting, wish: Wish, **time: Any) -> Appointment:
    """The time that was waited for: booked as ``booking.book`` with ``time``, and off the list,
    both or neither. Refused: who is off the list already, and what cannot be booked."""
    row = locked(waiting)
    if row.status != WaitingStatus.WAITING:
        raise Refused(_("This customer does not wait any more."))
    appointment = book(row.vehicle, wish, **time)
    row.status, row.appointment = WaitingStatus.BOOKED, appointment
    row.save(update_fields=["status", "appointment"])
    return appointment


@action
def leave_list(waiting: Waiting, *, reason: str) -> None:
    """The wait is over without a time, for a reason. Twice changes nothing."""
    if reason not in LeaveReason.values:
        raise Refused(_("Choose why the wait is over."))
    row = locked(waiting)
    if row.status == WaitingStatus.WAITING:
        row.status, row.left_reason = WaitingStatus.CANCELLED, reason
        row.save(update_fields=["status", "left_reason"])
