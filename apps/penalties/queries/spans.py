"""Days, months and numbers that the facts are asked with."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.core.dates import add_months, month_end

COLUMNS = ("store_id", "fact", "event_on", "person_id", "evidence")  # of every fact, in this order


def midnight(day: date, *, after: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=after), time.min))


def months_over(first: date, last: date, now: datetime) -> Iterator[tuple[date, date]]:
    """First and last day of each month that ends in the range and is over."""
    month = first.replace(day=1)
    while (end := month_end(month)) <= last and end < timezone.localdate(now):
        yield month, end
        month = add_months(month, 1)


def in_force(
    numbers: QuerySet[Any], on: date, column: str, otherwise: int, *, store: str = "store"
) -> Coalesce:
    """A number of the store's row of ``numbers`` that holds on the day."""
    rows = numbers.filter(store=OuterRef(store), effective_from__lte=on)
    value = Subquery(rows.order_by("-effective_from").values(column)[:1])
    return Coalesce(value, Value(otherwise))
