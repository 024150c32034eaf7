"""A campaign is written, submitted, approved or sent back (CARE-06). Sending: ``sending``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.campaign_choices import PURPOSES, CampaignKind, CampaignStatus
from apps.care.campaign_policy import check_text
from apps.care.models import Campaign
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked

DRAFTED = ("kind", "name", "text", "provider_code", "filters", "send_on")


@dataclass(frozen=True)
class Draft:
    """What a person writes of a campaign; ``filters`` as ``queries.audience`` takes them."""

    kind: CampaignKind
    name: str
    text: str
    send_on: date
    filters: dict[str, Any] = field(default_factory=dict)
    provider_code: str = ""


@action
def write_campaign(
    store: Store, draft: Draft, *, by: User | None, now: datetime, occasion: str = ""
) -> Campaign:
    """A new draft. The same ``occasion`` again gives the one that is there and writes nothing.

    Refused: a day that is over, a placeholder nobody fills, marketing without a way to refuse.
    """
    _check(draft, now)
    values = {name: getattr(draft, name) for name in DRAFTED}
    values |= {"written_by": by, "written_at": now}
    if not occasion:
        return Campaign.objects.create(store=store, **values)
    row, _new = Campaign.objects.get_or_create(store=store, occasion=occasion, defaults=values)
    return row


@action
def change_campaign(campaign: Campaign, draft: Draft, *, by: User, now: datetime) -> Campaign:
    """Write a draft anew. Refused once it is submitted: what is approved is what is sent."""
    _check(draft, now)
    row = locked(campaign)
    if row.status != CampaignStatus.DRAFT:
        raise Refused(
            _("This campaign is %(status)s: only a draft can be changed. Send it back first.")
            % {"status": row.get_status_display()}
        )
    for name in DRAFTED:
        setattr(row, name, getattr(draft, name))
    row.written_by, row.written_at = by, now
    row.save(update_fields=[*DRAFTED, "written_by", "written_at"])
    return row


def _check(draft: Draft, now: datetime) -> None:
    check_text(draft.text, PURPOSES[draft.kind])
    if draft.send_on < timezone.localdate(now):
        raise Refused(_("Choose a day from today on."))


@action
def submit_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """The care manager is asked to approve it. Refused when it is no draft or its day is over."""
    row = locked(campaign)
    advance(row, CampaignStatus.SUBMITTED)
    _check_day(row, now)
    row.submitted_by, row.submitted_at, row.sent_back = by, now, ""
    row.save(update_fields=["status", "submitted_by", "submitted_at", "sent_back"])
    return row


@action
def approve_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """It goes out by itself on its day, as it stands. Refused when it was not submitted."""
    row = locked(campaign)
    advance(row, CampaignStatus.APPROVED)
    _check_day(row, now)
    row.decided_by, row.decided_at = by, now
    row.save(update_fields=["status", "decided_by", "decided_at"])
    return row


def _check_day(row: Campaign, now: datetime) -> None:
    if row.send_on < timezone.localdate(now):
        raise Refused(_("Its day is over. Write down another day first."))


@action
def send_back_campaign(campaign: Campaign, reason: str, *, by: User, now: datetime) -> Campaign:
    """Back to whoever wrote it, with what is to be changed; also after the approval, until it
    goes out. Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say what is to be changed."))
    row = locked(campaign)
    if row.status == CampaignStatus.DRAFT:
        raise Refused(_("It was sent back already."))
    advance(row, CampaignStatus.DRAFT)
    row.decided_by, row.decided_at, row.sent_back = by, now, reason.strip()[:300]
    row.save(update_fields=["status", "decided_by", "decided_at", "sent_back"])
    return row
