"""The boards: the churn groups, what each specialist did today."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.accounts.models import User
from apps.care.choices import (
    BAD_NUMBER,
    NOT_REACHED,
    SPECIALISTS,
    TALKED,
    CallKind,
    CallStatus,
    ChurnGroup,
    Result,
)
from apps.care.models import Attempt, Call
from apps.care.queries.lists import OPEN, due, shown, start_of
from apps.core.dates import month_end

LOCAL = (ChurnGroup.LOCAL_IN, ChurnGroup.LOCAL_OUT)
NON_LOCAL = (ChurnGroup.NON_LOCAL_IN, ChurnGroup.NON_LOCAL_OUT)
# CARE-11: the six groups in their order, and beside them those at risk.
CHURN_ROWS: dict[str, Q] = {
    "local": Q(kind=CallKind.CHURN, churn_group__in=LOCAL),
    "local_in": Q(kind=CallKind.CHURN, churn_group=ChurnGroup.LOCAL_IN),
    "local_out": Q(kind=CallKind.CHURN, churn_group=ChurnGroup.LOCAL_OUT),
    "non_local": Q(kind=CallKind.CHURN, churn_group__in=NON_LOCAL),
    "non_local_in": Q(kind=CallKind.CHURN, churn_group=ChurnGroup.NON_LOCAL_IN),
    "non_local_out": Q(kind=CallKind.CHURN, churn_group=ChurnGroup.NON_LOCAL_OUT),
    "at_risk": Q(kind=CallKind.AT_RISK),
}
CHURN_COLUMNS: dict[str, Q] = {
    "found": Q(),
    "open": Q(status__in=OPEN),
    "reached": Q(status=CallStatus.REACHED),
    "coming": Q(status=CallStatus.REACHED, result__in=[Result.BOOKED, Result.WILL_COME]),
    "not_reached": Q(status__in=[CallStatus.FAILED, CallStatus.LAPSED]),
    "withdrawn": Q(status=CallStatus.WITHDRAWN),
}


def churn_calls(user: User, month: date) -> QuerySet[Call]:
    """The churn and at-risk calls that were found in the month of ``month``."""
    first = month.replace(day=1)
    return Call.objects.visible_to(user).filter(
        kind__in=[CallKind.CHURN, CallKind.AT_RISK], opens_on__range=(first, month_end(first))
    )


def churn_board(user: User, month: date) -> dict[str, dict[str, int]]:
    """Row → column → how many. One query."""
    wanted = {
        f"{row}__{column}": Count("pk", filter=of_row & of_column)
        for row, of_row in CHURN_ROWS.items()
        for column, of_column in CHURN_COLUMNS.items()
    }
    counted = churn_calls(user, month).order_by().aggregate(**wanted)
    return {
        row: {column: counted[f"{row}__{column}"] for column in CHURN_COLUMNS} for row in CHURN_ROWS
    }


def churn_rows(user: User, month: date, row: str, column: str) -> QuerySet[Call]:
    """The calls behind one number of the board, each with its conversations."""
    calls = churn_calls(user, month).filter(CHURN_ROWS.get(row, Q()) & CHURN_COLUMNS[column])
    return with_talks(calls)


def with_talks(calls: QuerySet[Call]) -> QuerySet[Call]:
    """As the board's rows show them, each with its conversations."""
    tries = Prefetch("tries", Attempt.objects.order_by("-at"))
    return shown(calls).prefetch_related(tries).order_by("due_on", "pk")


def churn_months(user: User, first: date, last: date) -> dict[date, Counter[str]]:
    """Month → row of the board → how many were found in it. One query."""
    calls = Call.objects.visible_to(user).filter(
        kind__in=[CallKind.CHURN, CallKind.AT_RISK], opens_on__range=(first, month_end(last))
    )
    wanted = {row: Count("pk", filter=of_row) for row, of_row in CHURN_ROWS.items()}
    by_month = calls.order_by().values(month=TruncMonth("opens_on"))
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for line in by_month.annotate(**wanted):
        found[line["month"]].update({row: line[row] for row in CHURN_ROWS})
    return found


