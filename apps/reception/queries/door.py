"""Who is in the showroom, and whose turn it is (REC-01, ORG-04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.policy import whose_turn
from apps.accounts.queries import calendar_of, duty_of
from apps.customers.models import Customer
from apps.customers.search import Hit, search
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.choices.visit import COSTS_NO_TURN
from apps.reception.models import Opportunity, ShowroomVisit

MOST = 300  # parties of a day that the page shows
MOST_FOUND = 6  # customers that may be meant by the last digits
OVER = (OpportunityStatus.LOST, OpportunityStatus.DELIVERED)
SHOWN = ("consultant", "customer", "greeted_by", "turn_of", "opportunity__consultant")


@dataclass(frozen=True)
class Seller:
    """A consultant today: on duty, how many parties, busy with how many."""

    user: User
    on_duty: bool
    taken: int
    with_parties: int
    last: datetime | None


@dataclass(frozen=True)
class Door:
    """The showroom at this moment. ``forgotten``: parties of days gone by that nobody saw leave."""

    waiting: list[ShowroomVisit]
    served: list[ShowroomVisit]
    left: list[ShowroomVisit]
    forgotten: list[ShowroomVisit]
    sellers: list[Seller]
    turn: User | None


def door(store: Store, now: datetime) -> Door:
    """Those who wait first: not greeted, then not taken; each the longest first. Three queries."""
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows: QuerySet[ShowroomVisit] = ShowroomVisit.objects.filter(
        Q(left_at=None) | Q(arrived_at__gte=morning), store=store
    ).select_related(*SHOWN)
    found = sorted(rows.order_by("-arrived_at", "-pk")[:MOST], key=lambda v: (v.arrived_at, v.pk))
    today = [visit for visit in found if visit.arrived_at >= morning]
    here = [visit for visit in today if visit.left_at is None]
    waiting = [visit for visit in here if visit.consultant_id is None]
    sellers = _sellers(store, now, today)
    return Door(
        waiting=sorted(waiting, key=lambda visit: visit.greeted_at is not None),
        served=[visit for visit in here if visit.consultant_id is not None],
        left=[visit for visit in reversed(today) if visit.left_at is not None],
        forgotten=[visit for visit in found if visit.arrived_at < morning],
        sellers=sellers,
        turn=_turn(sellers),
    )


def _sellers(store: Store, now: datetime, today: Iterable[ShowroomVisit]) -> list[Seller]:
    """The consultants of the store, those on duty first. His own customer costs nobody a turn."""
    people = duty_of(store, timezone.localdate(now), Role.SALES_CONSULTANT, calendar_of(store))
    sellers = []
    for person, on_duty in people:
        own = [visit for visit in today if visit.consultant_id == person.pk]
        turns = [v.taken_at for v in own if v.taken_at and v.turn_reason not in COSTS_NO_TURN]
        here = sum(visit.left_at is None for visit in own)
        sellers.append(Seller(person, on_duty, len(turns), here, max(turns, default=None)))
    return sorted(sellers, key=lambda seller: not seller.on_duty)


def _turn(sellers: Iterable[Seller]) -> User | None:
    line = {seller.user.pk: seller for seller in sellers if seller.on_duty}
    turn = whose_turn(
        list(line),
        {pk: seller.taken for pk, seller in line.items()},
        {pk: seller.last for pk, seller in line.items() if seller.last},
        busy=[pk for pk, seller in line.items() if seller.with_parties],
    )
    return line[turn].user if turn else None


@dataclass(frozen=True)
class Known:
    """Somebody whom the party may be, and with whom he speaks about a purchase."""

    customer: Customer
    matched: str
    opportunity: Opportunity | None


def known(store: Store, text: str) -> list[Known]:
    """Customers of the store whose phone ends so, or whom the text fits otherwise (CUS-05)."""
    hits: list[Hit] = [hit for hit in search([store.pk], text, MOST_FOUND) if hit.customer]
    customers = {hit.customer.pk: hit for hit in hits if hit.customer}
    rows = Opportunity.objects.filter(customer__in=customers).exclude(status__in=OVER)
    latest = {row.customer_id: row for row in rows.select_related("consultant").order_by("pk")}
    return [
        Known(hit.customer, hit.matched, latest.get(pk))
        for pk, hit in customers.items()
        if hit.customer
    ]


def opportunity_of(customer: Customer, consultant: User | None) -> Opportunity | None:
    """What the customer thinks of buying now: with this consultant, else the latest there is."""
    rows = Opportunity.objects.filter(customer=customer).exclude(status__in=OVER)
    found: list[Opportunity] = list(rows.select_related("consultant").order_by("-opened_at", "-pk"))
    own = (row for row in found if consultant and row.consultant_id == consultant.pk)
    return next(own, next(iter(found), None))
