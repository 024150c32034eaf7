"""The insurance calls of a month, which of them were drawn, and what was found (CARE-09)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import Store, User
from apps.care.choices import CallKind, CallStatus, Finding
from apps.care.models import Attempt, Call, InsuranceCheck, InsuranceSample
from apps.care.queries.lists import OPEN
from apps.core.dates import add_months
from apps.customers.models import StopContact

ASKED = (CallKind.INSURANCE, CallKind.INSURANCE_CHECK)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def population(store: Store, month: date) -> QuerySet[Call]:
    """The insurance calls of the month from which is drawn.

    Those that ended with a conversation or a failure record, each in the later of the month in
    which it was due and the month in which it ended: so each is in one month and none escapes
    by being late. Not those whose customer may not be contacted any more (CARE-28, CARE-29).
    """
    after = add_months(month, 1)
    stopped = StopContact.objects.filter(
        Q(vehicle=OuterRef("vehicle")) | Q(vehicle=None),
        ended_at=None,
        kind__in=ASKED,
        customer=OuterRef("customer"),
    )
    return Call.objects.filter(
        Q(due_on__gte=month, due_on__lt=after)
        | Q(due_on__lt=month, ended_at__gte=_midnight(month)),
        ~Exists(stopped),
        store=store,
        kind=CallKind.INSURANCE,
        status__in=(CallStatus.REACHED, CallStatus.FAILED),
        ended_at__lt=_midnight(after),
        customer__refuses_service=False,
    )


def with_specialist(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Each with ``made_by_id``: who dialled last, else who answers for it."""
    last = Attempt.objects.filter(call=OuterRef("pk")).order_by("-at", "-pk")
    dialled = Subquery(last.values("by")[:1])
    return calls.annotate(
        made_by_id=Coalesce(dialled, F("owner_id"), output_field=BigIntegerField())
    )


# What became of the calls drawn: each is a condition on checks.
WHAT: dict[str, Q] = {
    "drawn": Q(),
    "verified": ~Q(finding=""),
    "confirmed": Q(finding=Finding.CONFIRMED),
    "differs": Q(finding__in=(Finding.OTHERWISE, Finding.NOT_CALLED)),
    "open": Q(finding="", call__status__in=OPEN),
    "not_reached": Q(finding="") & ~Q(call__status__in=(*OPEN, CallStatus.WITHDRAWN)),
    "withdrawn": Q(finding="", call__status=CallStatus.WITHDRAWN),
}


def checks(
    store: Store, month: date, what: str = "drawn", person: int | None = None
) -> QuerySet[InsuranceCheck]:
    """The checks of the month's sample behind one number; ``person``: of one specialist,
    0 of nobody."""
    rows: QuerySet[InsuranceCheck] = InsuranceCheck.objects.filter(
        WHAT.get(what, Q()), store=store, sample__month=month
    )
    if person is not None:
        rows = rows.filter(specialist=person or None)
    calls = ("customer", "vehicle", "owner", "store", "holder", "callback_for")
    related = (f"{side}__{name}" for side in ("call", "sampled") for name in calls)
    return rows.select_related("specialist", "by", *related).order_by("pk")


@dataclass
class Findings:
    """One specialist's sampled calls (``person`` None: nobody's), or all of them."""

    person: User | None = None
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))

    @property
    def cells(self) -> list[tuple[str, int]]:
        return list(self.numbers.items())


def findings(store: Store, month: date) -> list[Findings]:
    """How many of each ``WHAT`` per specialist, by name. Two queries."""
    counts = {name: Count("pk", filter=what) for name, what in WHAT.items()}
    rows: Any = (
        InsuranceCheck.objects.filter(store=store, sample__month=month)
        .values("specialist")
        .annotate(**counts)
        .order_by("specialist")
    )
    found = list(rows)
    people = User.objects.in_bulk([row["specialist"] for row in found if row["specialist"]])
    return [
        Findings(people.get(row["specialist"]), {name: row[name] for name in WHAT}) for row in found
    ]


@dataclass(frozen=True)
class Progress:
    """How far the verification of one month is."""

    sample: InsuranceSample
    numbers: dict[str, int]

    @property
    def population(self) -> int:
        return len(self.sample.population)

    @property
    def percent(self) -> int:
        """Verified of the month's insurance calls, in per cent, never rounded up."""
        return 100 * self.numbers["verified"] // self.population if self.population else 0

    @property
    def is_reached(self) -> bool:
        return 100 * self.numbers["verified"] >= self.sample.share * self.population

    @property
    def can_be_reached(self) -> bool:
        """With the calls that are still open."""
        most = self.numbers["verified"] + self.numbers["open"]
        return 100 * most >= self.sample.share * self.population


def progress(user: Any, most: int = 12) -> list[Progress]:
    """The latest samples of the stores that one reads, the newest first. Two queries."""
    samples = list(InsuranceSample.objects.visible_to(user).select_related("store")[:most])
    return progress_of(samples)


def progress_of(samples: list[InsuranceSample]) -> list[Progress]:
    """One query."""
    counts = {name: Count("pk", filter=what) for name, what in WHAT.items()}
    rows: Any = (
        InsuranceCheck.objects.filter(sample__in=samples)
        .order_by()
        .values("sample")
        .annotate(**counts)
    )
    numbers = {row["sample"]: {name: row[name] for name in WHAT} for row in rows}
    return [Progress(one, numbers.get(one.pk) or dict.fromkeys(WHAT, 0)) for one in samples]
