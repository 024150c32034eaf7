"""What the provider says later: receipts of messages, and what customers wrote back."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.moves import advance, locked
from apps.customers.actions import record_consent
from apps.customers.choices import ConsentState, Purpose
from apps.customers.models import Customer
from apps.messaging.choices import Channel, MessageStatus, Receipt
from apps.messaging.models import Message, Reply
from apps.messaging.policy import refuses

log = logging.getLogger(__name__)
# What the customer's own page says about where the consent went; it is about him, so Chinese.
BY_SMS = "短信回复"
NOTED = [
    "status",
    "sent_at",
    "error",
    "provider_id",
    "receipt_status",
    "received_at",
    "receipt_error",
]


class Delivery(NamedTuple):
    """One receipt: what became of the message with our ``reference``."""

    reference: UUID
    at: datetime
    delivered: bool
    error: str = ""
    provider_id: str = ""


@action
def note_receipts(receipts: Sequence[Delivery]) -> int:
    """Write down what became of messages; how many rows changed.

    Twice, late or out of order changes nothing that is known better: *delivered* stays, else
    the latest counts. A receipt proves that the provider had the message, so it is *sent*
    whatever was thought of it, and its own sender's late answer changes nothing (I5). Two
    statements for 500 receipts; an unknown reference is passed over and logged.
    """
    by_reference: dict[UUID, list[Delivery]] = {}
    for receipt in receipts:
        by_reference.setdefault(receipt.reference, []).append(receipt)
    rows = Message.objects.filter(reference__in=list(by_reference), channel=Channel.SMS)
    known = list(rows.select_for_update().order_by("pk"))
    changed = [message for message in known if _noted(message, by_reference[message.reference])]
    Message.objects.bulk_update(changed, NOTED, batch_size=500)
    if strangers := len(by_reference) - len(known):
        log.warning("%d receipts are of no message of ours", strangers)
    return len(changed)


def _noted(message: Message, receipts: list[Delivery]) -> bool:
    """Whether the receipts say anything new of the message; it is not saved here."""
    was = [getattr(message, name) for name in NOTED]
    for receipt in receipts:
        if message.status != MessageStatus.SENT:
            advance(message, MessageStatus.SENT)
            message.sent_at, message.error = message.sending_at or receipt.at, ""
        message.provider_id = message.provider_id or receipt.provider_id[:64]
        if message.receipt_status == Receipt.DELIVERED:
            continue
        older = message.received_at is not None and receipt.at <= message.received_at
        if receipt.delivered or not older:
            message.receipt_status = Receipt.DELIVERED if receipt.delivered else Receipt.UNDELIVERED
            message.received_at = receipt.at
            message.receipt_error = "" if receipt.delivered else receipt.error[:200]
    return was != [getattr(message, name) for name in NOTED]


@action
def note_reply(*, number: str, text: str, at: datetime, provider_id: str) -> Reply | None:
    """Keep what a customer wrote back; None when nothing was ever sent to that number.

    It belongs to the customer of the last message that went there. A refusal withdraws at once
    the consent to marketing of everybody in that store who has the number (CARE-29), as of the
    time it was written. The same reply again changes nothing.
    """
    last = Message.objects.filter(to=number, channel=Channel.SMS).order_by("-pk").first()
    if last is None:
        log.warning("A reply came from a number that nothing was sent to")
        return None
    reply, new = Reply.objects.get_or_create(
        provider_id=provider_id,
        defaults={
            "store_id": last.store_id,
            "customer_id": last.customer_id,
            "message": last,
            "number": number,
            "text": text[:500],
            "at": at,
            "refuses": refuses(text),
        },
    )
    if new and reply.refuses:
        for customer in _whose(number, last):
            record_consent(
                customer, Purpose.MARKETING, ConsentState.WITHDRAWN, BY_SMS, by=None, now=at
            )
    return reply


def _whose(number: str, last: Message) -> QuerySet[Customer]:
    """The customers of the message's store who have the number, and who got the message."""
    mine = Customer.objects.filter(store=last.store_id, numbers__number=number)
    ids = {last.customer_id, *mine.values_list("pk", flat=True)}
    rows: QuerySet[Customer] = Customer.objects.filter(pk__in=ids).order_by("pk")
    return rows


@action
def finish_reply(reply: Reply, *, by: User, now: datetime) -> Reply:
    """Somebody has read the reply and done what it asks for. Done twice: the first one counts."""
    reply = locked(reply)
    if reply.done_at is None:
        reply.done_at, reply.done_by = now, by
        reply.save(update_fields=["done_at", "done_by"])
    return reply
