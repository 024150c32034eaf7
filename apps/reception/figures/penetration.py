"""What is sold along with the cars: insurance, loans, accessories (REP-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.accounts.models import User
from apps.core.dates import days_span, month_end
from apps.reception.choices.order import Along, LoanStatus, OrderStatus
from apps.reception.models import LoanApplication, SalesOrder

GRANTED = (LoanStatus.APPROVED, LoanStatus.PAID_OUT)
_LOAN = Exists(LoanApplication.objects.filter(order=OuterRef("pk"), status__in=GRANTED))
HAS = {
    Along.INSURANCE: Q(insurance_amount__gt=0),
    Along.LOAN: Q(_LOAN),
    Along.ACCESSORIES: Q(accessories_amount__gt=0),
}


def sold(stores: Iterable[int], first: date, last: date) -> QuerySet[SalesOrder]:
    """Cars handed over on these days: of each penetration."""
    contracts: QuerySet[SalesOrder] = SalesOrder.objects.filter(store__in=stores)
    return contracts.filter(_delivered(first, last))


def _delivered(first: date, last: date) -> Q:
    start, end = days_span(first, last)
    return Q(status=OrderStatus.DELIVERED, delivered_at__gte=start, delivered_at__lt=end)


def sold_with(what: str, stores: Iterable[int], first: date, last: date) -> QuerySet[SalesOrder]:
    """Those of ``sold`` with insurance, a granted loan or accessories bought here (REP-10)."""
    return sold(stores, first, last).filter(HAS[Along(what)])


def narrow(rows: QuerySet[SalesOrder], asked: Mapping[str, Any]) -> QuerySet[SalesOrder]:
    """The contracts behind one number: of ``asked["month"]`` and ``asked["with_what"]``."""
    if month := asked.get("month"):
        rows = rows.filter(_delivered(month, month_end(month)))
    if what := asked.get("with_what"):
        rows = rows.filter(HAS[Along(what)])
    return rows


@dataclass(frozen=True)
class Share:
    """How many cars were sold, and along with what. ``key``: a consultant or a month."""

    key: Any
    cars: int
    along: dict[str, int] = field(default_factory=dict)

    @property
    def shares(self) -> list[tuple[str, int, float | None]]:
        """(what, how many, per cent of the cars sold) in the order of ``Along``."""
        return [
            (
                what.value,
                self.along[what],
                100 * self.along[what] / self.cars if self.cars else None,
            )
            for what in Along
        ]


def by_consultant(rows: QuerySet[SalesOrder]) -> list[Share]:
    """One of each consultant, most cars first, of ``sold``. Two queries."""
    found = list(_counted(rows, "consultant"))
    people = User.objects.in_bulk([one["consultant"] for one in found])
    shares = [_share(people[one["consultant"]], one) for one in found]
    return sorted(shares, key=lambda share: (-share.cars, share.key.pk))


def by_month(rows: QuerySet[SalesOrder]) -> list[Share]:
    """One of each month in which cars were sold, the newest first. One query."""
    months = _counted(rows.annotate(month=TruncMonth("delivered_at")), "month")
    return [_share(one["month"].date(), one) for one in months.order_by("-month")]


def together(shares: Iterable[Share]) -> Share:
    """The sum of them, worked out from the sums."""
    shares = list(shares)
    along = {what.value: sum(share.along[what] for share in shares) for what in Along}
    return Share(None, sum(share.cars for share in shares), along)


def _counted(rows: QuerySet[SalesOrder], by: str) -> Any:
    counts = {f"n_{what.value}": Count("pk", filter=HAS[what]) for what in Along}
    return rows.order_by().values(by).annotate(cars=Count("pk"), **counts)


def _share(key: Any, row: dict[str, Any]) -> Share:
    return Share(key, row["cars"], {what.value: row[f"n_{what.value}"] for what in Along})
