"""How well the archive is kept: how complete it is, how good its numbers are (CUS-09, CUS-10).

Each number is counted as the rows behind it are found: what is lacking as the work list shows
it (``gaps.asked_for``), bad numbers as ``corrections``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import Store, User
from apps.customers.choices import CorrectionStatus, CustomerKind, Fate, Lack, NumberStatus
from apps.customers.gaps import IMPORTED
from apps.customers.models import (
    ArchiveDay,
    ContactNumber,
    Customer,
    Gap,
    NumberCorrection,
    Vehicle,
)

# Lack → the columns of a day: who lacks it, of how many.
DAY_COLUMNS: dict[str, tuple[str, str]] = {
    Lack.PHONE: ("no_phone", "customers"),
    Lack.BIRTHDAY: ("no_birthday", "persons"),
    Lack.OWNER: ("no_owner", "cars"),
    Lack.DELIVERY: ("no_delivery", "sold_here"),
    Lack.MILEAGE: ("no_mileage", "cars"),
    Lack.INSURANCE: ("no_insurance", "cars"),
}
IN_ORDER = list(Lack)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Share:
    """So many of ``whole`` lack something; ``there`` is the share that does not, in per cent."""

    whole: int
    lacking: int

    @property
    def there(self) -> float | None:
        """To one place, and 100 only when nothing is lacking; None of nothing."""
        if not self.whole:
            return None
        share = round(100 * (self.whole - self.lacking) / self.whole, 1)
        return 99.9 if share == 100 and self.lacking else share


@dataclass(frozen=True)
class Completeness:
    """What is lacking of some records: each thing, and the records that lack any."""

    lacks: dict[str, Share]
    records: Share


def of_day(day: ArchiveDay | Mapping[str, int]) -> Completeness:
    """A day of the archive as shares."""
    of: Any = day.__getitem__ if isinstance(day, Mapping) else lambda name: getattr(day, name)
    lacks = {k: Share(of(whole), of(lacking)) for k, (lacking, whole) in DAY_COLUMNS.items()}
    return Completeness(lacks, Share(of("customers") + of("cars"), of("incomplete")))


def now_in(store: Store) -> Completeness:
    """As the work list is at this moment. Four queries."""
    people = Customer.objects.filter(store=store).order_by()
    counted = people.aggregate(
        customers=Count("pk"), persons=Count("pk", filter=Q(kind=CustomerKind.PERSON))
    )
    cars = Vehicle.objects.filter(store=store, fate=Fate.IN_USE).order_by()
    counted |= cars.aggregate(cars=Count("pk"), sold_here=Count("pk", filter=Q(sold_here=True)))
    gaps = Gap.objects.filter(store=store).order_by()
    lacking = dict(gaps.values_list("lack").annotate(Count("pk")))
    counted |= {DAY_COLUMNS[lack][0]: lacking.get(lack, 0) for lack in Lack}
    return of_day(counted | gaps.aggregate(incomplete=_records()))


def _records() -> Any:
    """Records among gaps: a customer's and a car's never are one row."""
    return Count("customer", distinct=True) + Count("vehicle", distinct=True)


@dataclass
class Recorder:
    """What one person recorded (None: what an import did), and what of it is lacking."""

    person: User | None
    records: int = 0
    incomplete: int = 0
    lacks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IN_ORDER, 0))

    @property
    def share(self) -> float | None:
        return Share(self.records, self.incomplete).there


def recorders_of(store: Store) -> list[Recorder]:
    """Everybody who recorded something that is there, imports last. Five queries."""
    found: dict[int | None, Recorder] = defaultdict(lambda: Recorder(None))
    people = Customer.objects.filter(store=store)
    cars = Vehicle.objects.filter(store=store, fate=Fate.IN_USE)
    for rows in (people, cars):
        for pk, count in rows.order_by().values_list("recorded_by").annotate(Count("pk")):
            found[pk].records += count
    gaps = Gap.objects.filter(store=store).order_by().values_list("recorded_by")
    for pk, lack, count in gaps.values_list("recorded_by", "lack").annotate(Count("pk")):
        found[pk].lacks[lack] = count
    for pk, count in gaps.annotate(records=_records()):
        found[pk].incomplete = count
    return _named(found)


def _named(found: dict[int | None, Any]) -> list[Any]:
    """The lines of people in their order, the line of imports last. One query."""
    people = User.objects.in_bulk([pk for pk in found if pk])
    for pk, line in found.items():
        line.person = people.get(pk) if pk else None
    return [found[pk] for pk in sorted(found, key=lambda pk: (pk is None, pk or 0))]


class Median(Aggregate):
    """The value in the middle."""

    name = "median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


# What of the bad numbers is asked for.
FOUND: dict[str, Q] = {
    "all": Q(),
    "empty": Q(found=NumberStatus.EMPTY),
    "wrong": Q(found=NumberStatus.WRONG),
    "done": Q(status=CorrectionStatus.DONE),
    "open": Q(status=CorrectionStatus.OPEN),
}


@dataclass
class NumberHealth:
    """The numbers of one recorder that were found bad in a period (None: of imports)."""

    person: User | None
    recorded: int = 0  # numbers there are of this recorder
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FOUND, 0))
    took: timedelta | None = None  # from the finding to a good number: the middle one


def period(asked: Mapping[str, Any], today: date) -> tuple[datetime, datetime]:
    """From the beginning of its first day until the end of today; 90 days if not asked."""
    first = today - timedelta(days=(asked.get("days") or 90) - 1)
    since, until = (datetime(day.year, day.month, day.day) for day in (first, today + DAY))
    return timezone.make_aware(since), timezone.make_aware(until)


def corrections(store: Store, since: datetime, until: datetime) -> QuerySet[NumberCorrection]:
    """The numbers that were found bad from ``since`` on and before ``until``, the last first."""
    rows: QuerySet[NumberCorrection] = NumberCorrection.objects.filter(
        store=store, asked_at__gte=since, asked_at__lt=until
    )
    return rows.order_by("-asked_at", "-pk")


def listed(
    store: Store, since: datetime, until: datetime, asked: Mapping[str, Any]
) -> QuerySet[NumberCorrection]:
    """The bad numbers behind one number of the page: of ``person``, ``what`` of them."""
    rows = corrections(store, since, until).filter(FOUND[asked.get("what") or "all"])
    if person := asked.get("person"):
        rows = rows.filter(number__recorded_by=None if person == IMPORTED else person)
    return rows.select_related("customer", "number__recorded_by", "asked_by", "done_by")


def number_health(store: Store, since: datetime, until: datetime) -> list[NumberHealth]:
    """By who recorded the number, not by who found it bad (CUS-09). Three queries."""
    found: dict[int | None, NumberHealth] = defaultdict(lambda: NumberHealth(None))
    asked = corrections(store, since, until).order_by().values("number__recorded_by")
    counts = {name: Count("pk", filter=what) for name, what in FOUND.items()}
    row: Any
    for row in asked.annotate(**counts, took=_took()):
        line = found[row["number__recorded_by"]]
        line.found, line.took = {name: row[name] for name in FOUND}, row["took"]
    numbers = ContactNumber.objects.filter(store=store).order_by().values_list("recorded_by")
    for pk, count in numbers.annotate(Count("pk")):
        found[pk].recorded = count
    return _named(found)


def time_to_correct(store: Store, since: datetime, until: datetime) -> timedelta | None:
    """Half of the bad numbers of the period that were corrected took no longer than this."""
    took: timedelta | None = corrections(store, since, until).aggregate(took=_took())["took"]
    return took


def _took() -> Median:
    return Median(F("done_at") - F("asked_at"), filter=Q(status=CorrectionStatus.DONE))


def days(store_ids: Iterable[int], first: date, last: date) -> list[dict[str, Any]]:
    """The days counted of these stores together, each with its shares. One query."""
    names = {name for pair in DAY_COLUMNS.values() for name in pair} | {"incomplete"}
    rows = (
        ArchiveDay.objects.filter(store__in=store_ids, on__range=(first, last))
        .order_by("on")
        .values("on")
        .annotate(**{f"sum_{name}": Coalesce(Sum(name), 0) for name in names})
    )
    return [
        {"on": row["on"], "shares": of_day({name: row[f"sum_{name}"] for name in names})}
        for row in rows
    ]


def latest(store_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Each store as it was last counted, by its code. One query."""
    rows = (
        ArchiveDay.objects.filter(store__in=store_ids)
        .order_by("store_id", "-on")
        .distinct("store_id")
        .select_related("store")
    )
    lines = [{"store": row.store, "on": row.on, "shares": of_day(row)} for row in rows]
    return sorted(lines, key=lambda line: line["store"].code)
