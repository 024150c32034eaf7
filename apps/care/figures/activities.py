"""What a care activity brought: visits to the workshop of those who were asked (CARE-12)."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.care.models import Activity, Participant
from apps.service.models import RepairOrder

WITHIN = timedelta(days=60)
# Whose visits: each is a condition on participants.
WHOSE: dict[str, Q] = {
    "there": Q(attended_at__isnull=False),
    "not_there": Q(attended_at=None),
}


def visits(activity: Activity, whose: str = "there") -> QuerySet[RepairOrder]:
    """The visits settled from the day of the activity to 60 days later, of cars whose owner was
    there, or was asked and was not; each with its car and owner, the latest first."""
    asked = Participant.objects.filter(
        WHOSE[whose], activity=activity, customer=OuterRef("vehicle__owner")
    )
    rows: QuerySet[RepairOrder] = RepairOrder.objects.filter(
        Exists(asked), store=activity.store_id, out_on__range=(activity.on, activity.on + WITHIN)
    )
    return rows.select_related("vehicle__owner").order_by("-out_on", "-pk")


def came_back(activity: Activity, whose: str = "there") -> dict[str, Any]:
    """``people`` asked, ``back`` of them came, with how many ``visits``. Two queries."""
    people = Participant.objects.filter(WHOSE[whose], activity=activity).count()
    owners = list(visits(activity, whose).order_by().values_list("vehicle__owner", flat=True))
    back = len(set(owners))
    percent = 100 * back // people if people else 0
    return {"people": people, "back": back, "visits": len(owners), "percent": percent}
