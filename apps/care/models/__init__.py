"""Customer care: calls owed, attempts made, scripts, the store's numbers, what was answered."""

from apps.care.models.calls import Attempt, Call, CarePolicy, PlannedDay, Script
from apps.care.models.campaigns import Campaign
from apps.care.models.follow_up import FollowUp
from apps.care.models.notice import Notice

__all__ = [
    "Attempt",
    "Call",
    "Campaign",
    "CarePolicy",
    "FollowUp",
    "Notice",
    "PlannedDay",
    "Script",
]
