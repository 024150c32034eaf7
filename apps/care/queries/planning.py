"""What became of the calls that are open: gone, moved, lapsed, owed again (CARE-18, 27, 28).

Each question is one queryset; ``actions.planning.tidy`` writes the answer in one statement.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf, Substr

from apps.care.choices import OPENED_BY_OTHERS, CallKind, CallStatus, EndReason
from apps.care.models import Call, CarePolicy
from apps.care.queries.birthdays import birthdays_on
from apps.care.queries.bounds import Bounds
from apps.care.queries.follow_up import FOLLOW_UP_OPEN
from apps.care.queries.missed import another_appointment, missed, proof_of_another
from apps.care.queries.owed import (
    NOT_OF_CARS,
    ON_THE_DAY,
    found_due_on,
    is_proactive,
    owed,
    sheltered,
)
from apps.customers.choices import CustomerKind, Fate
from apps.customers.models import ElsewhereService, StopContact, Vehicle
from apps.service.choices import MAINTENANCE_KINDS
from apps.service.models import RepairOrder

__all__ = [
    "ABOUT_BASE",
    "birthdays_on",
    "corrected",
    "gone_reasons",
    "gone_sql",
    "lapsed",
    "owed_again",
    "refreshed",
]

ABOUT_BASE = (CallKind.MAINTENANCE, CallKind.AT_RISK)  # the cycle is the car's base_on
FOUND = (CallKind.AT_RISK, CallKind.CHURN)  # opens on the day found
UNTOUCHED = Q(attempts=0, callback_at=None)  # nobody has dialled yet (CARE-27)
LOOKS_BACK = timedelta(days=400)  # no call that was due before can be owed again

NOTHING = Cast(Value({}, output_field=JSONField()), JSONField())
Change = tuple[QuerySet[Call], dict[str, Any]]  # which calls, and what they get


class _Row(Func):
    function = "ROW"
    output_field = BooleanField()


class _Differs(Func):
    """IS DISTINCT FROM: NULL and NULL are the same."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = BooleanField()


def _text(expression: Any) -> Cast:
    return Cast(expression, CharField())


def _days(expression: Any) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(expression, output_field=DateField())


def _number(name: str, on: date) -> Subquery:
    """A number of the care policy in force in the call's store."""
    rows = CarePolicy.objects.filter(store=OuterRef("store"), effective_from__lte=on)
    return Subquery(rows.order_by("-effective_from").values(name)[:1], output_field=IntegerField())


# Gone (CARE-18)