def churn_reasons(user: User, month: date) -> list[tuple[str, int]]:
    """(reason of not returning, how often), the most frequent first (CARE-17)."""
    rows = churn_calls(user, month).exclude(not_returning="").order_by()
    counted = rows.values_list("not_returning").annotate(n=Count("pk")).order_by("-n")
    return [(reason, n) for reason, n in counted]


# What one specialist did on a day: each is a condition on attempts.
DONE: dict[str, Q] = {
    "reached": Q(result__in=TALKED),
    "booked": Q(result=Result.BOOKED),
    "not_reached": Q(result__in=NOT_REACHED),
    "bad_number": Q(result__in=BAD_NUMBER),
}


@dataclass
class DayOf:
    """One person's day."""

    person: User
    dialled: int = 0  # conversations: one dialling for several calls is one
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DONE, 0))
    kinds: dict[str, int] = field(default_factory=dict)  # attempts by kind of call
    cells: list[tuple[str, int]] = field(default_factory=list)  # the same for a row of a table
    left: int = 0  # own open calls due by then

    @property
    def share(self) -> int:
        """How much of what was to be done is done, in per cent."""
        whole = self.dialled + self.left
        return round(100 * self.dialled / whole) if whole else 0


def attempts_on(user: User, day: date) -> QuerySet[Attempt]:
    """The diallings of a day; a call that was only spoken to along with another is none."""
    return (
        Attempt.objects.visible_to(user)
        .filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1)))
        .exclude(result=Result.SPOKEN_TO)
    )


def today_board(user: User, day: date) -> list[DayOf]:
    """Everybody who may be given calls or who dialled that day. Four queries."""
    attempts = attempts_on(user, day).order_by()
    counted = attempts.values("by").annotate(
        dialled=Count("conversation", distinct=True),
        **{name: Count("pk", filter=condition) for name, condition in DONE.items()},
    )
    people = {
        person.pk: DayOf(person)
        for person in User.objects.filter(store__in=user.store_ids).filter(
            Q(pk__in=attempts.values("by")) | Q(is_active=True, roles__overlap=list(SPECIALISTS))
        )
    }
    row: Any
    for row in counted:
        if row["by"] in people:
            line = people[row["by"]]
            line.dialled, line.done = row["dialled"], {name: row[name] for name in DONE}
    for by, kind, count in attempts.values_list("by", "call__kind").annotate(Count("pk")):
        if by in people:
            people[by].kinds[kind] = count
    left = left_on(user, day).values_list("owner").annotate(Count("pk")).order_by()
    for owner, count in left:
        if owner in people:
            people[owner].left = count
    return sorted(people.values(), key=lambda line: line.person.pk)


def together(people: list[DayOf], kinds: list[CallKind]) -> dict[str, Any]:
    """The sums under the board."""
    return {
        "dialled": sum(line.dialled for line in people),
        "done": [sum(line.done[name] for line in people) for name in DONE],
        "left": sum(line.left for line in people),
        "kinds": [sum(line.kinds.get(kind, 0) for line in people) for kind in kinds],
    }


def left_on(user: User, day: date) -> QuerySet[Call]:
    """Somebody's calls that are due by ``day``."""
    return Call.objects.visible_to(user).filter(due(due_on__lte=day), owner__isnull=False)


def today_rows(user: User, day: date, person: int | None, what: str, kind: str) -> Any:
    """The attempts behind one number of the board, the first of the day first.

    ``person`` None: everybody's.
    """
    rows = attempts_on(user, day).filter(DONE.get(what, Q()))
    if person is not None:
        rows = rows.filter(by=person)
    if kind:
        rows = rows.filter(call__kind=kind)
    return rows.select_related("call__customer", "call__vehicle", "by").order_by("at", "pk")
