"""What waits today: a consultant's own, and the team's as its manager sees it (REC-03, REC-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from apps.accounts.models import User
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.order import LIVE
from apps.reception.models import Clock, Opportunity, SalesOrder
from apps.reception.queries.pipeline import SHOWN, with_clocks

MOST = 100  # of each part of a page
SOON = timedelta(days=3)
OF_CLOCK = tuple(f"opportunity__{name}" for name in SHOWN)


@dataclass(frozen=True)
class MyDay:
    """What one consultant owes, the most urgent first; each part ends at a hundred."""

    clocks: Sequence[Clock]
    overdue: Sequence[Opportunity]
    today: Sequence[Opportunity]
    soon: Sequence[Opportunity]
    orders: Sequence[SalesOrder]

    def __bool__(self) -> bool:
        return any((self.clocks, self.overdue, self.today, self.soon, self.orders))


def promised(**of: Any) -> Any:
    """Promised contacts of purchases that are followed, those that end first on top."""
    rows = Clock.objects.filter(done_at=None, opportunity__status__in=WORKED, **of)
    return rows.select_related(*OF_CLOCK).order_by("due_at", "pk")


def my_day(user: User, today: date) -> MyDay:
    """Six queries."""
    mine = Opportunity.objects.filter(consultant=user, status__in=WORKED)
    mine = mine.select_related(*SHOWN).order_by("follow_up_on", "pk")
    parts = [
        list(mine.filter(follow_up_on__lt=today)[:MOST]),
        list(mine.filter(follow_up_on=today)[:MOST]),
        list(mine.filter(follow_up_on__gt=today, follow_up_on__lte=today + SOON)[:MOST]),
    ]
    with_clocks([row for part in parts for row in part])
    orders = SalesOrder.objects.filter(
        consultant=user, status__in=LIVE, promised_on__lte=today + SOON
    ).select_related("customer", "trim__car_model")
    clocks = list(promised(opportunity__consultant=user)[:MOST])
    overdue, due, soon = parts
    return MyDay(clocks, overdue, due, soon, list(orders.order_by("promised_on", "pk")[:MOST]))


@dataclass(frozen=True)
class Load:
    """What one consultant follows, and what of it is overdue."""

    consultant: User
    followed: int
    overdue: int
    since: date | None  # the oldest overdue day
    late: int  # promises whose time is over


def team(user: Any, today: date, now: Any) -> list[Load]:
    """Every consultant who follows something, who is behind most first. Three queries."""
    overdue = Q(follow_up_on__lt=today)
    followed = (
        Opportunity.objects.visible_to(user)
        .filter(status__in=WORKED)
        .order_by()
        .values("consultant")
        .annotate(
            followed=Count("pk"),
            overdue=Count("pk", filter=overdue),
            since=Min("follow_up_on", filter=overdue),
        )
    )
    late = Clock.objects.visible_to(user).filter(
        done_at=None, due_at__lt=now, opportunity__status__in=WORKED
    )
    counts = dict(
        late.order_by()
        .values("opportunity__consultant")
        .annotate(n=Count("pk"))
        .values_list("opportunity__consultant", "n")
    )
    found = {row["consultant"]: row for row in followed}
    people = User.objects.filter(pk__in=found).select_related("store")
    loads = [
        Load(
            person,
            found[person.pk]["followed"],
            found[person.pk]["overdue"],
            found[person.pk]["since"],
            counts.get(person.pk, 0),
        )
        for person in people
    ]
    return sorted(loads, key=lambda load: (-load.late, -load.overdue, load.consultant.pk))


def overdue_of_all(user: Any, today: date) -> list[Opportunity]:
    """The purchases of the team whose day is over, the oldest first. Two queries."""
    rows = Opportunity.objects.visible_to(user).filter(status__in=WORKED, follow_up_on__lt=today)
    return with_clocks(rows.select_related(*SHOWN).order_by("follow_up_on", "pk")[:MOST])


def late_of_all(user: Any, now: Any) -> list[Clock]:
    """The promises of the team whose time is over. One query."""
    return list(promised(store__in=user.store_ids, due_at__lt=now)[:MOST])


def proposed_losses(user: Any) -> Any:
    """What waits for a manager's word: the store's own, the oldest first (REC-11)."""
    rows = Opportunity.objects.of_own_store(user).filter(status="lost_proposed")
    return rows.select_related(*SHOWN, "lost_proposed_by").order_by("lost_proposed_at", "pk")