def gone_reasons(calls: Any, on: date) -> Any:
    """Those of ``calls`` whose reason has gone, with ``gone`` (EndReason) and ``gone_proof``.

    Asked at every sweep and again when calls are handed out. A car that became due later or
    earlier does not end a call that somebody has dialled for: it keeps its dates (CARE-27).
    """
    return (
        calls.alias(
            since=Case(When(kind=CallKind.CHURN, then=Substr("cycle", 1, 10)), default=F("cycle")),
            base=_text(F("vehicle__base_on")),
            seen=_text(F("vehicle__last_seen_on")),
            maintained=_text(F("vehicle__last_maintenance_on")),
            visited=_text(F("vehicle__last_visit_on")),
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
        # a follow-up is owed to who brought the car
        has_car
        & ~Q(kind=CallKind.SERVICE_FOLLOW_UP)
        & (Q(vehicle__owner=None) | ~Q(vehicle__owner=F("customer"))),
    )
    yield EndReason.STOPPED, Q(customer__refuses_service=True) | Q(Exists(_stops()))
    yield (
        EndReason.VISITED,
        Q(kind=CallKind.FIRST_SERVICE, vehicle__last_maintenance_on__isnull=False)
        | Q(kind__in=ABOUT_BASE, maintained__gt=F("since"))
        | Q(kind=CallKind.CHURN, visited__gt=F("since"))
        | Q(kind=CallKind.NO_SHOW, vehicle__last_visit_on__gte=F("event_on")),
    )
    yield EndReason.REBOOKED, Q(kind=CallKind.NO_SHOW) & Q(Exists(another_appointment()))
    yield EndReason.IN_WORKSHOP, has_car & Q(vehicle__in_workshop=True)
    yield EndReason.NOT_OWED, _fact_gone() | (UNTOUCHED & _not_yet_or_no_more(on))


def _fact_gone() -> Q:
    """What the cycle was built on is no fact any more."""
    in_use = Vehicle.objects.filter(owner=OuterRef("customer"), fate=Fate.IN_USE)
    return (
        Q(kind=CallKind.FIRST_SERVICE)
        & (Q(vehicle__sold_here=False) | Q(vehicle__first_service_due_on=None))
        | Q(kind__in=ABOUT_BASE) & (Q(base=None) | ~Q(base=F("since")))
        | Q(kind=CallKind.CHURN) & (Q(seen=None) | ~Q(seen=F("since")))
        | Q(kind=CallKind.NO_SHOW) & ~Q(Exists(missed()))
        | Q(kind=CallKind.BIRTHDAY) & (~Q(customer__kind=CustomerKind.PERSON) | ~Q(Exists(in_use)))
    )


def _not_yet_or_no_more(on: date) -> Q:
    """The fact stands, but the dates that follow from it are others now."""
    overdue_since = _days(Value(on, output_field=DateField()) - _number("at_risk_days", on))
    has_birthday = birthdays_on(on).filter(pk=OuterRef("customer"))
    return (
        Q(kind=CallKind.MAINTENANCE) & sheltered(on, "vehicle__")
        | Q(kind=CallKind.AT_RISK)
        & (Q(vehicle__maintenance_due_on__gte=on) | sheltered(on, "vehicle__"))
        | Q(kind=CallKind.CHURN)
        & (Q(vehicle__maintenance_due_on=None) | Q(vehicle__maintenance_due_on__gt=overdue_since))
        | Q(kind=CallKind.BIRTHDAY, event_on=on) & ~Q(Exists(has_birthday))
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


# Corrected and refreshed (CARE-27)


def corrected(calls: Any) -> Iterator[Change]:
    """Calls whose cycle was built on a fact that has been corrected since, and their cycle now.

    A correction changes the fact's own row, so its history knows the day that the cycle
    names; a new visit is a row of its own. Of a car only the latest call of a kind follows.
    """
    taken = Call.objects.filter(
        kind=OuterRef("kind"), vehicle=OuterRef("vehicle"), cycle=OuterRef("new_cycle")
    )
    newer = Call.objects.filter(
        kind=OuterRef("kind"), vehicle=OuterRef("vehicle"), pk__gt=OuterRef("pk")
    )
    latest = calls.filter(~Exists(newer))
    yield (
        latest.filter(kind__in=ABOUT_BASE, vehicle__base_on__isnull=False)
        .alias(was=F("cycle"), now=_text(F("vehicle__base_on")))
        .exclude(was=F("now"))
        .filter(_replaced("vehicle__base_on", {"kind__in": MAINTENANCE_KINDS}))
        .alias(new_cycle=F("now"))
        .filter(~Exists(taken)),
        {"cycle": F("new_cycle")},
    )
    yield (
        latest.filter(kind=CallKind.CHURN, vehicle__last_seen_on__isnull=False)
        .alias(was=Substr("cycle", 1, 10), now=_text(F("vehicle__last_seen_on")))
        .exclude(was=F("now"))
        .filter(_replaced("vehicle__last_seen_on", {}))
        .alias(new_cycle=Concat(F("now"), Substr("cycle", 11)))
        .filter(~Exists(taken)),
        {"cycle": F("new_cycle")},
    )


def _replaced(now: str, order: dict[str, Any]) -> Any:
    """The fact of the day ``now`` is a row that said ``was`` before."""
    car = OuterRef("vehicle")

    def said(rows: Any, column: str) -> Exists:
        before = rows.filter(**{column: OuterRef(now)}).alias(said=_text(f"events__{column}"))
        return Exists(before.filter(said=OuterRef("was")))

    return (
        Q(said(RepairOrder.objects.filter(vehicle=car, **order), "out_on"))
        | Q(said(Vehicle.objects.filter(pk=car), "delivered_on"))
        | Q(said(ElsewhereService.objects.filter(vehicle=car), "on"))
    )


def refreshed(calls: Any, on: date) -> Iterator[Change]:
    """Waiting calls whose dates follow from the facts otherwise now.

    An untouched call takes the new dates. A touched one keeps its own and shows what
    event_on would be (CARE-27).
    """
    for rows, columns in _dates_now(calls, on):
        values = {f"new_{name}": value for name, value in columns.items()}
        differs = _Differs(_Row(*map(F, columns)), _Row(*map(F, values)))
        yield rows.alias(**values).filter(differs), {name: F(f"new_{name}") for name in columns}


def _dates_now(calls: Any, on: date) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Which calls, and what their columns are by the facts."""
    fresh = calls.filter(UNTOUCHED).alias(
        base=_text(F("vehicle__base_on")), seen=_text(F("vehicle__last_seen_on"))
    )
    due_on = F("vehicle__maintenance_due_on")
    first_on = F("vehicle__first_service_due_on")
    yield (
        fresh.filter(kind=CallKind.MAINTENANCE, cycle=F("base")),
        {
            "event_on": due_on,
            "opens_on": F("vehicle__maintenance_opens_on"),
            "due_on": _days(due_on - _number("maintenance_lead_days", on)),
            "proactive": is_proactive("vehicle__"),
        },
    )
    yield (
        fresh.filter(kind=CallKind.FIRST_SERVICE, vehicle__first_service_due_on__isnull=False),
        {
            "event_on": first_on,
            "opens_on": F("vehicle__first_service_opens_on"),
            "due_on": first_on,
        },
    )
    yield fresh.filter(kind=CallKind.AT_RISK, cycle=F("base")), {"event_on": due_on}
    yield (
        fresh.filter(kind=CallKind.CHURN, cycle__startswith=F("seen")),
        {"event_on": F("vehicle__last_seen_on")},
    )
    yield (
        calls.exclude(UNTOUCHED).exclude(kind__in=(*NOT_OF_CARS, *ON_THE_DAY, *OPENED_BY_OTHERS)),
        {"moved_event_on": NullIf(_event_now(), F("event_on"))},
    )


def _event_now() -> Case:
    return Case(
        When(kind=CallKind.FIRST_SERVICE, then=F("vehicle__first_service_due_on")),
        When(kind=CallKind.CHURN, then=F("vehicle__last_seen_on")),
        default=F("vehicle__maintenance_due_on"),
        output_field=DateField(),
    )


# Owed again, and lapsed


def owed_again(kind: CallKind, on: date, stores: list[int], wide: Bounds) -> Change:
    """Withdrawn calls that are owed today: the same row waits again (CARE-18).

    What opens on the day found, and a birthday, is found anew when its time is over.
    """
    rows = owed(kind, on, stores, wide).filter(
        call_cycle=OuterRef("cycle"), call_customer=OuterRef("customer")
    )
    if kind != CallKind.BIRTHDAY:
        rows = rows.filter(call_vehicle=OuterRef("vehicle"))
    calls = Call.objects.filter(
        kind=kind,
        status=CallStatus.WITHDRAWN,
        store__in=stores,
        due_on__gte=on - LOOKS_BACK,
    ).filter(Exists(rows))
    columns: dict[str, Any] = {
        "status": Value(CallStatus.WAITING.value),
        "ended_at": Cast(Value(None), DateTimeField()),
        "end_reason": Value(""),
        "proof": NOTHING,
    }
    if kind in (*FOUND, CallKind.BIRTHDAY):
        today = Value(on, output_field=DateField())
        due_on = on if kind == CallKind.BIRTHDAY else found_due_on(on)
        over = Q(due_on__lt=on) | Q(kind=CallKind.BIRTHDAY)
        columns["opens_on"] = Case(When(over, then=today), default=F("opens_on"))
        columns["due_on"] = Case(
            When(over, then=Value(due_on, output_field=DateField())), default=F("due_on")
        )
        if kind == CallKind.BIRTHDAY:
            columns["event_on"] = today
    return calls, columns


def lapsed(calls: Any, on: date, now: datetime) -> Change:
    """Waiting calls whose time is over on ``on`` (CARE-28).

    Maintenance when event_on has passed (at_risk takes over); a birthday, at_risk and churn
    after due_on; first service so many days after due_on.
    """
    long_ago = _days(Value(on, output_field=DateField()) - _number("lapse_days", on))
    taken_over = Q(kind=CallKind.MAINTENANCE, event_on__lt=on)
    at_once = Q(kind__in=(*FOUND, CallKind.BIRTHDAY))
    at_once |= Q(kind=CallKind.SERVICE_FOLLOW_UP, due_on__lt=on - FOLLOW_UP_OPEN)
    rows = calls.filter(due_on__lt=on).filter(taken_over | at_once | Q(due_on__lt=long_ago))
    return rows, {
        "status": Value(CallStatus.LAPSED.value),
        "ended_at": Value(now),
        "end_reason": Case(
            When(taken_over, then=Value(EndReason.TAKEN_OVER.value)),
            default=Value(EndReason.OVERDUE.value),
        ),
    }
