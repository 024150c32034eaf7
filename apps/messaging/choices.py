"""The words of the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused by the provider")
    UNKNOWN = "unknown", _("no answer from the provider")
    CANCELLED = "cancelled", _("cancelled")


# A status that is not a key here is final.
MESSAGE_MOVES = {
    MessageStatus.QUEUED: {MessageStatus.SENDING, MessageStatus.CANCELLED},
    MessageStatus.SENDING: {MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN},
    MessageStatus.UNKNOWN: {MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.CANCELLED},
}
