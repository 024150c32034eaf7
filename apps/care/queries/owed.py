"""Which calls are owed on a day: the table of CARE-27, one queryset a kind.

Each queryset has a row for each call that must exist, with the same names (``PARTS``) over
cars or customers, joined to the store's ``PlannedDay`` for the day's numbers. A range on an
indexed column goes first: the cost follows what is due, not what exists.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, DenseRank, Mod

from apps.care.choices import SURVEYS, CallKind, CallStatus, ChurnGroup, works_on
from apps.care.models import Call
from apps.care.queries import surveys
from apps.care.queries.birthdays import birthday_keys, birthdays_on
from apps.care.queries.bounds import EARLY_DAYS, Bounds, bounds_of
from apps.care.queries.cars import (
    a_date,
    a_day,
    a_text,
    a_truth,
    callable_cars,
    cars_known,
)
from apps.care.queries.follow_up import service_follow_up
from apps.care.queries.yearly import inspection, insurance, warranty
from apps.core.dates import month_end
from apps.customers.choices import Locality
from apps.service.choices import HOLDING, AppointmentStatus
from apps.service.models import Appointment

__all__ = ["OWED", "Bounds", "bounds_of", "call_columns", "missing", "owed", "same_call"]

NO_SHOW_FOR = timedelta(days=31)  # an appointment missed longer ago is called about no more
FOUND_FOR = timedelta(days=6)  # CARE-27: at_risk and churn are due no sooner after found


def sheltered(day: date, prefix: str = "") -> Q:
    """CARE-27: sold here, no maintenance visit yet, first-service time not over."""
    return Q(
        **{
            f"{prefix}sold_here": True,
            f"{prefix}last_maintenance_on": None,
            f"{prefix}first_service_due_on__gte": day,
        }
    )


def first_service(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    return (
        callable_cars(cars, CallKind.FIRST_SERVICE, day, stores)
        .filter(
            sold_here=True,
            last_maintenance_on=None,
            first_service_due_on__gte=day - timedelta(days=wide.lapse_days),
            first_service_opens_on__lte=day,
        )
        .filter(first_service_due_on__gte=a_day(a_date(day) - F("lapse_days")))
        .alias(
            call_cycle=Value("first"),
            call_event=F("first_service_due_on"),
            call_opens=F("first_service_opens_on"),
            call_due=F("first_service_due_on"),
        )
    )


def maintenance(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    """``proactive`` when CARE-10 opened it before its usual day."""
    last = day + timedelta(days=wide.early_days)
    return (
        callable_cars(cars, CallKind.MAINTENANCE, day, stores)
        .filter(maintenance_due_on__range=(day, last), maintenance_opens_on__lte=day)
        .exclude(sheltered(day))
        .alias(
            call_cycle=a_text("base_on"),
            call_event=F("maintenance_due_on"),
            call_opens=F("maintenance_opens_on"),
            call_due=a_day(F("maintenance_due_on") - F("maintenance_lead_days")),
        )
        .alias(call_proactive=is_proactive())
    )


def is_proactive(prefix: str = "") -> "ExpressionWrapper[Any]":
    early = a_day(F(f"{prefix}maintenance_due_on") - EARLY_DAYS)
    return a_truth(Q(**{f"{prefix}maintenance_opens_on__lt": early}))


def found_due_on(day: date) -> date:
    """By when what was found on ``day`` must be called: the month's end, six days at least."""
    return max(month_end(day), day + FOUND_FOR)


