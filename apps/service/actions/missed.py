"""Who did not come (SVC-05): noted by a sweep when nobody of the reception did."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Store
from apps.accounts.queries import calendars_of
from apps.core.actions import action
from apps.service.choices import AWAITED, AppointmentStatus
from apps.service.models import Appointment


@action
def mark_missed(*, now: datetime) -> int:
    """At a store's opening, whoever was awaited on a day before and did not come has missed it.

    Until then the reception may still note a late arrival. Returns how many; twice marks nothing
    more. The calls that follow from it are planned like all others (CARE-30).
    """
    local = timezone.localtime(now)
    rows = Appointment.objects.filter(status__in=AWAITED, on__lt=local.date())
    stores = Store.objects.filter(pk__in=rows.values("store"))
    opened = [
        store_id
        for store_id, calendar in calendars_of(stores).items()
        if (opens_at := calendar.opens_at(local.date())) and local.time() >= opens_at
    ]
    missed = {"status": AppointmentStatus.NO_SHOW, "version": F("version") + 1}
    return int(rows.filter(store__in=opened).update(**missed))
