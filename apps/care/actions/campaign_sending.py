"""A campaign goes out: begun on its day, paused, gone on with, called off, finished (CARE-06)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.care.campaign_choices import CampaignStatus
from apps.care.models import Campaign
from apps.care.queries.audience import audience, cars_asked, once_a_number
from apps.core.actions import action
from apps.core.moves import advance, locked, sweep
from apps.customers.choices import Fate
from apps.customers.models import Vehicle
from apps.messaging.actions import call_off_batch, pause_batch, queue_batch, resume_batch
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Batch, Message

ON_ITS_WAY = [MessageStatus.QUEUED, MessageStatus.SENDING]


def start_due(*, now: datetime) -> int:
    """Begin what is approved and whose day has come; how many. One whose day passed meanwhile
    (nothing ran) goes back to be given another day: no New Year greeting on 3 January."""
    today = timezone.localdate(now)

    @action
    def start(campaign: Campaign) -> None:
        if campaign.send_on < today:
            advance(campaign, CampaignStatus.DRAFT)
            campaign.sent_back = _("Its day passed before it could be sent. Choose another day.")
            campaign.save(update_fields=["status", "sent_back"])
            return
        start_campaign(campaign, now=now)

    approved = Campaign.objects.filter(status=CampaignStatus.APPROVED, send_on__lte=today)
    return sweep(approved, start)


@action
def start_campaign(campaign: Campaign, *, now: datetime) -> Campaign:
    """Write its messages, all or none, one to each number that its filter finds now.

    Refused when it is not approved, so twice writes once.
    """
    row = locked(campaign)
    advance(row, CampaignStatus.RUNNING)
    on = timezone.localdate(now)
    people = audience([row.store_id], row.filters, on=on, purpose=row.purpose)
    row.batch = Batch.objects.create(store_id=row.store_id, name=row.name, made_at=now)
    row.started_at = now
    queue_batch(
        row.batch,
        once_a_number(people),
        row.text,
        purpose=row.purpose,
        about=f"campaign:{row.pk}",
        now=now,
        known=known_of_cars(row.filters, now),
        provider_code=row.provider_code,
    )
    row.save(update_fields=["status", "batch", "started_at"])
    return row


def known_of_cars(filters: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """{model} and {plate}: of the newest car that the filter asked for, else of any in use."""
    cars = cars_asked(filters, timezone.localdate(now))
    if cars is None:
        cars = Vehicle.objects.filter(fate=Fate.IN_USE)
    his = cars.filter(owner=OuterRef("pk")).order_by(F("delivered_on").desc(nulls_last=True), "-pk")
    return {name: Subquery(his.values(name)[:1]) for name in ("model", "plate")}


@action
def pause_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """Nothing more goes out until it is gone on with. Refused when it is not being sent."""
    row = locked(campaign)
    advance(row, CampaignStatus.PAUSED)
    assert row.batch is not None  # care_campaign_sent_as_approved
    pause_batch(row.batch, now=now)
    row.save(update_fields=["status"])
    return row


@action
def resume_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """The rest goes out. Refused when it is not paused."""
    row = locked(campaign)
    advance(row, CampaignStatus.RUNNING)
    assert row.batch is not None
    resume_batch(row.batch)
    row.save(update_fields=["status"])
    return row


@action
def cancel_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """What has not gone out never will; a draft is put away. Refused when it has ended."""
    row = locked(campaign)
    advance(row, CampaignStatus.CANCELLED)
    row.ended_at = now
    row.save(update_fields=["status", "ended_at"])
    if row.batch is not None:
        call_off_batch(row.batch, now=now)
    return row


def finish_done(*, now: datetime) -> int:
    """End the campaigns of which nothing waits or is being sent any more; how many."""

    @action
    def finish(campaign: Campaign) -> None:
        advance(campaign, CampaignStatus.FINISHED)
        campaign.ended_at = now
        campaign.save(update_fields=["status", "ended_at"])

    on_its_way = Message.objects.filter(batch=OuterRef("batch"), status__in=ON_ITS_WAY)
    running = Campaign.objects.filter(~Exists(on_its_way), status=CampaignStatus.RUNNING)
    return sweep(running, finish)
