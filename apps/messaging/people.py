"""What the desk needs of the outbox about one customer."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.erasing import Personal, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer
from apps.messaging.choices import MessageStatus
from apps.messaging.forgetting import forget
from apps.messaging.models import Message, Reply

LINKS = ((Message, "customer"), (Reply, "customer"))  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """What was sent, or waits to be, and what came back."""
    rows = Message.objects.filter(customer=customer)
    when = Coalesce("sent_at", "queued_at")
    return [
        Source("message", "message", rows.annotate(when=when), "when", _message),
        Source("reply", "message", Reply.objects.filter(customer=customer), "at", _reply),
    ]


def _message(message: Message) -> Told:
    channel, key = message.get_channel_display(), message.get_key_display()
    became = message.get_receipt_status_display() or message.get_status_display()
    return Told(f"{channel} · {key} · {became}", message.told)


def _reply(reply: Reply) -> Told:
    said = _("Refusal by SMS") if reply.refuses else _("Reply by SMS")
    return Told(said, reply.text)


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The messages to ``old`` were to ``new`` (CUS-04), and the replies from ``new``."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


PERSONAL = (
    Personal(
        Message,
        ("customer",),
        {
            **{"to": "", "values": {}, **texts("subject text error receipt_error")},
            **{"provider_id": ""},
        },
    ),
    Personal(Reply, ("customer",), {"number": "", **texts("text")}),
)
PLAIN = {Message: "provider_code dedupe_key reference", Reply: "provider_id"}


def duties(ids: Collection[int]) -> list[str]:
    open_ones = Message.objects.filter(
        customer__in=ids, status__in=(MessageStatus.SENDING, MessageStatus.UNKNOWN)
    )
    return [_("a message is on its way, or nobody knows whether it was sent")] * open_ones.exists()


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """What waits to be sent is not; what came back is done with."""
    waiting = Message.objects.filter(customer__in=ids, status=MessageStatus.QUEUED)
    waiting.update(status=MessageStatus.CANCELLED)
    if by is not None:
        Reply.objects.filter(customer__in=ids, done_at=None).update(done_at=now, done_by=by)


def pictures(ids: Collection[int]) -> list[Any]:
    return []


def finish(ids: Collection[int]) -> None:
    """What lies outside the database, once it is certain that it is to go."""
    forget(Message.objects.filter(customer__in=ids).values_list("reference", flat=True))
