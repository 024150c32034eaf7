"""What became of the calls that are open: moved, lapsed, owed again (CARE-18, 27, 28).

Each question is one queryset; ``actions.planning.tidy`` writes the answer in one statement.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, NullIf, Substr

from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.models import Call
from apps.care.queries import surveys, yearly
from apps.care.queries.bounds import Bounds
from apps.care.queries.cars import a_day, a_text
from apps.care.queries.follow_up import FOLLOW_UP_OPEN
from apps.care.queries.gone import ABOUT_BASE, NOTHING, UNTOUCHED
from apps.care.queries.owed import (
    OF_THE_PERSON,
    found_due_on,
    is_proactive,
    owed,
)
from apps.care.queries.yearly import number
from apps.customers.models import ElsewhereService, Vehicle
from apps.service.choices import MAINTENANCE_KINDS
from apps.service.models import RepairOrder

FOUND = (CallKind.AT_RISK, CallKind.CHURN)  # opens on the day found
LOOKS_BACK = timedelta(days=400)  # no call that was due before can be owed again
Change = tuple[QuerySet[Call], dict[str, Any]]  # which calls, and what they get


class _Row(Func):
    function = "ROW"
    output_field = BooleanField()


class _Differs(Func):
    """IS DISTINCT FROM: NULL and NULL are the same."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = BooleanField()


# Corrected and refreshed (CARE-27)


def corrected(calls: Any, on: date) -> Iterator[Change]:
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
        .alias(was=F("cycle"), now=a_text(F("vehicle__base_on")))
        .exclude(was=F("now"))
        .filter(_replaced("vehicle__base_on", {"kind__in": MAINTENANCE_KINDS}))
        .alias(new_cycle=F("now"))
        .filter(~Exists(taken)),
        {"cycle": F("new_cycle")},
    )
    yield (
        latest.filter(kind=CallKind.CHURN, vehicle__last_seen_on__isnull=False)
        .alias(was=Substr("cycle", 1, 10), now=a_text(F("vehicle__last_seen_on")))
        .exclude(was=F("now"))
        .filter(_replaced("vehicle__last_seen_on", {}))
        .alias(new_cycle=Concat(F("now"), Substr("cycle", 11)))
        .filter(~Exists(taken)),
        {"cycle": F("new_cycle")},
    )
    for rows, cycle in yearly.corrected(latest, on):
        moved = rows.alias(new_cycle=cycle).exclude(cycle=F("new_cycle"))
        yield moved.filter(~Exists(taken)), {"cycle": F("new_cycle")}


def _replaced(now: str, order: dict[str, Any]) -> Any:
    """The fact of the day ``now`` is a row that said ``was`` before."""
    car = OuterRef("vehicle")

    def said(rows: Any, column: str) -> Exists:
        before = rows.filter(**{column: OuterRef(now)}).alias(said=a_text(f"events__{column}"))
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
        base=a_text(F("vehicle__base_on")), seen=a_text(F("vehicle__last_seen_on"))
    )
    due_on = F("vehicle__maintenance_due_on")
    first_on = F("vehicle__first_service_due_on")
    yield (
        fresh.filter(kind=CallKind.MAINTENANCE, cycle=F("base")),
        {
            "event_on": due_on,
            "opens_on": F("vehicle__maintenance_opens_on"),
            "due_on": a_day(due_on - number("maintenance_lead_days", on)),
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
    yield from yearly.dates_now(fresh, on)
    yield from surveys.dates_now(fresh, on)
    events = _events_now(on)
    now = Case(*(When(kind=kind, then=event) for kind, event in events.items()))
    yield (
        calls.exclude(UNTOUCHED).filter(kind__in=events),
        {"moved_event_on": NullIf(now, F("event_on"), output_field=DateField())},
    )


def _events_now(on: date) -> dict[CallKind, Any]:
    """Kinds whose call is about a day that follows from the facts, and that day."""
    return {
        CallKind.FIRST_SERVICE: F("vehicle__first_service_due_on"),
        CallKind.MAINTENANCE: F("vehicle__maintenance_due_on"),
        CallKind.AT_RISK: F("vehicle__maintenance_due_on"),
        CallKind.CHURN: F("vehicle__last_seen_on"),
        **surveys.events_now(),
    } | yearly.event_now(on)


# Owed again, and lapsed


def owed_again(kind: CallKind, on: date, stores: list[int], wide: Bounds) -> Change:
    """Withdrawn calls that are owed today: the same row waits again (CARE-18).

    What opens on the day found, and a birthday, is found anew when its time is over.
    """
    rows = owed(kind, on, stores, wide).filter(
        call_cycle=OuterRef("cycle"), call_customer=OuterRef("customer")
    )
    if kind not in OF_THE_PERSON:
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
    after due_on; a warranty when it has ended; a follow-up and a survey a week after due_on, of
    the second round after due_on; the others so many days after due_on.
    """
    long_ago = a_day(Value(on, output_field=DateField()) - number("lapse_days", on))
    taken_over = Q(kind=CallKind.MAINTENANCE, event_on__lt=on)
    at_once = Q(kind__in=(*FOUND, CallKind.BIRTHDAY))
    at_once |= Q(kind=CallKind.WARRANTY, event_on__lte=on)  # it is in force no more
    at_once |= Q(kind=CallKind.SERVICE_FOLLOW_UP, due_on__lt=on - FOLLOW_UP_OPEN)
    at_once |= surveys.over(on)
    rows = calls.filter(due_on__lt=on).filter(taken_over | at_once | Q(due_on__lt=long_ago))
    return rows, {
        "status": Value(CallStatus.LAPSED.value),
        "ended_at": Value(now),
        "end_reason": Case(
            When(taken_over, then=Value(EndReason.TAKEN_OVER.value)),
            default=Value(EndReason.OVERDUE.value),
        ),
    }
