"""What was seen of receptions, and which points are weak (REC-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Min, Q, QuerySet, Sum

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.checklists.models import ChecklistAnswer
from apps.core.dates import add_months
from apps.reception.models import SelfCheck
from apps.reception.queries.drives import midnight
from apps.reception.queries.opportunities import seen_by


def month_of(asked: Mapping[str, Any], today: date) -> date:
    """The first day of the month of the address, if it is one that has begun; else of this."""
    this = today.replace(day=1)
    try:
        return min(datetime.strptime(asked.get("month", ""), "%Y-%m").date(), this)
    except ValueError:
        return this


def checks(user: Any, month: date) -> QuerySet[SelfCheck]:
    """The receptions watched in a month: a consultant sees those of himself."""
    start, end = midnight(month), midnight(add_months(month, 1))
    rows: QuerySet[SelfCheck] = seen_by(user, SelfCheck.objects.all())
    return (
        rows.filter(at__gte=start, at__lt=end)
        .select_related("consultant", "by", "store", "run")
        .order_by("-at", "-pk")
    )


def asked_for(user: Any, asked: Mapping[str, Any], today: date) -> QuerySet[SelfCheck]:
    """``checks`` of the month, narrowed to a consultant and to those that lack a point."""
    rows = checks(user, month_of(asked, today))
    if (consultant := asked.get("consultant", "")).isdecimal():
        rows = rows.filter(consultant=consultant)
    if (point := asked.get("point", "")).isdecimal():
        text = ChecklistAnswer.objects.filter(item=point).values("item__text")[:1]
        missed = _answers(rows).filter(done=False, item__text=text)
        rows = rows.filter(run__in=missed.values("run"))
    return rows


def _answers(rows: QuerySet[SelfCheck]) -> QuerySet[ChecklistAnswer]:
    """What was said of the points that were seen."""
    position = Func(
        F("run__self_check__unseen"),
        F("item_id"),
        function="array_position",
        output_field=IntegerField(),
    )
    found: QuerySet[ChecklistAnswer] = ChecklistAnswer.objects.filter(
        run__self_check__in=rows.order_by().values("pk")
    )
    return found.annotate(unseen_at=position).filter(unseen_at__isnull=True)


@dataclass(frozen=True)
class Weak:
    """A point, how often it was seen, and how often it lacked."""

    item: int
    text: str
    seen: int
    missed: int

    @property
    def percent(self) -> int:
        return round(self.missed * 100 / self.seen)


def weak_points(rows: QuerySet[SelfCheck]) -> list[Weak]:
    """The points that lacked in these receptions, the weakest first. One query."""
    counted = (
        _answers(rows)
        .order_by()
        .values("item__text")
        .annotate(seen=Count("pk"), missed=Count("pk", filter=Q(done=False)), item=Min("item"))
        .filter(missed__gt=0)
    )
    found = [Weak(row["item"], row["item__text"], row["seen"], row["missed"]) for row in counted]
    return sorted(found, key=lambda weak: (-weak.missed / weak.seen, -weak.missed, weak.item))


@dataclass(frozen=True)
class Watched:
    """A consultant's month: how many receptions were watched, how many of the points kept."""

    consultant: int
    name: str
    receptions: int
    seen: int
    weak: int

    @property
    def percent(self) -> int:
        """Of the points seen, those that were kept."""
        return round((self.seen - self.weak) * 100 / self.seen)


def by_consultant(rows: QuerySet[SelfCheck]) -> list[Watched]:
    """Who was watched, the weakest first. One query."""
    counted = (
        rows.order_by()
        .values("consultant", "consultant__name")
        .annotate(receptions=Count("pk"), all_seen=Sum("seen"), all_weak=Sum("weak"))
    )
    found = [
        Watched(
            *(row["consultant"], row["consultant__name"], row["receptions"]),
            *(row["all_seen"], row["all_weak"]),
        )
        for row in counted
    ]
    return sorted(found, key=lambda one: (one.percent, one.consultant))


def consultants_of(store: Store | None) -> QuerySet[User]:
    rows = User.objects.filter(store=store, is_active=True, roles__contains=[Role.SALES_CONSULTANT])
    return rows.order_by("pk")
