"""The survey calls that are owed after a delivery or a lost purchase (SSI-03, SSI-08, CARE-27).

The answers themselves are kept on the floor of SSI; a call that was answered, on the phone or
by the customer's own link, has the result *answered*.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.accounts.models import Store
from apps.accounts.queries import calendars_of
from apps.care.choices import CallKind, Result
from apps.care.models import Call
from apps.care.queries.bounds import Bounds
from apps.care.queries.cars import a_date, a_day, a_text
from apps.care.queries.yearly import number
from apps.core.dates import add_months, months_after
from apps.customers.choices import Fate
from apps.customers.models import StopContact
from apps.delivery.models import Delivery
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.models import Opportunity
from apps.service.models import RepairOrder

DAY = timedelta(days=1)
SURVEY_OPEN = timedelta(days=7)  # CARE-27: after due_on; of the first round and of lost buyers
LOST_DUE = timedelta(days=7)  # CARE-30: lost buyers are asked within seven days
DELIVERED = "vehicle__delivery__delivered_on"  # of a call
LONGEST_BREAK = timedelta(days=14)  # between a delivery and the working day after it


def first_round(day: date, stores: list[int], _cars: Any, _wide: Bounds) -> Any:
    """A delivery made here, from the next day on, due on the next working day."""
    since, until = day - SURVEY_OPEN - LONGEST_BREAK, day - DAY
    return (
        _delivered(CallKind.SSI_FIRST, day, stores)
        .filter(delivered_on__range=(since, until))
        .alias(
            call_event=F("delivered_on"),
            call_opens=a_day(F("delivered_on") + 1),
            call_due=_working_day_after(stores, since, until),
        )
        .filter(call_due__gte=day - SURVEY_OPEN)
    )


def second_round(day: date, stores: list[int], _cars: Any, wide: Bounds) -> Any:
    """Who answered the first round here, in the window of the official study."""
    bought: Any = F("delivered_on")
    first, last = (
        cast(Any, F(f"store__planned_days__policy__ssi_second_{name}"))
        for name in ("from_months", "until_months")
    )
    first_answered = Call.objects.filter(
        kind=CallKind.SSI_FIRST,
        vehicle=OuterRef("vehicle"),
        cycle=OuterRef("call_cycle"),
        result=Result.ANSWERED,
    )
    since = add_months(day, -wide.ssi_second_until_months) - LONGEST_BREAK
    until = add_months(day, -wide.ssi_second_from_months)
    return (
        _delivered(CallKind.SSI_SECOND, day, stores)
        .filter(delivered_on__range=(since, until + LONGEST_BREAK))
        .filter(Exists(first_answered))
        .alias(
            call_event=bought,
            call_opens=months_after(bought, first),
            call_due=months_after(bought, last),
        )
        .filter(call_opens__lte=day, call_due__gte=day)
    )


def lost_buyer(day: date, stores: list[int], _cars: Any, _wide: Bounds) -> Any:
    """A purchase that a manager decided as lost, from the next day on (REC-11)."""
    lost = Opportunity.objects.filter(
        status=OpportunityStatus.LOST,
        closed_at__gte=_midnight(day - LOST_DUE - SURVEY_OPEN),
        closed_at__lt=_midnight(day),
    )
    return (
        _asked(lost, CallKind.SSI_LOST, day, stores)
        .alias(
            call_vehicle=Value(None, output_field=IntegerField()),
            call_event=TruncDate("closed_at"),
        )
        .alias(
            call_opens=a_day(F("call_event") + 1),
            call_due=a_day(F("call_event") + LOST_DUE.days),
        )
    )


def _delivered(kind: CallKind, day: date, stores: list[int]) -> Any:
    """Deliveries of cars in use and outside of the workshop; the buyer is asked, whoever drives."""
    stopped = _stops(kind).filter(vehicle=OuterRef("vehicle"))
    inside = RepairOrder.objects.filter(
        Q(out_on=None) | Q(out_on__gt=day), vehicle=OuterRef("vehicle"), in_on__lte=day
    )
    rows = Delivery.objects.filter(customer__isnull=False, vehicle__fate=Fate.IN_USE)
    rows = rows.filter(~Exists(stopped), ~Exists(inside))
    return _asked(rows.alias(call_vehicle=F("vehicle_id")), kind, day, stores)


def _asked(rows: Any, kind: CallKind, day: date, stores: list[int]) -> Any:
    """Of customers who let themselves be called and have not answered this survey."""
    planned = "store__planned_days__"
    answered = Call.objects.filter(
        kind=kind,
        customer=OuterRef("customer"),
        cycle=OuterRef("call_cycle"),
        result=Result.ANSWERED,
    )
    return (
        rows.filter(store__in=stores, store__planned_days__on=day)
        .filter(customer__refuses_service=False)
        .filter(~Exists(_stops(kind).filter(vehicle=None)))
        .alias(
            made_up_before=F(f"{planned}made_up_before"),
            on_duty=F(f"{planned}on_duty"),
            turn=F(f"{planned}turn"),
            call_customer=F("customer_id"),
            call_cycle=a_text("pk"),
            call_group=Value(""),
            call_proactive=Value(False),
        )
        .filter(~Exists(answered))
    )


def _stops(kind: CallKind) -> Any:
    return StopContact.objects.filter(ended_at=None, kind=kind, customer=OuterRef("customer"))


def _working_day_after(
    stores: list[int], since: date, until: date, field: str = "delivered_on"
) -> Case:
    """By day of delivery, as most stores have it; then the stores whose calendar says otherwise."""
    days = [since + DAY * n for n in range((until - since).days + 1)]
    usual: dict[date, date] = {}
    others: dict[tuple[date, date], list[int]] = defaultdict(list)
    for store, calendar in calendars_of(Store.objects.filter(pk__in=stores)).items():
        for on in days:
            due = calendar.working_day_after(on, 1)
            if usual.setdefault(on, due) != due:
                others[on, due].append(store)
    return Case(
        *(
            When(**{field: on}, store__in=ids, then=a_date(due))
            for (on, due), ids in others.items()
        ),
        *(When(**{field: on}, then=a_date(due)) for on, due in usual.items()),
        default=a_day(F(field) + 1),
        output_field=DateField(),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# What became of such calls


def still_bought() -> Any:
    """With a call outside: the delivery that it is about, still one to this customer."""
    rows = Delivery.objects.alias(key=a_text("pk"))
    return rows.filter(
        key=OuterRef("cycle"), vehicle=OuterRef("vehicle"), customer=OuterRef("customer")
    )


def gone_from_facts() -> Q:
    """What the survey was to be about is no fact any more."""
    lost = Opportunity.objects.filter(customer=OuterRef("customer"), status=OpportunityStatus.LOST)
    lost = lost.alias(key=a_text("pk")).filter(key=OuterRef("cycle"))
    of_cars = Q(kind__in=(CallKind.SSI_FIRST, CallKind.SSI_SECOND))
    return of_cars & ~Q(Exists(still_bought())) | Q(kind=CallKind.SSI_LOST) & ~Q(Exists(lost))


def over(on: date) -> Q:
    """Calls due before ``on`` whose time is over."""
    weekly = Q(kind__in=(CallKind.SSI_FIRST, CallKind.SSI_LOST), due_on__lt=on - SURVEY_OPEN)
    return weekly | Q(kind=CallKind.SSI_SECOND)


def dates_now(fresh: Any, on: date) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Untouched calls whose delivery was dated otherwise since, and their dates by it."""
    rows = fresh.filter(kind=CallKind.SSI_FIRST, **{f"{DELIVERED}__isnull": False})
    span = rows.aggregate(first=Min(DELIVERED), last=Max(DELIVERED))
    if span["first"]:
        stores = list(rows.values_list("store", flat=True).distinct())
        due = _working_day_after(stores, span["first"], span["last"], DELIVERED)
        opens = a_day(F(DELIVERED) + 1)
        yield rows, {"event_on": F(DELIVERED), "opens_on": opens, "due_on": due}
    first, last = (
        cast(Any, number(f"ssi_second_{name}", on)) for name in ("from_months", "until_months")
    )
    yield (
        fresh.filter(kind=CallKind.SSI_SECOND, **{f"{DELIVERED}__isnull": False}),
        {
            "event_on": F(DELIVERED),
            "opens_on": months_after(DELIVERED, first),
            "due_on": months_after(DELIVERED, last),
        },
    )


def events_now() -> dict[CallKind, Any]:
    return {kind: F(DELIVERED) for kind in (CallKind.SSI_FIRST, CallKind.SSI_SECOND)}
