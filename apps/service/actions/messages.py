"""What customers are told in writing of their appointments (SVC-05, CARE-29: service).

Nothing is sent from where an appointment changes: a sweep compares what was told last with what
is true, and writes the difference into the outbox. So nothing is forgotten, whoever booked or
moved it, and what was changed twice in a minute is told once.
"""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.messaging.actions import Note, queue_many, take_back
from apps.messaging.choices import TemplateKey
from apps.service.choices import AWAITED, AppointmentStatus
from apps.service.models import Appointment
from apps.service.queries import links, messages

MOST = 500  # appointments of one pass; the next one goes on


@action
def tell(*, now: datetime) -> int:
    """Write to who was booked, moved or cancelled; return about how many appointments.

    An appointment that somebody is changing just now is left for the next pass. Twice, late, or
    on two machines at once writes nothing more.
    """
    rows = _held(messages.to_tell(now))
    queue_many([_note(row, _what(row), now) for row in rows], now=now)
    told = Appointment.objects.filter(pk__in=[row.pk for row in rows])
    told.filter(status__in=AWAITED).update(told_for=F("starts_at"), told_at=now)
    told.exclude(status__in=AWAITED).update(told_for=None, told_at=None)
    return len(rows)


@action
def remind(*, now: datetime) -> int:
    """Remind who comes tomorrow; return about how many appointments. Twice reminds once."""
    rows = _held(messages.to_remind(now))
    key = TemplateKey.APPOINTMENT_REMINDER
    queue_many([_note(row, key, now) for row in rows], now=now)
    Appointment.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_for=F("starts_at"))
    return len(rows)


@action
def send_new_link(appointment: Appointment) -> Appointment:
    """The old link of the customer is dead, a new one goes out. Refused when it is over."""
    row = locked(appointment)
    if row.status not in AWAITED:
        raise Refused(_("The appointment is over: there is nothing to send."))
    row.link_key, row.told_for, row.told_at = uuid4(), None, None
    row.version += 1
    row.save(update_fields=["link_key", "told_for", "told_at", "version"])
    return row


def withdraw_messages(row: Appointment) -> None:
    """Its time has changed, ``row`` is held: what was not sent yet would say the old one."""
    take_back(row.customer, about=_about(row))
    Appointment.objects.filter(pk=row.pk).update(reminded_for=None)


def _held(rows: QuerySet[Appointment]) -> list[Appointment]:
    rows = rows.select_related("customer__store", "vehicle").order_by("pk")
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:MOST])


def _what(row: Appointment) -> TemplateKey:
    if row.status == AppointmentStatus.CANCELLED:
        return TemplateKey.APPOINTMENT_CANCELLED
    if row.told_for is None:
        return TemplateKey.APPOINTMENT_BOOKED
    return TemplateKey.APPOINTMENT_MOVED


def _about(row: Appointment) -> str:
    return f"appointment:{row.pk}:"


def _note(row: Appointment, key: TemplateKey, now: datetime) -> Note:
    at = timezone.localtime(row.starts_at)
    values = {
        "model": row.vehicle.model or row.vehicle.brand,
        "plate": row.vehicle.plate,
        "date": f"{at.year}年{at.month}月{at.day}日",
        "time": date_format(at, "H:i"),
        "link": _link(row, now),
    }
    return Note(row.customer, key, f"{_about(row)}{row.version}:{key}", values)


def _link(row: Appointment, now: datetime) -> str:
    page = reverse("service:my-appointment")
    return f"{settings.PUBLIC_URL}{page}?a={links.token_of(row, now)}"
