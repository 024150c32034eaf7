"""What becomes of an appointment after it is booked (SVC-03…05): changed, confirmed, ended."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.meanwhile import ChangedMeanwhile
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.service.actions.messages import withdraw_messages
from apps.service.choices import HOLDING, AppointmentSource, AppointmentStatus, CancelReason
from apps.service.models import Appointment

SAID = ("symptoms", "remark", "km", "advisor")  # of a visit, beside its time


def held(appointment: Appointment, version: int | None) -> Appointment:
    """The row as it is now, held; refused when it is not the one that was looked at."""
    row = locked(appointment)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(row, version)
    return row


def save(row: Appointment, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])


@action
def change(appointment: Appointment, facts: dict[str, Any], *, version: int) -> Appointment:
    """What was said about the visit: symptoms, remark, mileage, advisor (SVC-01)."""
    row = held(appointment, version)
    if row.status not in HOLDING:
        raise Refused(_("The appointment is over: it cannot be changed."))
    names = [name for name in SAID if name in facts]
    for name in names:
        setattr(row, name, facts[name])
    save(row, *names)
    return row


@action
def confirm(appointment: Appointment, *, version: int | None = None) -> Appointment:
    """The customer said that he will come. Twice says the same."""
    row = held(appointment, version)
    if row.status != AppointmentStatus.CONFIRMED:
        advance(row, AppointmentStatus.CONFIRMED)
        save(row, "status")
    return row


@action
def cancel(appointment: Appointment, *, reason: str, version: int | None = None) -> Appointment:
    """Give the time back: to those who wait for one, in their order (SVC-14)."""
    if reason not in CancelReason.values:
        raise Refused(_("Choose why the appointment is cancelled."))
    row = held(appointment, version)
    advance(row, AppointmentStatus.CANCELLED)
    row.cancel_reason = reason
    save(row, "status", "cancel_reason")
    withdraw_messages(row)
    return row


@action
def arrive(appointment: Appointment, *, now: datetime) -> Appointment:
    """The car is here. Refused before its day."""
    row = held(appointment, None)
    if row.on > timezone.localdate(now):
        raise Refused(_("The appointment is on another day. Move it to today first."))
    advance(row, AppointmentStatus.ARRIVED)
    save(row, "status")
    return row


@action
def mark_no_show(appointment: Appointment, *, now: datetime) -> Appointment:
    """The customer did not come (SVC-05). Refused before the time has begun."""
    row = held(appointment, None)
    if row.starts_at > now:
        raise Refused(_("The time of the appointment has not come yet."))
    advance(row, AppointmentStatus.NO_SHOW)
    save(row, "status")
    return row


@action
def accept(appointment: Appointment, *, by: User, now: datetime) -> Appointment:
    """The reception supervisor takes over what a care call has booked (SVC-04). Twice: once."""
    row = held(appointment, None)
    if row.source != AppointmentSource.CARE:
        raise Refused(_("Only appointments from care calls are handed over."))
    if row.accepted_at is None:
        if row.status not in HOLDING:
            raise Refused(_("The appointment is over: nothing to take over."))
        row.accepted_by, row.accepted_at = by, now
        save(row, "accepted_by", "accepted_at")
    return row
