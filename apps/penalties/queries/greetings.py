"""Who answers for each month's greetings and notices, and how many went out (PEN-03)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from apps.accounts.models import Store
from apps.care.models import CarePolicy
from apps.care.queries.campaigns import greetings_between
from apps.core.dates import add_months, month_end
from apps.penalties.models import GreetingDuty

BACK = 12  # months shown before this one


@dataclass(frozen=True)
class Line:
    """One month. ``duty`` None: nobody is named, nothing is proposed."""

    month: date
    duty: GreetingDuty | None
    done: int
    wanted: int
    is_over: bool
    is_coming: bool

    @property
    def short(self) -> int:
        return max(0, self.wanted - self.done)


def months_of(store: Store, today: date) -> list[Line]:
    """Next month, this one and those before, back to the first in which the store worked here.
    Three queries."""
    this = today.replace(day=1)
    first = min(this, store.opened_on.replace(day=1))
    months = [add_months(this, -n) for n in range(-1, BACK + 1)]
    months = [month for month in months if month >= first]
    duties = GreetingDuty.objects.filter(store=store, month__gte=months[-1])
    named = {duty.month: duty for duty in duties.select_related("person", "named_by")}
    sent = greetings_between([store.pk], months[-1], month_end(months[0]))
    by_month = sent.annotate(month=TruncMonth("send_on")).values_list("month")
    done = dict(by_month.annotate(n=Count("pk")))
    numbers = list(CarePolicy.objects.filter(store=store).order_by("effective_from"))
    found = []
    for month in months:
        begun = [row for row in numbers if row.effective_from <= month_end(month)]
        wanted = begun[-1].campaigns_a_month if begun else 3
        over, coming = month_end(month) < today, month > this
        found.append(Line(month, named.get(month), done.get(month, 0), wanted, over, coming))
    return found
