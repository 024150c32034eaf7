"""Which answers are marked, whose they are, and who brings far better ones (SSI-10).

A mark says where a person should look; no figure of the index leaves a marked answer out.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from apps.accounts.models import Store, User
from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.core.dates import add_months
from apps.ssi.choices import Mark, ResponseStatus
from apps.ssi.models import Response, SsiPolicy, SurveyModel
from apps.ssi.policy.honesty import Asked, above_the_others

COMPARED_MONTHS = 3  # over which interviewers are compared
MARKED: dict[str, Q] = {
    "all": Q(),
    "any": ~Q(marks=[]),
    **{mark.value: Q(marks__contains=[mark.value]) for mark in Mark},
}
WHOSE = ("interviewer", "consultant")


def finished(store: Store, first: date, after: date) -> QuerySet[Response]:
    return Response.objects.filter(
        store=store, status=ResponseStatus.DONE, on__gte=first, on__lt=after
    )


def of_month(store: Store, month: date) -> QuerySet[Response]:
    return finished(store, month, add_months(month, 1))


@dataclass
class Line:
    """One person's answers of a month and how many of them are marked. ``person`` None: of an
    interviewer the customer himself, of a consultant nobody with an account."""

    person: User | None
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        return self.person.pk if self.person else 0

    @property
    def cells(self) -> list[tuple[str, int]]:
        return list(self.numbers.items())


def lines(store: Store, month: date, whose: str) -> list[Line]:
    """How many of each ``MARKED`` per interviewer or consultant, most marks first. Two queries."""
    counts = {f"n_{name}": Count("pk", filter=what) for name, what in MARKED.items()}
    rows: Any = of_month(store, month).order_by().values(whose).annotate(**counts)
    found = {row[whose]: {name: row[f"n_{name}"] for name in MARKED} for row in rows}
    people = User.objects.in_bulk([pk for pk in found if pk])
    told = [Line(people.get(pk), numbers) for pk, numbers in found.items()]
    return sorted(told, key=lambda line: (-line.numbers["any"], -line.numbers["all"], line.pk))


def marked(user: Any, asked: Mapping[str, Any], today: date) -> QuerySet[Response]:
    """The responses behind one number of the page, the newest first: without a choice all that
    are marked."""
    month = MonthForm(asked).chosen(today)
    what = MARKED.get(asked.get("mark", "any"), MARKED["any"])
    rows = of_month(store_shown(user, asked), month).filter(what)
    for whose in WHOSE:
        who = asked.get(whose, "")
        if who.isdecimal() and len(who) < 12:
            rows = rows.filter(**{whose: int(who) or None})
    return rows.select_related("customer", "interviewer", "consultant").order_by("-on", "-pk")


@dataclass(frozen=True)
class Compared:
    """One interviewer beside all the others, by one survey model. ``above``: None: too few."""

    person: User | None  # None: customers who answered by themselves, shown beside
    number: int
    mean: Decimal | None
    above: Decimal | None
    is_far: bool


def compared(store: Store, month: date, far_above: int) -> list[tuple[SurveyModel, list[Compared]]]:
    """Each model's interviewers over three months, the highest first: answers by different models
    are never mixed. Three queries."""
    rows: Any = (
        finished(store, add_months(month, 1 - COMPARED_MONTHS), add_months(month, 1))
        .counted()  # type: ignore[attr-defined]
        .order_by()
        .values("model", "interviewer")
        .annotate(n=Count("pk"), total=Sum("score"))
    )
    by_model: dict[int, dict[int | None, Asked]] = defaultdict(dict)
    for row in rows:
        by_model[row["model"]][row["interviewer"]] = Asked(row["n"], row["total"])
    people = User.objects.in_bulk({pk for asked in by_model.values() for pk in asked if pk})
    models = SurveyModel.objects.filter(pk__in=by_model)
    return [(model, _beside(by_model[model.pk], people, far_above)) for model in models]


def _beside(
    asked: dict[int | None, Asked], people: dict[int, User], far_above: int
) -> list[Compared]:
    found = []
    for pk, one in asked.items():
        others = [row for other, row in asked.items() if other not in (pk, None)]
        above = above_the_others(one, others) if pk else None
        far = above is not None and above >= far_above
        found.append(Compared(people.get(pk or 0), one.number, one.mean, above, far))
    return sorted(found, key=lambda row: -(row.mean or 0))


def numbers_of(store: Store, on: date) -> SsiPolicy:
    row: SsiPolicy | None = SsiPolicy.objects.in_force(store, on)
    return row or SsiPolicy()
