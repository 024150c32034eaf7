"""What the desk needs of the outbox about one customer."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer
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
    return Told(f"{channel} · {key} · {became}", message.text)


def _reply(reply: Reply) -> Told:
    said = _("Refusal by SMS") if reply.refuses else _("Reply by SMS")
    return Told(said, reply.text)


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The messages to ``old`` were to ``new`` (CUS-04), and the replies from ``new``."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
