"""How the scripts do at work (CARE-01, CARE-21), and who brought cars back by a call (CARE-24).

Each number is a count of the rows that a function here gives for the same name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate

from apps.accounts.models import Store, User
from apps.care import policy
from apps.care.choices import TALKED, CallKind, Result
from apps.care.models import Attempt, CarePolicy, Script
from apps.service.choices import AppointmentSource, AppointmentStatus
from apps.service.models import Appointment, RepairOrder

DAY = timedelta(days=1)
USED: dict[str, Q] = {
    "used": Q(),
    "reached": Q(result__in=TALKED),
    "booked": Q(result=Result.BOOKED),
}


def diallings(**of: Any) -> QuerySet[Attempt]:
    """Attempts made with a script; a call that was only spoken to along with another is none."""
    rows = Attempt.objects.filter(script__isnull=False, **of)
    return rows.exclude(result=Result.SPOKEN_TO).order_by()


def script_figures(user: User) -> dict[int, dict[str, int]]:
    """Script → how often used, reached and booked, ever since (CARE-01). One query."""
    counts = {name: Count("pk", filter=what) for name, what in USED.items()}
    counted: Any = diallings(store__in=user.store_ids).values("script").annotate(**counts)
    return {row["script"]: row for row in counted}


def scripts_of(user: User) -> QuerySet[Script]:
    """All versions, the newest of a kind first."""
    rows: QuerySet[Script] = Script.objects.visible_to(user)
    return rows.select_related("made_by", "store").order_by("store", "kind", "-version")


def script_lines(user: User) -> list[dict[str, Any]]:
    """Each version with how it did. Two queries."""
    figures, none = script_figures(user), dict.fromkeys(USED, 0)
    return [{"script": row} | figures.get(row.pk, none) for row in scripts_of(user)]


def said(attempt: Attempt) -> list[str]:
    """The points that were ticked; a number that the script has no point for is none."""
    points = attempt.script.points if attempt.script else []
    return [text for n, text in enumerate(points) if n in attempt.ticks]


@dataclass(frozen=True)
class Rate:
    """So many (``n``) of so many (``of``), named as its rows are asked for."""

    what: str
    n: int
    of: int

    @property
    def share(self) -> int | None:
        return round(100 * self.n / self.of) if self.of else None

    @property
    def interval(self) -> tuple[int, int] | None:
        """Between which per cent the true rate lies (95 %); None: too few to say."""
        if self.of < policy.FEWEST_FOR_A_RATE:
            return None
        low, high = policy.wilson(self.n, self.of)
        return round(100 * low), round(100 * high)


@dataclass
class Point:
    """What must be said: in how many conversations it was ticked, and who came back of those."""

    number: int
    text: str
    ticked: Rate
    returned: Rate


@dataclass
class Version:
    """One version of a script in a period."""

    script: Script
    used: int
    reached: Rate
    booked: Rate
    returned: Rate
    points: list[Point] = field(default_factory=list)


def conversations(day: date) -> Q:
    """Reached, about a car, and so long ago that who would come back has come."""
    return USED["reached"] & Q(call__vehicle__isnull=False, day__lte=day - policy.RETURN_WITHIN)


def with_return(rows: QuerySet[Attempt]) -> Any:
    """With ``day``, and ``back``: was the car here from that day on, within 31 days."""
    rows = rows.annotate(day=TruncDate("at"))
    until = ExpressionWrapper(OuterRef("day") + policy.RETURN_WITHIN, DateTimeField())
    visits = RepairOrder.objects.filter(
        vehicle=OuterRef("call__vehicle"), out_on__gte=OuterRef("day"), out_on__lte=until
    )
    return rows.annotate(back=Exists(visits))


def at_work(scripts: Iterable[Script], first: date, last: date, today: date) -> list[Version]:
    """Each version from ``first`` to ``last``. One query."""
    scripts = list(scripts)
    most = max((len(script.points) for script in scripts), default=0)
    rows = with_return(diallings(script__in=scripts)).filter(day__range=(first, last))
    long_ago = conversations(today)
    counts = {name: Count("pk", filter=what) for name, what in USED.items()}
    counts |= {
        "mature": Count("pk", filter=long_ago),
        "returned": Count("pk", filter=long_ago & Q(back=True)),
    }
    for n in range(most):
        said = Q(ticks__contains=[n])
        counts[f"ticked{n}"] = Count("pk", filter=USED["reached"] & said)
        counts[f"mature{n}"] = Count("pk", filter=long_ago & said)
        counts[f"returned{n}"] = Count("pk", filter=long_ago & said & Q(back=True))
    counted = {row["script"]: row for row in rows.values("script").annotate(**counts)}
    none = dict.fromkeys(counts, 0)
    return [_version(script, counted.get(script.pk, none)) for script in scripts]


def _version(script: Script, row: dict[str, int]) -> Version:
    reached = row["reached"]
    return Version(
        script,
        used=row["used"],
        reached=Rate("reached", reached, row["used"]),
        booked=Rate("booked", row["booked"], reached),
        returned=Rate("returned", row["returned"], row["mature"]),
        points=[
            Point(
                n,
                text,
                ticked=Rate("ticked", row[f"ticked{n}"], reached),
                returned=Rate("returned", row[f"returned{n}"], row[f"mature{n}"]),
            )
            for n, text in enumerate(script.points)
        ],
    )


def rows(
    store: Store, asked: dict[str, Any], first: date, last: date, today: date
) -> QuerySet[Attempt]:
    """The attempts behind one number of the page: ``script``, ``what`` of it, which ``point``."""
    found = with_return(diallings(store=store)).filter(day__range=(first, last))
    if asked.get("kind"):
        found = found.filter(script__kind=asked["kind"])
    if asked.get("script"):
        found = found.filter(script=asked["script"])
    what = asked.get("what") or "used"
    if what in ("mature", "returned"):
        found = found.filter(conversations(today))
        found = found.filter(back=True) if what == "returned" else found
    else:
        found = found.filter(USED["reached" if what == "ticked" else what])
    if asked.get("point") is not None:
        found = found.filter(ticks__contains=[asked["point"]])
    related = ("call__customer", "call__vehicle", "by", "script", "store")
    listed: QuerySet[Attempt] = found.select_related(*related).order_by("-at", "-pk")
    return listed


# Booking credit (CARE-24)

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
    ).exclude(call__kind=CallKind.SERVICE_FOLLOW_UP)
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
