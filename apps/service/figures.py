"""The workshop's figures: each is the rows that it counts (SVC-04, SVC-14, REP-04, REP-08)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from apps.accounts.models import Store
from apps.core.dates import days_span
from apps.service.choices import AppointmentSource, AppointmentStatus, CancelReason
from apps.service.models import Appointment, RepairOrder

DAY = timedelta(days=1)
BY_APPOINTMENT = Q(appointment__isnull=False)
CAME = Q(status=AppointmentStatus.ARRIVED)


def orders_opened(store: Store, first: date, last: date) -> QuerySet[RepairOrder]:
    """Orders made here whose car came in from ``first`` to ``last``: of the appointment rate."""
    rows: QuerySet[RepairOrder] = RepairOrder.objects.filter(
        store=store, opened_at__isnull=False, in_on__range=(first, last)
    )
    return rows.exclude(status="")


def opened_from_appointment(store: Store, first: date, last: date) -> QuerySet[RepairOrder]:
    """Those of ``orders_opened`` that came by appointment (REP-04)."""
    return orders_opened(store, first, last).filter(BY_APPOINTMENT)


def promised_visits(store: Store, first: date, last: date, now: datetime) -> QuerySet[Appointment]:
    """Appointments whose time has come and that were not cancelled: of the show-up rate.

    One of today that is still awaited counts when its day is over.
    """
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    rows: QuerySet[Appointment] = Appointment.objects.filter(store=store, on__range=(first, last))
    over = rows.exclude(status=AppointmentStatus.CANCELLED)
    decided = (AppointmentStatus.ARRIVED, AppointmentStatus.NO_SHOW)
    return over.filter(Q(status__in=decided) | Q(starts_at__lt=today))


def shown_up(store: Store, first: date, last: date, now: datetime) -> QuerySet[Appointment]:
    """Those of ``promised_visits`` that came (REP-04)."""
    return promised_visits(store, first, last, now).filter(CAME)


def missed(stores: Iterable[int], first: date, last: date) -> QuerySet[Appointment]:
    """The customer did not come: one side of a broken promise (SVC-14)."""
    rows = Appointment.objects.filter(store__in=stores, on__range=(first, last))
    return rows.filter(status=AppointmentStatus.NO_SHOW)


def store_not_ready(stores: Iterable[int], first: date, last: date) -> QuerySet[Appointment]:
    """The store was not ready: the other side (SVC-14)."""
    rows = Appointment.objects.filter(store__in=stores, on__range=(first, last))
    return rows.filter(status=AppointmentStatus.CANCELLED, cancel_reason=CancelReason.STORE)


class _Closing(Func):
    """When the store closes on the day of a moment."""

    template = (
        "(((%(expressions)s) AT TIME ZONE 'Asia/Shanghai')"  # day + time, read in the store's zone
    )
    arg_joiner = " AT TIME ZONE 'Asia/Shanghai')::date + "
    output_field = DateTimeField()


def with_hand_over_by(rows: Any) -> Any:
    """With ``hand_over_by``: the closing before which the reception takes a booking over.

    That of the day on which it was booked; of the next day for what was booked after it.
    """
    closing = _Closing(F("made_at"), F("store__closes_at"))
    next_one = ExpressionWrapper(closing + Value(DAY), output_field=DateTimeField())
    by = Case(When(made_at__lt=closing, then=closing), default=next_one)
    return rows.annotate(hand_over_by=by)


def not_handed_over_in_time(
    stores: Iterable[int], first: date, last: date, *, now: datetime
) -> Any:
    """What care calls booked on these days and nobody took over before closing (SVC-04, PEN-07).

    An appointment that was cancelled meanwhile is none.
    """
    start, end = days_span(first, last)
    rows = Appointment.objects.filter(
        store__in=stores, source=AppointmentSource.CARE, made_at__gte=start, made_at__lt=end
    ).exclude(status=AppointmentStatus.CANCELLED)
    late = Q(accepted_at=None) | Q(accepted_at__gt=F("hand_over_by"))
    return with_hand_over_by(rows).filter(late, hand_over_by__lt=now)
