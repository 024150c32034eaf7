"""Who came back for the first service and for maintenance (REP-01, REP-02).

Who may not be contacted is in no rate (CARE-29); what was done in another shop is lost (CARE-13).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)

from apps.accounts.models import Store
from apps.care.choices import CallKind
from apps.care.figures.periods import Period
from apps.care.figures.rates import Rate
from apps.care.models import CarePolicy
from apps.customers.models import MaintenanceCycle, StopContact, Vehicle
from apps.service.choices import MAINTENANCE_KINDS
from apps.service.models import RepairOrder


def _day(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=DateField())


def _stopped(kind: CallKind, car: str, owner: str) -> Exists:
    rows = StopContact.objects.filter(ended_at=None, kind=kind)
    return Exists(rows.filter(vehicle=OuterRef(car), customer=OuterRef(owner)))


def first_services(store: Store, first: date, last: date, within: int) -> Any:
    """Cars sold here whose first-service time ended on these days, with ``day`` and ``back``:
    whether they had it here not later than ``within`` days after it (REP-01)."""
    rows = Vehicle.objects.filter(
        ~_stopped(CallKind.FIRST_SERVICE, "pk", "owner"),
        store=store,
        sold_here=True,
        first_service_due_on__range=(first, last),
        owner__refuses_service=False,
    )
    visits = RepairOrder.objects.filter(
        store=store,
        vehicle=OuterRef("pk"),
        kind__in=MAINTENANCE_KINDS,
        out_on__lte=_day(OuterRef("first_service_due_on") + within),
    )
    return rows.annotate(day=F("first_service_due_on"), back=Exists(visits))


def maintenances(store: Store, first: date, last: date, within: int) -> Any:
    """Maintenance cycles due on these days, with ``day`` and ``back``: whether a maintenance
    visit here ended them within so many days before or after (REP-02).

    A cycle that an earlier visit ended was never due and is none of them: the car's next one is.
    """
    rows = MaintenanceCycle.objects.filter(
        ~_stopped(CallKind.MAINTENANCE, "vehicle", "vehicle__owner"),
        store=store,
        event_on__range=(first, last),
        vehicle__owner__refuses_service=False,
    )
    early = Q(ended_on__isnull=False, ended_on__lt=_day(F("event_on") - within))
    came = Q(ended_on__isnull=False, ended_on__lte=_day(F("event_on") + within))
    return rows.exclude(early).annotate(
        day=F("event_on"), back=ExpressionWrapper(came, output_field=BooleanField())
    )


ROWS: Any = {CallKind.FIRST_SERVICE: first_services, CallKind.MAINTENANCE: maintenances}


@dataclass(frozen=True)
class Returned(Rate):
    """So far, until nobody can come in time any more: ``final``."""

    final: bool = True


def within(numbers: CarePolicy) -> dict[str, int]:
    """Within how many days of its time a visit counts, by the store's numbers."""
    return {
        CallKind.FIRST_SERVICE: numbers.first_service_return_days,
        CallKind.MAINTENANCE: numbers.maintenance_return_days,
    }


def returns(store: Store, period: Period, kind: str, days: int, today: date) -> list[Returned]:
    """The return rate of each period of the trend, the last one's last. One query."""
    found = ROWS[kind](store, period.trend[0].first, period.last, days).order_by()
    field = "first_service_due_on" if kind == CallKind.FIRST_SERVICE else "event_on"
    rows = found.annotate(start=period.start_of(field)).values("start")
    counted = rows.annotate(of=Count("pk"), n=Count("pk", filter=Q(back=True)))
    by_start = {row["start"]: (row["n"], row["of"]) for row in counted}
    return [
        Returned(
            "returned",
            *by_start.get(one.first, (0, 0)),
            final=today > one.last + timedelta(days=days),
        )
        for one in period.trend
    ]
