"""The words of the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


class TemplateKey(models.TextChoices):
    """What a message is for: one text a channel."""

    FIRST_SERVICE = "first_service", _("first service, not reached")
    MAINTENANCE = "maintenance", _("maintenance, not reached")
    BIRTHDAY = "birthday", _("birthday greeting")
    NOT_YET = "not_yet", _("reminder after “not yet”")
    APPOINTMENT_BOOKED = "appointment_booked", _("appointment booked")
    APPOINTMENT_MOVED = "appointment_moved", _("appointment moved")
    APPOINTMENT_CANCELLED = "appointment_cancelled", _("appointment cancelled")
    APPOINTMENT_REMINDER = "appointment_reminder", _("appointment, the day before")
    WARRANTY = "warranty", _("warranty expiry, not reached")
    INSPECTION = "inspection", _("annual inspection, not reached")
    SURVEY = "survey", _("survey to be answered by oneself")
    CAMPAIGN = "campaign", _("campaign")  # its text is the campaign's own


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused by the provider")
    UNKNOWN = "unknown", _("no answer from the provider")
    CANCELLED = "cancelled", _("cancelled")


class Receipt(models.TextChoices):
    """What the provider said later about a message that it had taken."""

    DELIVERED = "delivered", _("delivered")
    UNDELIVERED = "undelivered", _("not delivered")


class Shown(models.TextChoices):
    """Which replies the list shows."""

    OPEN = "", _("to be done")
    REFUSALS = "refusals", _("refusals")
    ALL = "all", _("all")


class Decision(models.TextChoices):
    """What a person found out about a message without an answer."""

    SENT = "sent", _("it was sent")
    AGAIN = "again", _("it was not sent: queue it again")
    CANCEL = "cancel", _("it was not sent: leave it")


# A status that is not a key here is final. A receipt proves that a message went out, whatever
# was thought of it.
MESSAGE_MOVES = {
    MessageStatus.QUEUED: {
        MessageStatus.SENDING,
        MessageStatus.CANCELLED,
        MessageStatus.FAILED,
        MessageStatus.SENT,  # by a receipt
    },
    MessageStatus.FAILED: {MessageStatus.SENT},
    MessageStatus.CANCELLED: {MessageStatus.SENT},
    MessageStatus.SENDING: {
        MessageStatus.SENT,
        MessageStatus.FAILED,
        MessageStatus.UNKNOWN,
        MessageStatus.QUEUED,  # only when the provider surely did not take it
    },
    MessageStatus.UNKNOWN: {
        MessageStatus.SENT,
        MessageStatus.FAILED,
        MessageStatus.CANCELLED,
        MessageStatus.QUEUED,  # likewise, or a person says so
    },
}
