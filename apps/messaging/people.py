"""What the desk needs of the outbox about one customer."""

from apps.core.timeline import TimelineEntry
from apps.customers.models import Customer
from apps.messaging.models import Message

MOST = 100


def timeline(customer: Customer) -> list[TimelineEntry]:
    """The customer's last messages, the newest first. One query."""
    return [
        TimelineEntry(
            at=message.sent_at or message.queued_at,
            kind="message",
            title=(
                f"{message.get_channel_display()} · {message.get_key_display()}"
                f" · {message.get_status_display()}"
            ),
            detail=message.text,
        )
        for message in Message.objects.filter(customer=customer).order_by("-pk")[:MOST]
    ]
