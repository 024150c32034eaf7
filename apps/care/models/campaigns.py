"""One text to many customers: holiday greetings, weather notices, invitations (CARE-06)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.care.campaign_choices import (
    CAMPAIGN_MOVES,
    PURPOSES,
    STARTED,
    CampaignKind,
    CampaignStatus,
)
from apps.core.history import tracked
from apps.customers.choices import Purpose
from apps.messaging.models import Batch


@tracked()
class Campaign(models.Model):
    """One text to the customers that a filter finds on the day it goes out.

    ``filters`` are the names of ``audience_forms.AudienceForm`` with plain values; what is not
    asked is not in it. ``batch`` are its messages, made when it goes out.
    """

    MOVES = CAMPAIGN_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="campaigns")
    kind = models.CharField(_("kind"), max_length=10, choices=CampaignKind)
    name = models.CharField(_("name"), max_length=80)
    text = models.CharField(_("text"), max_length=500)
    provider_code = models.CharField(
        _("template code at the provider"), max_length=40, blank=True, db_default=""
    )
    filters = models.JSONField(_("audience"), default=dict, blank=True)
    send_on = models.DateField(_("goes out on"))
    occasion = models.CharField(
        _("occasion"),
        max_length=80,
        blank=True,
        db_default="",
        help_text=_("the holiday of a year, the warning of a day: one draft each"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, db_default=CampaignStatus.DRAFT
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
        help_text=_("empty: by itself"),
    )
    written_at = models.DateTimeField(_("written at"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved or sent back by"),
    )
    decided_at = models.DateTimeField(_("approved or sent back at"), null=True, blank=True)
    sent_back = models.CharField(
        _("what is to be changed"), max_length=300, blank=True, db_default=""
    )
    batch = models.OneToOneField(
        Batch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaign",
        verbose_name=_("messages"),
    )
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        ordering = ["-send_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CampaignKind.values, status__in=CampaignStatus.values),
                name="care_campaign_words_known",
            ),
            models.UniqueConstraint(
                fields=["store", "occasion"],
                condition=~Q(occasion=""),
                name="care_campaign_once_an_occasion",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=STARTED)
                | Q(batch__isnull=False, started_at__isnull=False, decided_at__isnull=False),
                name="care_campaign_sent_as_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-send_on", "-id"], name="care_campaign_of_store"),
            models.Index(
                fields=["send_on"],
                name="care_campaign_to_begin",
                condition=Q(status=CampaignStatus.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def purpose(self) -> Purpose:
        return PURPOSES[CampaignKind(self.kind)]
