"""The workshop's figures: each is the rows that it counts (REP-04, REP-08)."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Store
from apps.service.choices import AppointmentStatus
from apps.service.models import Appointment, RepairOrder


def orders_opened(store: Store, first: date, last: date) -> QuerySet[RepairOrder]:
    """Orders made here whose car came in from ``first`` to ``last``: of the appointment rate."""
    rows: QuerySet[RepairOrder] = RepairOrder.objects.filter(
        store=store, opened_at__isnull=False, in_on__range=(first, last)
    )
    return rows.exclude(status="")


def opened_from_appointment(store: Store, first: date, last: date) -> QuerySet[RepairOrder]:
    """Those of ``orders_opened`` that came by appointment (REP-04)."""
    return orders_opened(store, first, last).filter(appointment__isnull=False)


def promised_visits(store: Store, first: date, last: date, now: datetime) -> QuerySet[Appointment]:
    """Appointments whose time has come and that were not cancelled: of the show-up rate.

    One of today that is still awaited counts when its day is over.
    """
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    rows: QuerySet[Appointment] = Appointment.objects.filter(store=store, on__range=(first, last))
    over = rows.exclude(status=AppointmentStatus.CANCELLED)
    decided = (AppointmentStatus.ARRIVED, AppointmentStatus.NO_SHOW)
    return over.filter(status__in=decided) | over.filter(starts_at__lt=today)


def shown_up(store: Store, first: date, last: date, now: datetime) -> QuerySet[Appointment]:
    """Those of ``promised_visits`` that came (REP-04)."""
    return promised_visits(store, first, last, now).filter(status=AppointmentStatus.ARRIVED)
