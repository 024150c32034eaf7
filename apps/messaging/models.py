"""The outbox: what is to be said to customers in writing, and what became of it."""

import re
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import Purpose
from apps.customers.models import Customer
from apps.messaging.choices import MESSAGE_MOVES, Channel, MessageStatus, Receipt, TemplateKey

_KEY = re.compile(r"(\?a=)[0-9A-Za-z._-]+")  # of the address of a customer's own page


@tracked()
class MessageTemplate(models.Model):
    """The text of one kind of message, from a day on; {placeholders} are filled when queued."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="message_templates")
    key = models.CharField(_("for"), max_length=40, choices=TemplateKey)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    effective_from = models.DateField(_("in force from"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    subject = models.CharField(_("subject"), max_length=120, blank=True, db_default="")
    text = models.TextField(_("text"))
    provider_code = models.CharField(
        _("template code at the provider"), max_length=40, blank=True, db_default=""
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("message template")
        ordering = ["key", "channel", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "key", "channel", "effective_from"],
                name="messaging_messagetemplate_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.channel}"


@tracked()
class MessagePolicy(models.Model):
    """The store's quiet hours, from a day on (CARE-06)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="message_policies")
    effective_from = models.DateField(_("in force from"))
    quiet_from = models.TimeField(_("no sending from"), default="21:00", help_text="CARE-06")
    quiet_until = models.TimeField(_("no sending until"), default="08:00", help_text="CARE-06")

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("message policy")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="messaging_messagepolicy_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class Batch(models.Model):
    """Many messages of one text that go out as a lane of their own (CARE-06).

    A paused or cancelled lane is not visited: nothing is written to its messages for that.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="batches")
    name = models.CharField(_("name"), max_length=80)
    total = models.PositiveIntegerField(_("messages"), db_default=0)
    made_at = models.DateTimeField(_("made at"))
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of messages")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Message(models.Model):
    """One SMS or e-mail to one customer. Never sent twice for one ``dedupe_key`` (I5)."""

    MOVES = MESSAGE_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="messages")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="messages")
    batch = models.ForeignKey(
        Batch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,  # messaging_message_of_batch begins with it
        verbose_name=_("batch"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    key = models.CharField(_("for"), max_length=40, choices=TemplateKey)
    to = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=120, blank=True, db_default="")
    text = models.TextField(_("text"))
    provider_code = models.CharField(max_length=40, blank=True, db_default="")
    values = models.JSONField(default=dict, db_default={}, help_text="of the text's placeholders")
    dedupe_key = models.CharField(max_length=80)
    reference = models.UUIDField(default=uuid4, unique=True, help_text=_("ours, at the provider"))
    status = models.CharField(
        _("status"), max_length=10, choices=MessageStatus, db_default=MessageStatus.QUEUED
    )
    not_before = models.DateTimeField(_("not before"))
    queued_at = models.DateTimeField(_("queued at"))
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True, db_default="")
    provider_id = models.CharField(
        max_length=64, blank=True, db_default="", help_text=_("the provider's own number")
    )
    receipt_status = models.CharField(
        _("receipt"), max_length=12, choices=Receipt, blank=True, db_default=""
    )
    received_at = models.DateTimeField(_("receipt at"), null=True, blank=True)
    receipt_error = models.CharField(max_length=200, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "dedupe_key"], name="messaging_message_once"),
            # CARE-06: nobody gets one twice, whoever else in the house has the number.
            models.UniqueConstraint(
                fields=["batch", "to"],
                condition=Q(batch__isnull=False),
                name="messaging_message_once_a_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MessageStatus.values), name="messaging_message_status_known"
            ),
            models.CheckConstraint(
                condition=Q(receipt_status__in=["", *Receipt.values]),
                name="messaging_message_receipt_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="messaging_message_queued",
                condition=Q(status=MessageStatus.QUEUED, batch=None),
            ),
            models.Index(
                fields=["batch", "status", "id"],
                name="messaging_message_of_batch",
                condition=Q(batch__isnull=False),
            ),
            models.Index(
                fields=["sending_at"],
                name="messaging_message_undecided",
                condition=Q(status__in=["sending", "unknown"]),
            ),
            models.Index(fields=["customer", "-id"], name="messaging_message_of_customer"),
            models.Index(fields=["store", "-id"], name="messaging_message_of_store"),
            models.Index(fields=["to", "-id"], name="messaging_message_to_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.key} {self.status}"

    @property
    def told(self) -> str:
        """Its text as our people read it: who has the key of a customer's own page may act for him,
        so that it is told nobody."""
        return _KEY.sub(r"\1…", self.text)


@tracked()
class Reply(models.Model):
    """What a customer wrote back by SMS, to the last message that went to that number."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="replies")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="replies")
    message = models.ForeignKey(Message, models.PROTECT, related_name="replies")
    number = models.CharField(_("number"), max_length=20)
    text = models.CharField(_("text"), max_length=500, blank=True)
    at = models.DateTimeField(_("received at"))
    provider_id = models.CharField(max_length=64, unique=True)
    refuses = models.BooleanField(
        _("refusal"), default=False, help_text=_("withdrew the consent to marketing (CARE-29)")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="messaging_reply_done_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-id"], name="messaging_reply_of_store"),
            models.Index(fields=["customer", "-at"], name="messaging_reply_of_customer"),
            models.Index(
                fields=["store", "id"],
                name="messaging_reply_to_do",
                condition=Q(done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at:%Y-%m-%d}"
