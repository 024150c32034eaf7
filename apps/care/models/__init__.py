"""Customer care: calls owed, attempts made, scripts, the store's numbers, what was answered."""

from apps.care.models.activities import Activity, ActivityPhoto, Participant
from apps.care.models.calls import Attempt, Call, PlannedDay, Script
from apps.care.models.campaigns import Campaign
from apps.care.models.follow_up import FollowUp
from apps.care.models.notice import Notice
from apps.care.models.numbers import CarePolicy
from apps.care.models.sampling import InsuranceCheck, InsuranceSample

__all__ = [
    "Activity",
    "ActivityPhoto",
    "Attempt",
    "Call",
    "Campaign",
    "CarePolicy",
    "FollowUp",
    "Notice",
    "InsuranceCheck",
    "InsuranceSample",
    "Participant",
    "PlannedDay",
    "Script",
]
