"""Messages to many customers at once, and those that are not true any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import action
from apps.customers.choices import NumberKind, NumberStatus
from apps.customers.models import ContactNumber, Customer
from apps.messaging.actions.outbox import allowed, filled
from apps.messaging.choices import Channel, MessageStatus
from apps.messaging.models import Message, MessageTemplate


@dataclass(frozen=True)
class Note:
    """What is to be said to one customer by SMS; see ``queue``."""

    customer: Customer  # with its store
    key: str
    dedupe_key: str
    values: Mapping[str, str]


@action
def queue_many(notes: Sequence[Note], *, now: datetime) -> int:
    """``queue`` for many customers by SMS, in three statements; return how many were new."""
    texts = _texts({note.customer.store_id for note in notes}, timezone.localdate(now))
    numbers = _numbers(note.customer for note in notes)
    messages = []
    for note in notes:
        text = texts.get((note.customer.store_id, note.key))
        to = numbers.get(note.customer.pk)
        if text is None or to is None or not allowed(note.customer, text.purpose):
            continue
        message = filled(text, note.customer, dict(note.values))
        message.to, message.dedupe_key = to, note.dedupe_key
        message.queued_at, message.not_before = now, now
        messages.append(message)
    before = _written(messages)
    new = [row for row in messages if (row.store_id, row.dedupe_key) not in before]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _texts(stores: set[int], on: date) -> dict[tuple[int, str], MessageTemplate]:
    """(store, key) → the SMS text in force on the day."""
    rows = MessageTemplate.objects.filter(
        store__in=stores, channel=Channel.SMS, effective_from__lte=on
    )
    return {(row.store_id, row.key): row for row in rows.order_by("effective_from")}


def _numbers(customers: Iterable[Customer]) -> dict[int, str]:
    """Where each is reached: the main number if it is good, else the first that is."""
    main = {customer.pk: customer.main_phone for customer in customers}
    good = ContactNumber.objects.filter(
        customer__in=main, kind=NumberKind.MOBILE, status=NumberStatus.GOOD
    )
    found: dict[int, str] = {}
    for customer, number in good.order_by("pk").values_list("customer", "number"):
        if number == main[customer]:
            found[customer] = number
        else:
            found.setdefault(customer, number)
    return found


def _written(messages: Sequence[Message]) -> set[tuple[int, str]]:
    keys = [message.dedupe_key for message in messages]
    stores = {message.store_id for message in messages}
    rows = Message.objects.filter(store__in=stores, dedupe_key__in=keys)
    return set(rows.values_list("store", "dedupe_key"))


@action
def take_back(customer: Customer, *, about: str) -> int:
    """What waits to be sent and is not true any more: ``about`` begins their dedupe keys."""
    waiting = Message.objects.filter(
        customer=customer, status=MessageStatus.QUEUED, dedupe_key__startswith=about
    )
    return waiting.update(
        status=MessageStatus.CANCELLED, error=_("Not true any more before it was sent.")
    )
