"""Lost customers: the churn rate, and who came back after the call (REP-05, CARE-11)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from apps.care.choices import CallStatus, Measure
from apps.care.figures.rates import Rate
from apps.care.models import Call, CarePolicy
from apps.care.policy import LOST
from apps.customers.choices import Fate
from apps.customers.models import MaintenanceCycle, Vehicle
from apps.service.models import RepairOrder


def _day(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=DateField())


def cars_known(store: Any, on: date, today: date, numbers: CarePolicy) -> Any:
    """Cars whose last visit lies within the days of churn before ``on``, with ``seen`` and ``due``.

    Today the car's own columns say it. Of a day that has passed it is worked out from the visits
    and cycles until then; a car that was not here since was last seen as its column says. Who may
    not be contacted is in no rate (CARE-29).
    """
    cars = Vehicle.objects.filter(
        store=store, fate=Fate.IN_USE, owner__isnull=False, owner__refuses_service=False
    )
    if on >= today:
        cars = cars.annotate(seen=F("last_seen_on"), due=F("maintenance_due_on"))
    else:
        visits = RepairOrder.objects.filter(vehicle=OuterRef("pk"), out_on__lte=on)
        last = visits.order_by().values("vehicle").annotate(last=Max("out_on")).values("last")
        cycles = MaintenanceCycle.objects.filter(vehicle=OuterRef("pk"), base_on__lte=on)
        delivered = Case(
            When(sold_here=True, delivered_on__lte=on, then=F("delivered_on")),
            output_field=DateField(),
        )
        seen = Coalesce(Subquery(last), delivered)  # any visit, else the delivery here (CARE-27)
        cars = cars.filter(Q(delivered_on=None) | Q(delivered_on__lte=on)).annotate(
            seen=Case(When(last_seen_on__lte=on, then=F("last_seen_on")), default=seen),
            due=Subquery(cycles.order_by("-base_on").values("event_on")[:1]),
        )
    since = _back(on, numbers.churn_until_days)
    return cars.filter(seen__range=(since, on)).order_by()


def _back(on: date, days: int) -> date:
    return date.fromordinal(on.toordinal() - days)


def lost(on: date, numbers: CarePolicy) -> Q:
    """CARE-11's churn state on a day, of ``cars_known``. What costs more is asked last."""
    gone = Q(seen__lte=_back(on, numbers.churn_from_days))
    return gone & Q(due__lte=_back(on, numbers.at_risk_days))


def churn_rate(store: Any, on: date, today: date, numbers: CarePolicy) -> Rate:
    """REP-05 on a day: of the cars known, those in the churn state. One query."""
    cars = cars_known(store, on, today, numbers)
    counted = cars.aggregate(of=Count("pk"), n=Count("pk", filter=lost(on, numbers)))
    return Rate("lost", counted["n"], counted["of"])


@dataclass(frozen=True)
class Won:
    """One measure ("" none): to how many reached customers, and who of them came back."""

    measure: str
    back: Rate

    @property
    def label(self) -> Any:
        return Measure(self.measure).label if self.measure else ""


def reached(calls: QuerySet[Call], numbers: CarePolicy) -> Any:
    """The conversations of churn and at-risk calls, with ``back``: was the car here after it,
    within the store's days."""
    rows = calls.filter(kind__in=LOST, status=CallStatus.REACHED)
    rows = rows.annotate(talked_on=TruncDate("ended_at"))
    visits = RepairOrder.objects.filter(
        vehicle=OuterRef("vehicle"),
        out_on__gte=OuterRef("talked_on"),
        out_on__lte=_day(OuterRef("talked_on") + numbers.measure_days),
    ).filter(Q(in_on=None) | Q(in_on__gte=OuterRef("talked_on")))
    return rows.annotate(back=Exists(visits))


def won_back(calls: QuerySet[Call], numbers: CarePolicy) -> list[Won]:
    """By measure, the most frequent first, without one last. One query."""
    rows = reached(calls, numbers).order_by().values("measure")
    counted = rows.annotate(of=Count("pk"), n=Count("pk", filter=Q(back=True)))
    found = [Won(row["measure"], Rate("back", row["n"], row["of"])) for row in counted]
    return sorted(found, key=lambda one: (not one.measure, -one.back.of, one.measure))
