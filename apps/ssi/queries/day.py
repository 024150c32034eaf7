"""What a specialist has done today and what is left, by the pieces of the day (SSI-06)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.care.choices import TALKED, Result
from apps.care.models import Attempt, Call
from apps.care.queries.lists import OPEN, due, start_of
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.complaints.models import StepTaken
from apps.complaints.queries import waits_for
from apps.customers.choices import ReadingSource
from apps.customers.models import MileageReading
from apps.delivery.choices.dsm import DsmStatus
from apps.delivery.models import DsmRecord
from apps.service.choices import AWAITED, AppointmentSource
from apps.service.models import Appointment
from apps.ssi.choices import ROUND_OF
from apps.ssi.policy import day as policy
from apps.ssi.queries.rooms import runs_on

DAY = timedelta(days=1)
PERSONAL = ("surveys", "quick", "reminders", "mileage", "bookings")
CHECKS = {
    "first_check": ChecklistKind.FIVE_S_FIRST,
    "second_check": ChecklistKind.FIVE_S_SECOND,
}
SURVEYS = [kind.value for kind in ROUND_OF]
Counts = dict[str, policy.Count]


def specialists(store: Store) -> QuerySet[User]:
    people: QuerySet[User] = User.objects.filter(
        store=store, is_active=True, roles__contains=[Role.CARE_SPECIALIST]
    )
    return people.order_by("pk")


def of_people(store: Store, people: Collection[User], now: datetime) -> dict[int, Counts]:
    """Person → piece → what is left and done today, for those pieces that are one's own. Seven
    queries however many people."""
    day, ids = now.date(), [person.pk for person in people]
    left: dict[str, dict[int, int]] = defaultdict(dict)
    done: dict[str, dict[int, int]] = defaultdict(dict)
    for who, key, n in _calls_left(store, ids, day):
        left[key][who] = n
    for who, key, n in _calls_done(store, ids, day):
        done[key][who] = n
    left["mileage"] = dict(
        without_mileage(store, ids, day)
        .values_list("by")
        .annotate(Count("call__vehicle", distinct=True))
    )
    done["mileage"] = _counted(_readings(store, ids, day), "recorded_by")
    booked = Appointment.objects.filter(store=store, source=AppointmentSource.CARE, by__in=ids)
    waiting = booked.filter(accepted_at=None, status__in=AWAITED)
    taken_over = _today(booked.filter(on__gte=day), "accepted_at", day)
    left["bookings"] = _counted(waiting, "by")
    done["bookings"] = _counted(taken_over, "by")
    taken = StepTaken.objects.filter(store=store, by__in=ids)
    done["quick"] = _counted(_today(taken, "at", day), "by")
    return {
        pk: {key: policy.Count(left[key].get(pk, 0), done[key].get(pk, 0)) for key in PERSONAL}
        for pk in ids
    }


def of_one(store: Store, person: User, now: datetime) -> Counts:
    """The same for one person, with the quick responses whose next step is his. Eight queries."""
    [counts] = of_people(store, [person], now).values()
    steps = waits_for(person, Now()).count()
    return counts | {"quick": policy.Count(steps, counts["quick"].done)}


def of_store(store: Store, now: datetime) -> tuple[Counts, dict[str, ChecklistRun]]:
    """What anybody of the house does once for all: the DSM records, and the two checks; with the
    checks that were done. Two queries."""
    day = now.date()
    records = DsmRecord.objects.filter(store=store).aggregate(
        left=Count("pk", filter=Q(status=DsmStatus.ENTERED)),
        done=Count(
            "pk", filter=Q(checked_at__gte=start_of(day), checked_at__lt=start_of(day + DAY))
        ),
    )
    runs = runs_on(store, day)
    whole = {kind for kind, run in runs.items() if run.whole}
    checks = {key: int(kind in whole) for key, kind in CHECKS.items()}
    counts = {key: policy.Count(1 - done, done) for key, done in checks.items()}
    return counts | {"dsm": policy.Count(records["left"], records["done"])}, {
        key: runs[kind] for key, kind in CHECKS.items() if kind in runs
    }


def _which(prefix: str = "") -> Case:
    return Case(
        When(**{f"{prefix}kind__in": SURVEYS, "then": Value("surveys")}),
        default=Value("reminders"),
    )


def _calls_left(store: Store, ids: Collection[int], day: date) -> Any:
    """Open calls due today or before, and call-backs promised until tonight."""
    owed = due(due_on__lte=day) | Q(
        status__in=OPEN, paused_on=None, callback_at__lt=start_of(day + DAY)
    )
    rows = Call.objects.filter(owed, store=store)
    rows = rows.annotate(who=Coalesce("callback_for", "owner"), piece=_which())
    rows = rows.filter(who__in=ids).order_by()
    return rows.values_list("who", "piece").annotate(Count("pk"))


def _calls_done(store: Store, ids: Collection[int], day: date) -> Any:
    """Calls that ended after somebody dialled today, each once, by who dialled."""
    rows = _attempts(store, ids, day).exclude(call__status__in=OPEN)
    rows = rows.annotate(piece=_which("call__")).order_by()
    return rows.values_list("by", "piece").annotate(Count("call", distinct=True))


def _attempts(store: Store, ids: Collection[int], day: date) -> QuerySet[Attempt]:
    tries = Attempt.objects.filter(store=store, by__in=ids)
    rows: QuerySet[Attempt] = _today(tries, "at", day)
    return rows.exclude(result=Result.SPOKEN_TO)


def _readings(store: Store, ids: Collection[int], day: date) -> QuerySet[MileageReading]:
    return MileageReading.objects.filter(
        store=store, on=day, source=ReadingSource.CUSTOMER, recorded_by__in=ids
    )


def without_mileage(store: Store, ids: Collection[int], day: date) -> QuerySet[Attempt]:
    """Conversations of today about a car whose mileage nobody wrote down today; not of surveys,
    which ask no mileage."""
    read = MileageReading.objects.filter(vehicle=OuterRef("call__vehicle"), on=day)
    rows = _attempts(store, ids, day).filter(
        ~Exists(read), result__in=TALKED, call__vehicle__isnull=False
    )
    return rows.exclude(call__kind__in=SURVEYS).order_by()


def _today(rows: Any, column: str, day: date) -> Any:
    return rows.filter(**{f"{column}__gte": start_of(day), f"{column}__lt": start_of(day + DAY)})


def _counted(rows: Any, who: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(who).annotate(Count("pk")))


@dataclass(frozen=True)
class Asked:
    """A car that was spoken about today without its mileage."""

    pk: int
    car: str
    customer: str


def cars_without_mileage(store: Store, person: User, day: date, most: int = 10) -> list[Asked]:
    """Whose mileage is still to be asked, or to be written down. One query."""
    rows = without_mileage(store, [person.pk], day).select_related(
        "call__vehicle", "call__customer"
    )
    cars = {row.call.vehicle_id or 0: row.call for row in rows.order_by("at")}
    return [Asked(pk, str(c.vehicle), str(c.customer)) for pk, c in list(cars.items())[:most]]
