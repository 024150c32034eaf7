"""Who takes in the next car, and what was seen on a car before (SVC-07, SVC-15)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from apps.accounts import policy
from apps.accounts.calendar import DAY
from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of, on_duty
from apps.customers.models import Vehicle
from apps.service.choices import AWAITED, AppointmentStatus
from apps.service.models import Appointment, CheckIn, Mark, Photo
from apps.service.queries.appointments import SHOWN
from apps.service.queries.days import moment


def whose_turn(store: Store, now: datetime) -> User | None:
    """The advisor on duty who takes in the next car; None when none is on duty."""
    today = timezone.localdate(now)
    people = on_duty(store, today, Role.SERVICE_ADVISOR, calendar_of(store))
    of_day = CheckIn.objects.filter(
        store=store, at__gte=moment(today, 0), at__lt=moment(today + DAY, 0)
    )
    counted = of_day.values("order__advisor_user").annotate(cars=Count("pk"), last=Max("at"))
    rows = {row["order__advisor_user"]: row for row in counted.order_by()}
    turn = policy.whose_turn(
        [person.pk for person in people],
        {pk: row["cars"] for pk, row in rows.items()},
        {pk: row["last"] for pk, row in rows.items()},
    )
    return next((person for person in people if person.pk == turn), None)


def last_marks(vehicle: Vehicle) -> list[Mark]:
    """What the last walk-around of the car showed (SVC-15)."""
    seen = CheckIn.objects.filter(order__vehicle=vehicle, walked_at__isnull=False)
    last = seen.order_by("-at", "-pk").first()
    return list(last.marks.all()) if last else []


def to_take_in(user: Any, now: datetime) -> QuerySet[Appointment]:
    """Today's cars that are awaited, or here and not taken in yet, in the order of time."""
    rows: QuerySet[Appointment] = Appointment.objects.of_own_store(user).filter(
        Q(status__in=AWAITED) | Q(status=AppointmentStatus.ARRIVED, orders=None),
        on=timezone.localdate(now),
    )
    return rows.select_related(*SHOWN).order_by("starts_at", "pk")


def to_report(user: Any) -> QuerySet[CheckIn]:
    """Cars of customers in a hurry: the walk-around is to be done, or to be reported."""
    rows: QuerySet[CheckIn] = CheckIn.objects.visible_to(user).filter(
        in_hurry=True, reported_at=None
    )
    return rows.select_related("order__vehicle", "order__customer").order_by("at", "pk")


def pictures_kept(among: Collection[str] | None = None) -> QuerySet[Any, Any]:
    """(name,) of each picture file that a row of this app speaks of, ``among`` these (I8)."""
    signed = CheckIn.objects.filter(signature__isnull=False).order_by()
    photos = Photo.objects.order_by()
    if among is not None:
        signed, photos = signed.filter(signature__in=among), photos.filter(stored__in=among)
    return signed.values_list("signature").union(photos.values_list("stored"), all=True)
