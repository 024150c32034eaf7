"""Campaigns asked for, and how far each has come (CARE-06)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Store
from apps.care.campaign_choices import BEGUN, GREETING, GREETINGS, STARTED, CampaignStatus
from apps.care.models import Campaign, CarePolicy
from apps.care.queries.audience import SMS_NUMBER
from apps.core.dates import month_end
from apps.customers.models import Customer
from apps.messaging.choices import MessageStatus
from apps.messaging.filling import fill_in_sql, words_in_sql
from apps.messaging.models import Message

SAMPLE = 5
GOING = (CampaignStatus.RUNNING, CampaignStatus.PAUSED)
# What became of the messages, in the order of the bar; the rest still waits.
PARTS = (
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.UNKNOWN,
    MessageStatus.CANCELLED,
    MessageStatus.SENDING,
    MessageStatus.QUEUED,
)


def campaigns_asked(user: Any, asked: Mapping[str, Any]) -> QuerySet[Campaign]:
    """The campaigns that a filter asks for, the latest day first."""
    rows: QuerySet[Campaign] = Campaign.objects.visible_to(user).select_related("store", "batch")
    if kind := asked.get("kind"):
        rows = rows.filter(kind__in=GREETINGS if kind == GREETING else [kind])
    if status := asked.get("status"):
        rows = rows.filter(status__in=STARTED if status == BEGUN else [status])
    if month := asked.get("month"):
        rows = rows.filter(send_on__range=(month, month_end(month)))
    return rows.order_by("-send_on", "-pk")


def after(rows: QuerySet[Campaign], place: str, most: int) -> list[Campaign]:
    """The first ``most`` of ``rows`` after a place of the list; from the start without one."""
    day, _, pk = place.partition("_")
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return list(rows[:most])
    if pk.isdecimal():
        rows = rows.filter(Q(send_on__lt=last) | Q(send_on=last, pk__lt=int(pk)))
    return list(rows[:most])


def place_of(row: Campaign) -> str:
    return f"{row.send_on}_{row.pk}"


def greetings_of(stores: Iterable[int], first: date) -> QuerySet[Campaign]:
    """The holiday greetings and weather notices of a month that went out, or have begun to."""
    return greetings_between(stores, first, month_end(first)).order_by("send_on", "pk")


def greetings_between(stores: Iterable[int], first: date, last: date) -> QuerySet[Campaign]:
    """As ``greetings_of``, of a range of days."""
    rows: QuerySet[Campaign] = Campaign.objects.filter(
        store__in=list(stores),
        kind__in=GREETINGS,
        status__in=STARTED,
        send_on__range=(first, last),
    )
    return rows.order_by()


def meter(store: Store, today: date) -> dict[str, Any]:
    """How many greetings and notices went out this month, the store's number, and the filter of
    the list that shows them. Two queries."""
    policy = CarePolicy.objects.in_force(store, today)
    wanted = policy.campaigns_a_month if policy else 0
    done = greetings_of([store.pk], today.replace(day=1)).count()
    query = f"kind={GREETING}&status={BEGUN}&month={today:%Y-%m}"
    return {"done": done, "wanted": wanted, "query": query, "short": max(0, wanted - done)}


def counts(rows: Iterable[Campaign]) -> dict[int, dict[str, int]]:
    """Batch → status → how many messages, of the ``rows`` that are on their way. One query."""
    batches = [row.batch_id for row in rows if row.status in GOING]
    found: dict[int, dict[str, int]] = {pk: {} for pk in batches if pk}
    counted = Message.objects.filter(batch__in=found).order_by().values_list("batch", "status")
    for batch, status, number in counted.annotate(n=Count("pk")):
        found[batch][status] = number
    return found


def share_out(by_status: Mapping[str, int], total: int) -> dict[str, Any]:
    """How far a batch has come: parts for the bar, per cent done, whether anything waits."""
    parts = [
        {
            "status": part,
            "n": by_status.get(part, 0),
            "share": round(100 * by_status.get(part, 0) / total, 2) if total else 0,
        }
        for part in PARTS
    ]
    waits = by_status.get(MessageStatus.QUEUED, 0) + by_status.get(MessageStatus.SENDING, 0)
    done = total - waits
    percent = 100 * done // total if total else 100
    return {"parts": parts, "total": total, "done": done, "waits": waits, "percent": percent}


def sample(people: QuerySet[Customer], text: str, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The newest few of ``people`` with the very words that each would get. One query."""
    filled = fill_in_sql(text, words_in_sql(text, known))
    rows: Any = people.annotate(to=SMS_NUMBER, filled=filled).filter(to__isnull=False)
    found = rows.order_by("-pk")[:SAMPLE]
    return list(found.values("pk", "name", "to", "filled"))
