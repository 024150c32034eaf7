"""The checks of rooms as they were gone through, and what is weak in them (SSI-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistRun
from apps.ssi.policy.rooms import FIVE_S, KINDS

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


def failed_in(run: ChecklistRun | None) -> dict[str, str]:
    """Point → remark of what was not in order in ``run``. One query."""
    if run is None:
        return {}
    rows = lacking(ChecklistAnswer.objects.filter(run=run)).order_by("item__place")
    return dict(rows.values_list("item__text", "remark"))


def first_of(store: Store, kind: str, day: date) -> ChecklistRun | None:
    """The first check of the day, for the second one to look at again."""
    if kind != ChecklistKind.FIVE_S_SECOND:
        return None
    return lists.run_of(store, ChecklistKind.FIVE_S_FIRST, day)


def runs_on(store: Store, day: date) -> dict[str, ChecklistRun]:
    """Kind → the check of the day. One query."""
    rows = ChecklistRun.objects.filter(store=store, kind__in=KINDS, on=day, subject="")
    return {run.kind: run for run in rows.select_related("by")}


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
