"""Whom to write about an appointment: asked of what is true and what was told last (SVC-05)."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from apps.accounts.calendar import DAY
from apps.service.models import Appointment
from apps.service.models.appointment import UNREMINDED, UNTOLD
from apps.service.queries.days import minute, moment

REMIND_FROM = 10 * 60  # the day before, from this minute of the day on
NOT_BOTH_AT_ONCE = timedelta(hours=2)  # between what was told of a booking and its reminder


def to_tell(now: datetime) -> QuerySet[Appointment]:
    """Booked, moved or cancelled since the customer was told last. The past is told nobody."""
    return Appointment.objects.filter(UNTOLD, starts_at__gt=now)


def to_remind(now: datetime) -> QuerySet[Appointment]:
    """Who comes tomorrow and was not reminded of that time yet, however late he booked.

    Also who comes today and should have been reminded yesterday. Who was told of the time less
    than two hours ago is left for later, who was told on the day itself is not reminded.
    """
    today = timezone.localdate(now)
    rested = Q(told_at__lte=now - NOT_BOTH_AT_ONCE)
    when = Q(on=today, told_at__lt=moment(today - DAY, 0))
    if minute(now) >= REMIND_FROM:
        when |= Q(on=today + DAY) & rested
    return Appointment.objects.filter(UNREMINDED, when, starts_at__gt=now, told_for=F("starts_at"))
