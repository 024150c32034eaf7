"""The follow-up calls that are owed after a visit to the workshop (SVC-11, CARE-27)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.care.choices import CallKind
from apps.care.queries.bounds import Bounds
from apps.customers.choices import Fate
from apps.customers.models import StopContact
from apps.service.choices import Stage
from apps.service.models import RepairOrder

FOLLOW_UP_OPEN = timedelta(days=7)  # CARE-27: after due_on


def service_follow_up(day: date, stores: list[int], _cars: Any, wide: Bounds) -> Any:
    """An order made here that was handed back, from the next day on (SVC-11)."""
    planned = "store__planned_days__"
    stopped = StopContact.objects.filter(
        ended_at=None,
        kind=CallKind.SERVICE_FOLLOW_UP,
        vehicle=OuterRef("vehicle"),
        customer=OuterRef("customer"),
    )
    inside = RepairOrder.objects.filter(
        Q(out_on=None) | Q(out_on__gt=day), vehicle=OuterRef("vehicle"), in_on__lte=day
    )
    first = day - timedelta(days=wide.follow_up_days) - FOLLOW_UP_OPEN
    return (
        RepairOrder.objects.filter(status=Stage.CLOSED, store__in=stores)
        .filter(closed_at__gte=_midnight(first), closed_at__lt=_midnight(day))
        .filter(store__planned_days__on=day, customer__refuses_service=False)
        .filter(vehicle__fate=Fate.IN_USE)
        .filter(~Exists(stopped), ~Exists(inside))
        .alias(
            on_duty=F(f"{planned}on_duty"),
            turn=F(f"{planned}turn"),
            call_customer=F("customer_id"),
            call_vehicle=F("vehicle_id"),
            call_cycle=F("number"),
            call_event=TruncDate("closed_at"),
            call_group=Value(""),
            call_proactive=Value(False),
        )
        .alias(
            call_opens=_day(F("call_event") + 1),
            call_due=_day(F("call_event") + F(f"{planned}policy__follow_up_days")),
        )
        .filter(call_due__gte=day - FOLLOW_UP_OPEN)
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(expression: Any) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(expression, output_field=DateField())
