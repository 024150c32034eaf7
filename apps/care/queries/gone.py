"""Calls whose reason has gone, with the proof (CARE-18)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Substr

from apps.care.choices import OPENED_BY_OTHERS, SURVEYS, CallKind, EndReason
from apps.care.models import Call
from apps.care.queries import surveys, yearly
from apps.care.queries.birthdays import birthdays_on
from apps.care.queries.cars import a_day, a_text
from apps.care.queries.missed import another_appointment, missed, proof_of_another
from apps.care.queries.owed import sheltered
from apps.care.queries.yearly import number
from apps.customers.choices import CustomerKind, Fate
from apps.customers.models import StopContact, Vehicle
from apps.service.choices import MAINTENANCE_KINDS
from apps.service.models import RepairOrder

ABOUT_BASE = (CallKind.MAINTENANCE, CallKind.AT_RISK)  # the cycle is the car's base_on
UNTOUCHED = Q(attempts=0, callback_at=None)  # nobody has dialled yet (CARE-27)
NOTHING = Cast(Value({}, output_field=JSONField()), JSONField())


def gone_reasons(calls: Any, on: date) -> Any:
    """Those of ``calls`` whose reason has gone, with ``gone`` (EndReason) and ``gone_proof``.

    Asked at every sweep and again when calls are handed out. A car that became due later or
    earlier does not end a call that somebody has dialled for: it keeps its dates (CARE-27).
    """
    return (
        calls.alias(
            since=Case(When(kind=CallKind.CHURN, then=Substr("cycle", 1, 10)), default=F("cycle")),
            base=a_text(F("vehicle__base_on")),
            seen=a_text(F("vehicle__last_seen_on")),
            maintained=a_text(F("vehicle__last_maintenance_on")),
            visited=a_text(F("vehicle__last_visit_on")),
        )
        .alias(visit=_visit())
        .annotate(
            gone=Case(
                *(When(condition, then=Value(reason.value)) for reason, condition in _gone(on)),
                default=Value(""),
                output_field=CharField(),
            ),
        )
        .annotate(gone_proof=_proof())
        .exclude(gone="")
    )


def gone_sql(on: date, *, of: str) -> str:
    """The ids that ``gone_reasons`` finds among the calls of the CTE ``of``, written out as SQL."""
    rows = gone_reasons(Call.objects.all(), on).values_list("pk")
    text = str(connection.ops.compose_sql(*rows.query.sql_with_params()))  # type: ignore[attr-defined]
    before, after = text.split('FROM "care_call" ')  # in it once
    return f'{before}FROM {of} AS "care_call" {after}'


def _gone(on: date) -> Iterator[tuple[EndReason, Any]]:
    """Reason and condition, the plainest first."""
    has_car = Q(vehicle__isnull=False) & ~Q(kind__in=OPENED_BY_OTHERS)
    yield EndReason.CAR_GONE, has_car & ~Q(vehicle__fate=Fate.IN_USE)
    yield (
        EndReason.NEW_OWNER,
        # a follow-up is owed to who brought the car, a survey to who bought it
        has_car
        & ~Q(kind__in=(CallKind.SERVICE_FOLLOW_UP, *SURVEYS))
        & (Q(vehicle__owner=None) | ~Q(vehicle__owner=F("customer"))),
    )
    unwilling = Q(kind=CallKind.RECALL, customer__accepts_marketing=False)  # CARE-29
    yield EndReason.STOPPED, Q(customer__refuses_service=True) | Q(Exists(_stops())) | unwilling
    yield (
        EndReason.VISITED,
        Q(kind=CallKind.FIRST_SERVICE, vehicle__last_maintenance_on__isnull=False)
        | Q(kind__in=ABOUT_BASE, maintained__gt=F("since"))
        | Q(kind=CallKind.CHURN, visited__gt=F("since"))
        | Q(kind=CallKind.NO_SHOW, vehicle__last_visit_on__gte=F("event_on")),
    )
    yield EndReason.RENEWED, yearly.insured_anew()
    yield EndReason.REBOOKED, Q(kind=CallKind.NO_SHOW) & Q(Exists(another_appointment()))
    yield EndReason.IN_WORKSHOP, has_car & Q(vehicle__in_workshop=True)
    yield EndReason.NOT_OWED, _fact_gone(on) | (UNTOUCHED & _not_yet_or_no_more(on))


def _fact_gone(on: date) -> Q:
    """What the cycle was built on is no fact any more."""
    in_use = Vehicle.objects.filter(owner=OuterRef("customer"), fate=Fate.IN_USE)
    return (
        Q(kind=CallKind.FIRST_SERVICE)
        & (Q(vehicle__sold_here=False) | Q(vehicle__first_service_due_on=None))
        | Q(kind__in=ABOUT_BASE) & (Q(base=None) | ~Q(base=F("since")))
        | Q(kind=CallKind.CHURN) & (Q(seen=None) | ~Q(seen=F("since")))
        | Q(kind=CallKind.NO_SHOW) & ~Q(Exists(missed()))
        | yearly.gone_from_facts(on)
        | surveys.gone_from_facts()
        | Q(kind=CallKind.BIRTHDAY) & (~Q(customer__kind=CustomerKind.PERSON) | ~Q(Exists(in_use)))
    )


def _not_yet_or_no_more(on: date) -> Q:
    """The fact stands, but the dates that follow from it are others now."""
    overdue_since = a_day(Value(on, output_field=DateField()) - number("at_risk_days", on))
    has_birthday = birthdays_on(on).filter(pk=OuterRef("customer"))
    return (
        Q(kind=CallKind.MAINTENANCE) & sheltered(on, "vehicle__")
        | Q(kind=CallKind.AT_RISK)
        & (Q(vehicle__maintenance_due_on__gte=on) | sheltered(on, "vehicle__"))
        | Q(kind=CallKind.CHURN)
        & (Q(vehicle__maintenance_due_on=None) | Q(vehicle__maintenance_due_on__gt=overdue_since))
        | Q(kind=CallKind.BIRTHDAY, event_on=on) & ~Q(Exists(has_birthday))
        | yearly.no_more(on)
    )


def _stops() -> Any:
    return StopContact.objects.filter(
        Q(vehicle=OuterRef("vehicle")) | Q(vehicle=None),
        ended_at=None,
        kind=OuterRef("kind"),
        customer=OuterRef("customer"),
    )


def _visit() -> Case:
    """The latest visit that can have answered the call: for churn and no-show of any kind."""
    of_any = Q(kind__in=(CallKind.CHURN, CallKind.NO_SHOW))
    orders = RepairOrder.objects.filter(vehicle=OuterRef("vehicle"), out_on__isnull=False)
    maintained = orders.filter(kind__in=MAINTENANCE_KINDS)
    return Case(When(of_any, then=_proof_of(orders)), default=_proof_of(maintained))


def _proof_of(orders: Any) -> Subquery:
    latest = orders.order_by("-out_on", "-pk")
    proof = JSONObject(order=F("number"), on=F("out_on"), in_on=F("in_on"))
    return Subquery(latest.values(proof=proof)[:1], output_field=JSONField())


def _proof() -> Coalesce:
    inside = RepairOrder.objects.filter(vehicle=OuterRef("vehicle"), out_on=None)
    stop = _stops().order_by("pk").values(proof=JSONObject(stop=F("pk"), reason=F("reason")))
    since = JSONObject(maintenance_due_on=F("vehicle__maintenance_due_on"), base_on=F("base"))
    proof = Case(
        When(gone=EndReason.VISITED, then=F("visit")),
        When(
            gone=EndReason.IN_WORKSHOP,
            then=_proof_of(inside),
        ),
        When(
            gone=EndReason.RENEWED,
            then=JSONObject(insured_until=F("vehicle__insured_until")),
        ),
        When(gone=EndReason.REBOOKED, then=proof_of_another()),
        When(gone=EndReason.CAR_GONE, then=JSONObject(fate=F("vehicle__fate"))),
        When(gone=EndReason.NEW_OWNER, then=JSONObject(owner=F("vehicle__owner_id"))),
        When(
            Q(gone=EndReason.STOPPED, customer__refuses_service=True),
            then=JSONObject(refuses_service=Value(True)),
        ),
        When(gone=EndReason.STOPPED, then=Subquery(stop[:1], output_field=JSONField())),
        default=since,
        output_field=JSONField(),
    )
    return Coalesce(proof, NOTHING)
