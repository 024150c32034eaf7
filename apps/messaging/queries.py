"""Which text is in force, whose number is good, what may be sent now."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from apps.accounts.models import Store
from apps.customers.choices import NumberKind, NumberStatus
from apps.customers.models import ContactNumber, Customer
from apps.messaging.choices import Channel, MessageStatus, Shown
from apps.messaging.models import Batch, Message, MessagePolicy, MessageTemplate, Reply
from apps.messaging.policy import ASK_FOR, STALE_AFTER, is_quiet


def template_in_force(store: Store, key: str, channel: str, on: date) -> MessageTemplate | None:
    """The text that decides on day ``on``."""
    texts = MessageTemplate.objects.filter(key=key, channel=channel)
    row: MessageTemplate | None = texts.in_force(store, on)
    return row


def address_of(customer: Customer, channel: str) -> str:
    """Where a message reaches the customer; empty when nowhere. A marked number is nowhere."""
    if channel == Channel.EMAIL:
        return customer.email
    good = ContactNumber.objects.filter(
        customer=customer, kind=NumberKind.MOBILE, status=NumberStatus.GOOD
    )
    numbers = list(good.order_by("pk").values_list("number", flat=True))
    if customer.main_phone in numbers:
        return customer.main_phone
    return numbers[0] if numbers else ""


def quiet_stores(now: datetime) -> list[int]:
    """The stores that send nothing at this moment (CARE-06). One query."""
    local = timezone.localtime(now)
    rows = (
        MessagePolicy.objects.filter(effective_from__lte=local.date())
        .order_by("store_id", "-effective_from")
        .distinct("store_id")
    )
    return [row.store_id for row in rows if is_quiet(local.time(), row.quiet_from, row.quiet_until)]


def due(now: datetime) -> QuerySet[Message]:
    """What may be sent now but the batches, the longest waiting first."""
    return (
        Message.objects.filter(batch=None, status=MessageStatus.QUEUED, not_before__lte=now)
        .exclude(store__in=quiet_stores(now))
        .order_by("not_before", "pk")
    )


def lanes(now: datetime) -> QuerySet[Batch]:
    """The batches of which something may be sent now, the oldest first (CARE-06)."""
    waiting = Message.objects.filter(
        batch=OuterRef("pk"), status=MessageStatus.QUEUED, not_before__lte=now
    )
    rows: QuerySet[Batch] = Batch.objects.filter(Exists(waiting), paused_at=None, cancelled_at=None)
    return rows.exclude(store__in=quiet_stores(now)).order_by("pk")


def of_lane(batch: Batch, now: datetime) -> QuerySet[Message]:
    """What may be sent of a batch, in order; nothing once it is paused or called off."""
    rows: QuerySet[Message] = Message.objects.filter(
        batch=batch,
        batch__paused_at=None,
        batch__cancelled_at=None,
        status=MessageStatus.QUEUED,
        not_before__lte=now,
    )
    return rows.order_by("pk")


def called_off_batches() -> QuerySet[Batch]:
    """Those in which something still seems to wait."""
    waiting = Message.objects.filter(batch=OuterRef("pk"), status=MessageStatus.QUEUED)
    rows: QuerySet[Batch] = Batch.objects.filter(Exists(waiting), cancelled_at__isnull=False)
    return rows


def counts_of(batch: Batch) -> dict[str, int]:
    """Status → how many of its messages. One query, on an index."""
    rows = Message.objects.filter(batch=batch).order_by().values_list("status")
    return dict(rows.annotate(n=Count("pk")))


def stale(now: datetime) -> QuerySet[Message]:
    """What began to go out so long ago that nobody is sending it any more."""
    return Message.objects.filter(status=MessageStatus.SENDING, sending_at__lte=now - STALE_AFTER)


def undecided(now: datetime) -> QuerySet[Message]:
    """What the provider is to be asked about, in no order: none keeps the others waiting.

    Who has given no answer for a day will give none any more.
    """
    return Message.objects.filter(
        status=MessageStatus.UNKNOWN, sending_at__gt=now - ASK_FOR
    ).order_by("?")


def replies_asked(user: Any, asked: dict[str, Any]) -> QuerySet[Reply]:
    """The replies that a filter asks for, the newest first; without one, those not done yet."""
    rows: QuerySet[Reply] = Reply.objects.visible_to(user).select_related(
        "customer", "store", "message", "done_by"
    )
    shown = asked.get("show")
    if shown == Shown.REFUSALS:
        rows = rows.filter(refuses=True)
    elif shown != Shown.ALL:
        rows = rows.filter(done_at=None)
    return rows.order_by("-pk")


def open_replies(user: Any) -> QuerySet[Reply]:
    rows: QuerySet[Reply] = Reply.objects.visible_to(user).filter(done_at=None)
    return rows


def messages_asked(user: Any, asked: dict[str, Any]) -> QuerySet[Message]:
    """The messages that a filter asks for, the newest first."""
    rows: QuerySet[Message] = Message.objects.visible_to(user).select_related("customer", "store")
    for name in ("status", "receipt_status", "channel", "key"):
        if value := asked.get(name):
            rows = rows.filter(**{name: value})
    if batch := asked.get("batch"):
        rows = rows.filter(batch=batch)
    if day := asked.get("day"):
        start = timezone.make_aware(datetime(day.year, day.month, day.day))
        rows = rows.filter(queued_at__gte=start, queued_at__lt=start + timedelta(days=1))
    return rows.order_by("-pk")


def unknown_messages(user: Any) -> QuerySet[Message]:
    """Those in doubt, the oldest first: worked off from the top."""
    rows: QuerySet[Message] = Message.objects.visible_to(user).filter(status=MessageStatus.UNKNOWN)
    return rows.select_related("customer", "store").order_by("sending_at", "pk")


def texts_on(store: Store, day: date) -> list[MessageTemplate]:
    """Every text that holds on ``day`` or will hold later, those of one use together."""
    rows = MessageTemplate.objects.filter(store=store).order_by("key", "channel", "effective_from")
    holding = {
        (row.key, row.channel): row.effective_from for row in rows if row.effective_from <= day
    }
    return [row for row in rows if row.effective_from >= holding.get((row.key, row.channel), day)]
