"""Calendar arithmetic, once in Python and once in SQL, so that both agree to the day."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import DateField, DurationField, Expression, F, Func
from django.db.models.functions import Cast
from django.utils import timezone


@lru_cache(maxsize=10_000)  # of the cars of an archive many have their days in common
def add_months(day: date, months: int) -> date:
    """``day`` plus calendar months, clamped to the month's end (CARE-27)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_span(first: date) -> tuple[datetime, datetime]:
    """When the month of ``first`` begins and when it is over, by the store's clock."""
    return days_span(first, month_end(first))


def days_span(first: date, last: date) -> tuple[datetime, datetime]:
    """When the first of these days begins and when the last one is over, by the store's clock:
    what an index on a moment is asked with."""
    start, end = (datetime.combine(day, time.min) for day in (first, last + timedelta(days=1)))
    return timezone.make_aware(start), timezone.make_aware(end)


class Months(Func):
    """Calendar months as PostgreSQL adds them: clamped to the month's end, like ``add_months``."""

    template = "make_interval(months => %(expressions)s)"
    output_field = DurationField()


def months_after(field: str | Expression, months: int | Expression) -> Expression:
    """The date ``months`` calendar months after ``field``, computed by PostgreSQL."""
    start = F(field) if isinstance(field, str) else field
    return Cast(start + Months(months), DateField())
