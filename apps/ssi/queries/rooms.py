"""The checks of rooms as they were gone through, and what is weak in them (SSI-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistItem, ChecklistRun
from apps.ssi.models import SsiPolicy
from apps.ssi.policy.rooms import FIVE_S, KINDS, SECOND_FROM, SECOND_UNTIL

DAYS = 30  # over which weak points are counted


def day_asked(asked: Mapping[str, Any], today: date) -> date:
    """The day of the address if it is one that has begun; else today."""
    try:
        return min(datetime.strptime(asked.get("day", ""), "%Y-%m-%d").date(), today)
    except ValueError:
        return today


def lacking(rows: QuerySet[ChecklistAnswer]) -> QuerySet[ChecklistAnswer]:
    """Those of the answers that say: not in order, or fewer than wanted."""
    return rows.annotate(there=Coalesce("quantity", 0)).filter(
        Q(done=False) | Q(item__each=False, there__lt=F("item__quantity"))
    )


def second_hours(store: Store, day: date) -> tuple[time, time]:
    """From when and until when the second check of the day is made. One query."""
    numbers = SsiPolicy.objects.in_force(store, day)
    return (numbers.second_from, numbers.second_until) if numbers else (SECOND_FROM, SECOND_UNTIL)


def runs_on(store: Store, day: date) -> dict[str, Any]:
    """Kind → the check of the day, with ``whole``: a first 5S check in which every point was
    looked at, a second one in which all was that the first found. One query."""
    rows = ChecklistRun.objects.filter(store=store, kind__in=KINDS, on=day, subject="")
    return {run.kind: run for run in rows.select_related("by").annotate(whole=~_LEFT)}


_SAID = ChecklistAnswer.objects.filter(run=OuterRef(OuterRef("pk")), item=OuterRef("pk"))
_POINTS = ChecklistItem.objects.filter(~Exists(_SAID), template=OuterRef("template"))
_FOUND = ChecklistAnswer.objects.filter(
    ~Exists(ChecklistAnswer.objects.filter(run=OuterRef(OuterRef("pk")), item=OuterRef("item"))),
    run__store=OuterRef("store"),
    run__kind=ChecklistKind.FIVE_S_FIRST,
    run__on=OuterRef("on"),
    run__subject="",
    done=False,
)
_LEFT = Exists(_POINTS) & ~Q(kind=ChecklistKind.FIVE_S_SECOND) | Exists(_FOUND) & Q(
    kind=ChecklistKind.FIVE_S_SECOND
)


def asked_for(user: Any, asked: Mapping[str, Any]) -> QuerySet[ChecklistRun]:
    """The store's checks of the rooms, the newest first, narrowed to a kind, and to those in which
    a point was not in order."""
    rows: QuerySet[ChecklistRun] = ChecklistRun.objects.filter(
        store=store_shown(user, asked), kind__in=KINDS, subject=""
    )
    if (kind := asked.get("kind", "")) in KINDS:
        rows = rows.filter(kind=kind)
    if point := asked.get("point", ""):
        said = lacking(ChecklistAnswer.objects.filter(item__text=point))
        rows = rows.filter(kind__in=FIVE_S, pk__in=said.values("run"))
    return rows.select_related("by", "store").order_by("-on", "-at", "-pk")


@dataclass(frozen=True)
class Weak:
    """A point of the 5S checks, in how many it was looked at and in how many not in order."""

    text: str
    seen: int
    missed: int


def weak_points(store: Store, today: date) -> list[Weak]:
    """What was not in order in the last 30 days' 5S checks, the most often first. Two queries."""
    answers = ChecklistAnswer.objects.filter(
        run__store=store,
        run__kind__in=FIVE_S,
        run__subject="",
        run__on__gt=today - timedelta(days=DAYS),
    ).order_by()
    missed = dict(lacking(answers).values_list("item__text").annotate(n=Count("pk")))
    seen = answers.filter(item__text__in=missed).values_list("item__text")
    found = [Weak(text, n, missed[text]) for text, n in seen.annotate(n=Count("pk"))]
    return sorted(found, key=lambda weak: (-weak.missed, weak.seen, weak.text))
