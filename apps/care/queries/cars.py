"""The cars that may be called about on a day, joined to what planning took from that day."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from apps.care.choices import OF_INSURANCE, CallKind
from apps.customers.choices import Fate
from apps.customers.models import StopContact, Vehicle

NUMBERS = (
    *("maintenance_lead_days", "lapse_days", "at_risk_days"),
    *("churn_from_days", "churn_until_days", "churn_rest_days", "warranty_opens_days"),
    *("inspection_years", "inspection_opens_months", "inspection_lead_days"),
    *("insurance_opens_months", "insurance_lead_days"),
)


def a_date(value: date) -> Value:
    return Value(value, output_field=DateField())


def a_day(expression: Any) -> "ExpressionWrapper[Any]":
    """A date and a number of days, put together by PostgreSQL into a date."""
    return ExpressionWrapper(expression, output_field=DateField())


def a_text(expression: Any) -> Cast:
    return Cast(expression, CharField())


def a_truth(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def cars_known(day: date) -> QuerySet[Vehicle]:
    """The cars all of whose facts are dated on or before ``day``: their columns hold for it."""
    return Vehicle.objects.filter(Q(facts_until=None) | Q(facts_until__lte=day))


def callable_cars(cars: QuerySet[Vehicle], kind: CallKind, day: date, stores: list[int]) -> Any:
    """Cars that may be called about: in use, outside, with an owner who lets himself be called.

    Nobody is called about a car without owner, one in the workshop, sold on or scrapped
    (CARE-18), against a stop for that kind (CUS-08) or a refusal (CARE-29).
    """
    stopped = StopContact.objects.filter(
        ended_at=None, kind=kind, vehicle=OuterRef("pk"), customer=OuterRef("owner")
    )
    planned = "store__planned_days__"
    numbers = f"{planned}policy__"
    team = "insurance_" if kind in OF_INSURANCE else ""
    return (
        cars.filter(store__planned_days__on=day, store__in=stores)
        .filter(fate=Fate.IN_USE, in_workshop=False, owner__isnull=False)
        .filter(~Exists(stopped), owner__refuses_service=False)
        .alias(
            made_up_before=F(f"{planned}made_up_before"),
            on_duty=F(f"{planned}{team}on_duty"),
            turn=F(f"{planned}{team}turn"),
            **{name: F(f"{numbers}{name}") for name in NUMBERS},
            call_customer=F("owner_id"),
            call_vehicle=F("pk"),
            call_group=Value(""),
            call_proactive=Value(False),
        )
    )
