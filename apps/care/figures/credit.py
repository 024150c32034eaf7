"""Who brought cars back by a call: bookings, shows, return visits (CARE-24).

Each number is a count of the rows that a function here gives for the same name.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import Store, User
from apps.care.choices import SURVEYS, TALKED, CallKind
from apps.care.models import Attempt, CarePolicy
from apps.service.choices import AppointmentSource, AppointmentStatus
from apps.service.models import Appointment, RepairOrder

NOT_OF_VISITS = (CallKind.SERVICE_FOLLOW_UP, *SURVEYS)  # nobody comes because he was asked
BOOKED: dict[str, Q] = {
    "bookings": Q(),
    "shows": Q(status=AppointmentStatus.ARRIVED),
    "no_shows": Q(status=AppointmentStatus.NO_SHOW),
}
CREDIT = (*BOOKED, "returns")


@dataclass
class Credit:
    """What one specialist's calls came to in a month."""

    person: User
    bookings: int = 0
    shows: int = 0
    no_shows: int = 0
    returns: int = 0


def booked_by_care(store: Store, first: date, last: date, what: str = "bookings") -> Any:
    """Appointments that care calls made for a day of the period; not those that were cancelled
    before it."""
    rows = Appointment.objects.filter(
        store=store, source=AppointmentSource.CARE, on__range=(first, last), by__isnull=False
    )
    return rows.exclude(status=AppointmentStatus.CANCELLED).filter(BOOKED[what])


def credited_visits(store: Store, first: date, last: date) -> Any:
    """Visits settled in the period of which a conversation about the car came first, not more
    than the store's days before the car came in; ``caller`` led the last of them (CARE-24)."""
    numbers = CarePolicy.objects.in_force(store, first) or CarePolicy()
    came = Coalesce(OuterRef("in_on"), OuterRef("out_on"))
    earliest = ExpressionWrapper(came - numbers.credit_days, DateField())
    talks = Attempt.objects.filter(
        store=store,
        call__vehicle=OuterRef("vehicle"),
        result__in=TALKED,
        at__date__lte=came,
        at__date__gte=earliest,
    ).exclude(call__kind__in=NOT_OF_VISITS)
    caller = Subquery(talks.order_by("-at", "-pk").values("by")[:1])
    visits = RepairOrder.objects.filter(store=store, out_on__range=(first, last))
    return visits.annotate(caller=caller).filter(caller__isnull=False)


def booking_credit(store: Store, first: date, last: date) -> list[Credit]:
    """Each specialist who has something to show for, by name. Three queries."""
    counts = {name: Count("pk", filter=what) for name, what in BOOKED.items()}
    booked = booked_by_care(store, first, last).order_by().values("by").annotate(**counts)
    found = {row["by"]: {name: row[name] for name in BOOKED} for row in booked}
    for caller in credited_visits(store, first, last).values_list("caller", flat=True):
        line = found.setdefault(caller, {})
        line["returns"] = line.get("returns", 0) + 1
    people = User.objects.filter(pk__in=found).order_by("pk")
    return [Credit(person, **found[person.pk]) for person in people]


@dataclass(frozen=True)
class CreditRow:
    """One row behind a number: an appointment, or a visit."""

    on: date
    customer: Any
    car: Any
    told: str
    person: Any
    order: RepairOrder | None = None
    appointment: Appointment | None = None


def credit_rows(
    store: Store, what: str, person: int | None, first: date, last: date, most: int | None = None
) -> list[CreditRow]:
    """The rows behind a number of ``booking_credit``; ``person`` None: of everybody."""
    if what == "returns":
        visits = credited_visits(store, first, last).select_related("vehicle__owner")
        chosen = visits.filter(caller=person) if person else visits
        orders = list(chosen.order_by("-out_on", "-pk")[:most])
        names = User.objects.in_bulk({one.caller for one in orders})
        return [
            CreditRow(
                order.out_on,
                order.vehicle.owner,
                order.vehicle,
                f"{order.get_kind_display()} {order.number}",
                names[order.caller],
                order=order,
            )
            for order in orders
        ]
    booked = booked_by_care(store, first, last, what if what in BOOKED else "bookings")
    chosen = booked.filter(by=person) if person else booked
    rows = chosen.select_related("customer", "vehicle", "by").order_by("-starts_at", "-pk")
    return [
        CreditRow(
            row.on, row.customer, row.vehicle, row.get_status_display(), row.by, appointment=row
        )
        for row in rows[:most]
    ]
