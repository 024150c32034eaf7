"""What the desk needs of the outbox about one customer."""

from django.db.models.functions import Coalesce

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer
from apps.messaging.models import Message

LINKS = ((Message, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """What was sent, or waits to be."""
    rows = Message.objects.filter(customer=customer)
    when = Coalesce("sent_at", "queued_at")
    return [Source("message", "message", rows.annotate(when=when), "when", _message)]


def _message(message: Message) -> Told:
    channel, key = message.get_channel_display(), message.get_key_display()
    return Told(f"{channel} · {key} · {message.get_status_display()}", message.text)


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The messages to ``old`` were to ``new`` (CUS-04); each keeps its dedupe key."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
