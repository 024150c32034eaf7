"""How the scripts do at work (CARE-01, CARE-21).

Each number is a count of the rows that a function here gives for the same name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncDate

from apps.accounts.models import Store, User
from apps.care import policy
from apps.care.choices import TALKED, Result
from apps.care.figures.rates import Rate
from apps.care.models import Attempt, Script
from apps.service.models import RepairOrder

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
