"""Campaigns as a file (CARE-06, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.care.audience_forms import in_words
from apps.care.campaign_forms import CampaignFilter
from apps.care.queries import campaigns
from apps.core.tables import Listing


def _campaigns(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = CampaignFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    rows = campaigns.campaigns_asked(user, form.cleaned_data)
    return rows.select_related("store", "batch", "written_by", "decided_by")


def _audience(row: Any) -> str:
    return "; ".join(f"{question}: {answer}" for question, answer in in_words(row.filters))


CAMPAIGNS = Listing(
    _("Campaigns"),
    "care.view_campaign",
    _campaigns,
    (
        (_("Store"), lambda row: row.store),
        (_("Goes out on"), lambda row: row.send_on),
        (_("Kind"), lambda row: row.get_kind_display()),
        (_("Campaign"), lambda row: row.name),
        (_("Status"), lambda row: row.get_status_display()),
        (_("Audience"), _audience),
        (_("Messages of it"), lambda row: row.batch.total if row.batch else None),
        (_("Text"), lambda row: row.text),
        (_("Written by"), lambda row: row.written_by),
        (_("Approved or sent back by"), lambda row: row.decided_by),
        (_("Begun at"), lambda row: row.started_at),
        (_("Ended at"), lambda row: row.ended_at),
    ),
)