def at_risk(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    first = day - timedelta(days=wide.at_risk_days)
    return (
        callable_cars(cars, CallKind.AT_RISK, day, stores)
        .filter(maintenance_due_on__gt=first, maintenance_due_on__lt=day)
        .filter(maintenance_due_on__gt=a_day(a_date(day) - F("at_risk_days")))
        .exclude(sheltered(day))
        .alias(
            call_cycle=a_text("base_on"),
            call_event=F("maintenance_due_on"),
            call_opens=a_date(day),
            call_due=a_date(found_due_on(day)),
        )
    )


def churn(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    """None while one of the same last visit is open, nor for the days of rest after a reached one.

    With 90 days of rest the 91st day after it is the first on which another may be found.
    """
    calls = Call.objects.filter(kind=CallKind.CHURN, vehicle=OuterRef("pk"))
    still_open = calls.open().filter(cycle__startswith=a_text(OuterRef("last_seen_on")))
    rested = calls.filter(
        status=CallStatus.REACHED,
        ended_at__date__gte=a_day(a_date(day) - OuterRef("churn_rest_days")),
    )
    found = (
        callable_cars(cars, CallKind.CHURN, day, stores)
        .filter(
            last_seen_on__range=(
                day - timedelta(days=wide.churn_until_days),
                day - timedelta(days=wide.churn_from_days),
            ),
            maintenance_due_on__lte=day,
        )
        .filter(
            maintenance_due_on__lte=a_day(a_date(day) - F("at_risk_days")),
            last_seen_on__gte=a_day(a_date(day) - F("churn_until_days")),
            last_seen_on__lte=a_day(a_date(day) - F("churn_from_days")),
        )
        .filter(~Exists(still_open), ~Exists(rested))
        .alias(
            call_cycle=Concat(a_text("last_seen_on"), Value(f"/{day:%Y-%m}")),
            call_event=F("last_seen_on"),
            call_opens=a_date(day),
            call_due=a_date(found_due_on(day)),
        )
    )
    return found.alias(call_group=_churn_group(day))


def _churn_group(day: date) -> Case:
    """CARE-11: locality × warranty. A locality nobody knows counts as non-local."""
    local = Q(owner__locality=Locality.LOCAL)
    inside = Q(warranty_ends_on__gt=day)
    return Case(
        When(local & inside, then=Value(ChurnGroup.LOCAL_IN)),
        When(local, then=Value(ChurnGroup.LOCAL_OUT)),
        When(inside, then=Value(ChurnGroup.NON_LOCAL_IN)),
        default=Value(ChurnGroup.NON_LOCAL_OUT),
    )


def no_show(day: date, stores: list[int], cars: Any, _wide: Bounds) -> Any:
    """The day after a missed appointment, unless the car has another one (SVC-05, CARE-30)."""
    rows = Appointment.objects.filter(vehicle=OuterRef("pk"))
    again = rows.filter(status__in=HOLDING, on__gte=OuterRef("appointments__on"))
    return (
        callable_cars(cars, CallKind.NO_SHOW, day, stores)
        .filter(
            Q(last_visit_on=None) | Q(last_visit_on__lt=F("appointments__on")),
            ~Exists(again),
            appointments__status=AppointmentStatus.NO_SHOW,
            appointments__on__range=(day - NO_SHOW_FOR, day - timedelta(days=1)),
            appointments__customer=F("owner"),
        )
        .alias(
            call_cycle=a_text("appointments__pk"),
            call_event=F("appointments__on"),
            call_opens=a_day(F("appointments__on") + 1),
            call_due=a_day(F("appointments__on") + 1),
        )
    )


def birthday(day: date, stores: list[int], _cars: Any, _wide: Bounds) -> Any:
    """One call a customer; none on a day the store is closed (CARE-05)."""
    lunar_year = str(birthday_keys(day)[2])
    planned = "store__planned_days__"
    return (
        birthdays_on(day)
        .filter(store__planned_days__on=day, store__planned_days__is_open=True, store__in=stores)
        .alias(
            on_duty=F(f"{planned}on_duty"),
            turn=F(f"{planned}turn"),
            call_customer=F("pk"),
            call_vehicle=Value(None, output_field=IntegerField()),
            call_cycle=Case(
                When(lunar_birth_mmdd=None, then=Value(str(day.year))), default=Value(lunar_year)
            ),
            call_event=a_date(day),
            call_opens=a_date(day),
            call_due=a_date(day),
            call_group=Value(""),
            call_proactive=Value(False),
        )
    )


ON_THE_DAY = (CallKind.BIRTHDAY, CallKind.NO_SHOW)  # due on the day on which they open
OWED: dict[CallKind, Callable[[date, list[int], Any, Bounds], Any]] = {
    CallKind.FIRST_SERVICE: first_service,
    CallKind.MAINTENANCE: maintenance,
    CallKind.AT_RISK: at_risk,
    CallKind.CHURN: churn,
    CallKind.BIRTHDAY: birthday,
    CallKind.SERVICE_FOLLOW_UP: service_follow_up,
    CallKind.NO_SHOW: no_show,
    CallKind.WARRANTY: warranty,
    CallKind.INSPECTION: inspection,
    CallKind.INSURANCE: insurance,
    CallKind.SSI_FIRST: surveys.first_round,
    CallKind.SSI_SECOND: surveys.second_round,
    CallKind.SSI_LOST: surveys.lost_buyer,
}
# What does not depend on the columns of a car: there is no day to put them back to.
NOT_OF_CARS = (CallKind.BIRTHDAY, CallKind.SERVICE_FOLLOW_UP, *SURVEYS)
OF_THE_PERSON = (CallKind.BIRTHDAY, CallKind.SSI_LOST)  # about no car
DAYS_ARE_ALL = (CallKind.SERVICE_FOLLOW_UP, CallKind.SSI_FIRST, CallKind.SSI_LOST)


def owed(kind: CallKind, day: date, stores: list[int], wide: Bounds, cars: Any = None) -> Any:
    """Every call of ``kind`` that must exist on ``day``, already there or not."""
    return OWED[kind](day, stores, cars_known(day) if cars is None else cars, wide)


def same_call(kind: CallKind) -> Any:
    """The call that has the key of an owed one: (store, kind, cycle, car, else customer)."""
    calls = Call.objects.filter(store=OuterRef("store"), kind=kind, cycle=OuterRef("call_cycle"))
    if kind in OF_THE_PERSON:
        return calls.filter(vehicle=None, customer=OuterRef("call_customer"))
    return calls.filter(vehicle=OuterRef("call_vehicle"))


def missing(kind: CallKind, day: date, stores: list[int], wide: Bounds, cars: Any = None) -> Any:
    """What is owed and has no row yet."""
    return owed(kind, day, stores, wide, cars).filter(~Exists(same_call(kind)))


class _Turn(Func):
    """array[index] of PostgreSQL, counted from 1."""

    template = "(%(expressions)s]"
    arg_joiner = ")["
    output_field = IntegerField()


def call_columns(kind: CallKind, day: date, created_on: date) -> dict[str, Any]:
    """Field of ``Call`` → expression over ``missing(kind, day)``."""
    if kind in ON_THE_DAY:  # made up only when created after the day itself
        made_up: Any = Value(created_on > day)
    elif kind in DAYS_ARE_ALL:  # a few days are all it has: when they are over
        made_up = a_truth(Q(call_due__lt=created_on))
    else:
        made_up = a_truth(Q(call_due__lt=F("made_up_before")))
    return {
        "store": F("store_id"),
        "customer": F("call_customer"),
        "vehicle": F("call_vehicle"),
        "kind": Value(kind.value),
        "cycle": F("call_cycle"),
        "event_on": F("call_event"),
        "opens_on": F("call_opens"),
        "due_on": F("call_due"),
        "created_on": a_date(created_on),
        "proactive": F("call_proactive"),
        "made_up": made_up,
        "churn_group": F("call_group"),
        "owner": _owner(kind),
        "proof": Cast(Value({}, output_field=JSONField()), JSONField()),
    }


def _owner(kind: CallKind) -> Coalesce:
    """One customer's calls have one owner; new customers go round among those on duty (CARE-28).

    The insurance specialists' calls have one of their own (CARE-09).
    """
    has = (
        Call.objects.open()
        .filter(
            customer=OuterRef("call_customer"),
            owner__is_active=True,
            owner__roles__contains=[works_on(kind)],
        )
        .order_by("pk")
    )
    people = Func(F("on_duty"), function="cardinality", output_field=IntegerField())
    number = Window(DenseRank(), partition_by=[F("store_id")], order_by=F("call_customer").asc())
    index = Mod(F("turn") + number - 1, Func(people, 0, function="nullif")) + 1
    return Coalesce(
        Subquery(has.values("owner")[:1]), _Turn(F("on_duty"), index), output_field=IntegerField()
    )
