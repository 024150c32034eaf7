"""Which calls are owed on a day: the table of CARE-27, one queryset a kind.

Each queryset has a row for each call that must exist, with the same names (``PARTS``) over
cars or customers, joined to the store's ``PlannedDay`` for the day's numbers. A range on an
indexed column goes first: the cost follows what is due, not what exists.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
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
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, DenseRank, Mod

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus, ChurnGroup
from apps.care.models import Call
from apps.care.queries.birthdays import birthday_keys, birthdays_on
from apps.care.queries.bounds import EARLY_DAYS, Bounds, bounds_of
from apps.care.queries.follow_up import service_follow_up
from apps.core.dates import month_end, months_after
from apps.customers.choices import Fate, Locality
from apps.customers.models import StopContact, Vehicle
from apps.service.choices import HOLDING, AppointmentStatus
from apps.service.models import Appointment

__all__ = ["OWED", "Bounds", "bounds_of", "call_columns", "missing", "owed", "same_call"]

WARRANTY_MONTHS, WARRANTY_KM = 36, 100_000  # where the car's own are not known
NO_SHOW_FOR = timedelta(days=31)  # an appointment missed longer ago is called about no more
FOUND_FOR = timedelta(days=6)  # CARE-27: at_risk and churn are due no sooner after found


def _date(value: date) -> Value:
    return Value(value, output_field=DateField())


def _days(expression: Any) -> "ExpressionWrapper[Any]":
    """A date and a number of days, put together by PostgreSQL into a date."""
    return ExpressionWrapper(expression, output_field=DateField())


def _text(expression: Any) -> Cast:
    return Cast(expression, CharField())


def _true(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def cars_known(day: date) -> QuerySet[Vehicle]:
    """The cars all of whose facts are dated on or before ``day``: their columns hold for it."""
    return Vehicle.objects.filter(Q(facts_until=None) | Q(facts_until__lte=day))


def _cars(cars: QuerySet[Vehicle], kind: CallKind, day: date, stores: list[int]) -> Any:
    """Cars that may be called about: in use, outside, with an owner who lets himself be called.

    Nobody is called about a car without owner, one in the workshop, sold on or scrapped
    (CARE-18), against a stop for that kind (CUS-08) or a refusal (CARE-29).
    """
    stopped = StopContact.objects.filter(
        ended_at=None, kind=kind, vehicle=OuterRef("pk"), customer=OuterRef("owner")
    )
    planned = "store__planned_days__"
    return (
        cars.filter(store__planned_days__on=day, store__in=stores)
        .filter(fate=Fate.IN_USE, in_workshop=False, owner__isnull=False)
        .filter(~Exists(stopped), owner__refuses_service=False)
        .alias(
            made_up_before=F(f"{planned}made_up_before"),
            on_duty=F(f"{planned}on_duty"),
            turn=F(f"{planned}turn"),
            lead_days=F(f"{planned}policy__maintenance_lead_days"),
            lapse_days=F(f"{planned}policy__lapse_days"),
            at_risk_days=F(f"{planned}policy__at_risk_days"),
            churn_from_days=F(f"{planned}policy__churn_from_days"),
            churn_until_days=F(f"{planned}policy__churn_until_days"),
            churn_rest_days=F(f"{planned}policy__churn_rest_days"),
            call_customer=F("owner_id"),
            call_vehicle=F("pk"),
            call_group=Value(""),
            call_proactive=Value(False),
        )
    )


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
        _cars(cars, CallKind.FIRST_SERVICE, day, stores)
        .filter(
            sold_here=True,
            last_maintenance_on=None,
            first_service_due_on__gte=day - timedelta(days=wide.lapse_days),
            first_service_opens_on__lte=day,
        )
        .filter(first_service_due_on__gte=_days(_date(day) - F("lapse_days")))
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
        _cars(cars, CallKind.MAINTENANCE, day, stores)
        .filter(maintenance_due_on__range=(day, last), maintenance_opens_on__lte=day)
        .exclude(sheltered(day))
        .alias(
            call_cycle=_text("base_on"),
            call_event=F("maintenance_due_on"),
            call_opens=F("maintenance_opens_on"),
            call_due=_days(F("maintenance_due_on") - F("lead_days")),
        )
        .alias(call_proactive=is_proactive())
    )


def is_proactive(prefix: str = "") -> "ExpressionWrapper[Any]":
    early = _days(F(f"{prefix}maintenance_due_on") - EARLY_DAYS)
    return _true(Q(**{f"{prefix}maintenance_opens_on__lt": early}))


def found_due_on(day: date) -> date:
    """By when what was found on ``day`` must be called: the month's end, six days at least."""
    return max(month_end(day), day + FOUND_FOR)


