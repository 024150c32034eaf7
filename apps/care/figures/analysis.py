"""The weekly and monthly analysis of first service and maintenance, whole (CARE-17)."""

from dataclasses import dataclass
from datetime import date

from apps.accounts.models import Store, User
from apps.care.figures import reminders, returns, scripts, shops
from apps.care.figures.periods import Period
from apps.care.figures.rates import Rate
from apps.care.models import CarePolicy, Script


@dataclass(frozen=True)
class Person:
    """One specialist's own calls of the period, by kind."""

    person: User | None
    kinds: dict[str, reminders.Reminded]


@dataclass(frozen=True)
class OfKind:
    """One kind in a period: the rates, and what its calls came to; beside those before."""

    kind: str
    now: reminders.Reminded
    before: reminders.Reminded
    reminded: list[Rate]  # of the periods of the trend, this one's last
    returned: list[returns.Returned]


@dataclass(frozen=True)
class Sheet:
    """What the meeting looks at."""

    period: Period
    kinds: list[OfKind]
    reasons: dict[str, dict[str, int]]
    shops: list[shops.Shop]
    people: list[Person]
    versions: list[scripts.Version]
    numbers: CarePolicy

    def __bool__(self) -> bool:
        """Whether there is anything to look at."""
        called = any(one.now.counts["due"] or one.now.counts["made_up"] for one in self.kinds)
        return called or bool(self.shops) or any(one.returned[-1].of for one in self.kinds)


def numbers_of(store: Store, period: Period, today: date) -> CarePolicy:
    """The store's numbers that hold for a period: on its last day, or today."""
    found: CarePolicy | None = CarePolicy.objects.in_force(store, min(period.last, today))
    return found or CarePolicy()


def sheet(store: Store, period: Period, today: date) -> Sheet:
    """Nine queries, however many calls."""
    numbers = numbers_of(store, period, today)
    within = returns.within(numbers)
    told = reminders.reminders(store, period, today)
    before = period.before.first
    kinds = [
        OfKind(
            kind,
            told.of[period.first, kind],
            told.of[before, kind],
            [told.of[one.first, kind].rate for one in period.trend],
            returns.returns(store, period, kind, within[kind], today),
        )
        for kind in reminders.KINDS
    ]
    return Sheet(
        period,
        kinds,
        reminders.reasons(store, period.first, period.last),
        shops.shops(store, period.first, period.last),
        _people(told),
        _versions(store, period, today),
        numbers,
    )


def _people(told: reminders.Reminders) -> list[Person]:
    users = User.objects.in_bulk([pk for pk in told.people if pk])
    lines = [Person(users[pk] if pk else None, kinds) for pk, kinds in told.people.items()]
    return sorted(lines, key=lambda line: (line.person is None, line.person and line.person.pk))


def _versions(store: Store, period: Period, today: date) -> list[scripts.Version]:
    """The versions that were said in the period, the newest of a kind first."""
    rows = Script.objects.filter(store=store, kind__in=reminders.KINDS).order_by("kind", "-version")
    found = scripts.at_work(rows, period.first, period.last, today)
    return [one for one in found if one.used]