def at_risk(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    first = day - timedelta(days=wide.at_risk_days)
    return (
        _cars(cars, CallKind.AT_RISK, day, stores)
        .filter(maintenance_due_on__gt=first, maintenance_due_on__lt=day)
        .filter(maintenance_due_on__gt=_days(_date(day) - F("at_risk_days")))
        .exclude(sheltered(day))
        .alias(
            call_cycle=_text("base_on"),
            call_event=F("maintenance_due_on"),
            call_opens=_date(day),
            call_due=_date(found_due_on(day)),
        )
    )


def churn(day: date, stores: list[int], cars: Any, wide: Bounds) -> Any:
    """None while one of the same last visit is open, nor for the days of rest after a reached one.

    With 90 days of rest the 91st day after it is the first on which another may be found.
    """
    calls = Call.objects.filter(kind=CallKind.CHURN, vehicle=OuterRef("pk"))
    still_open = calls.open().filter(cycle__startswith=_text(OuterRef("last_seen_on")))
    rested = calls.filter(
        status=CallStatus.REACHED,
        ended_at__date__gte=_days(_date(day) - OuterRef("churn_rest_days")),
    )
    found = (
        _cars(cars, CallKind.CHURN, day, stores)
        .filter(
            last_seen_on__range=(
                day - timedelta(days=wide.churn_until_days),
                day - timedelta(days=wide.churn_from_days),
            ),
            maintenance_due_on__lte=day,
        )
        .filter(
            maintenance_due_on__lte=_days(_date(day) - F("at_risk_days")),
            last_seen_on__gte=_days(_date(day) - F("churn_until_days")),
            last_seen_on__lte=_days(_date(day) - F("churn_from_days")),
        )
        .filter(~Exists(still_open), ~Exists(rested))
        .alias(
            call_cycle=Concat(_text("last_seen_on"), Value(f"/{day:%Y-%m}")),
            call_event=F("last_seen_on"),
            call_opens=_date(day),
            call_due=_date(found_due_on(day)),
        )
    )
    return _with_warranty(found, day).alias(call_group=_churn_group(day))


def _churn_group(day: date) -> Case:
    """CARE-11: locality × warranty. A locality nobody knows counts as non-local."""
    local = Q(owner__locality=Locality.LOCAL)
    inside = Q(warranty_until__gt=day, km_now__lt=Coalesce("warranty_km", WARRANTY_KM))
    return Case(
        When(local & inside, then=Value(ChurnGroup.LOCAL_IN)),
        When(local, then=Value(ChurnGroup.LOCAL_OUT)),
        When(inside, then=Value(ChurnGroup.NON_LOCAL_IN)),
        default=Value(ChurnGroup.NON_LOCAL_OUT),
    )


def _with_warranty(cars: Any, day: date) -> Any:
    """A warranty of unknown length is taken as 36 months or 100,000 km, without a start as over.

    The mileage of today is estimated at the car's own rate (CARE-27).
    """
    start = Coalesce("delivered_on", "registered_on")
    days = Func(
        _date(day),
        F("last_km_on"),
        template="greatest(0, %(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    return cars.alias(
        warranty_until=months_after(start, Coalesce("warranty_months", WARRANTY_MONTHS)),
        km_now=Coalesce(F("last_km") + days * F("rate_km") / F("rate_days"), 0),
    )


def no_show(day: date, stores: list[int], cars: Any, _wide: Bounds) -> Any:
    """The day after a missed appointment, unless the car has another one (SVC-05, CARE-30)."""
    rows = Appointment.objects.filter(vehicle=OuterRef("pk"))
    again = rows.filter(status__in=HOLDING, on__gte=OuterRef("appointments__on"))
    return (
        _cars(cars, CallKind.NO_SHOW, day, stores)
        .filter(
            Q(last_visit_on=None) | Q(last_visit_on__lt=F("appointments__on")),
            ~Exists(again),
            appointments__status=AppointmentStatus.NO_SHOW,
            appointments__on__range=(day - NO_SHOW_FOR, day - timedelta(days=1)),
            appointments__customer=F("owner"),
        )
        .alias(
            call_cycle=_text("appointments__pk"),
            call_event=F("appointments__on"),
            call_opens=_days(F("appointments__on") + 1),
            call_due=_days(F("appointments__on") + 1),
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
            call_event=_date(day),
            call_opens=_date(day),
            call_due=_date(day),
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
}
# What does not depend on the columns of a car: there is no day to put them back to.
NOT_OF_CARS = (CallKind.BIRTHDAY, CallKind.SERVICE_FOLLOW_UP)


def owed(kind: CallKind, day: date, stores: list[int], wide: Bounds, cars: Any = None) -> Any:
    """Every call of ``kind`` that must exist on ``day``, already there or not."""
    return OWED[kind](day, stores, cars_known(day) if cars is None else cars, wide)


def same_call(kind: CallKind) -> Any:
    """The call that has the key of an owed one: (store, kind, cycle, car, else customer)."""
    calls = Call.objects.filter(store=OuterRef("store"), kind=kind, cycle=OuterRef("call_cycle"))
    if kind == CallKind.BIRTHDAY:
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
    elif kind == CallKind.SERVICE_FOLLOW_UP:  # three days are all it has: when they are over
        made_up = _true(Q(call_due__lt=created_on))
    else:
        made_up = _true(Q(call_due__lt=F("made_up_before")))
    return {
        "store": F("store_id"),
        "customer": F("call_customer"),
        "vehicle": F("call_vehicle"),
        "kind": Value(kind.value),
        "cycle": F("call_cycle"),
        "event_on": F("call_event"),
        "opens_on": F("call_opens"),
        "due_on": F("call_due"),
        "created_on": _date(created_on),
        "proactive": F("call_proactive"),
        "made_up": made_up,
        "churn_group": F("call_group"),
        "owner": _owner(),
        "proof": Cast(Value({}, output_field=JSONField()), JSONField()),
    }


def _owner() -> Coalesce:
    """One customer's calls have one owner; new customers go round among those on duty (CARE-28)."""
    has = (
        Call.objects.open()
        .filter(
            customer=OuterRef("call_customer"),
            owner__is_active=True,
            owner__roles__contains=[Role.CARE_SPECIALIST],
        )
        .order_by("pk")
    )
    people = Func(F("on_duty"), function="cardinality", output_field=IntegerField())
    number = Window(DenseRank(), partition_by=[F("store_id")], order_by=F("call_customer").asc())
    index = Mod(F("turn") + number - 1, Func(people, 0, function="nullif")) + 1
    return Coalesce(
        Subquery(has.values("owner")[:1]), _Turn(F("on_duty"), index), output_field=IntegerField()
    )
