"""What the desk needs of care about one customer."""

from apps.care.models import Attempt, Call
from apps.core.timeline import TimelineEntry
from apps.customers.models import Customer

MOST = 100


def timeline(customer: Customer) -> list[TimelineEntry]:
    """Each dialling, and each call that ended without one. Two queries."""
    tries = Attempt.objects.filter(call__customer=customer).select_related("call", "by")
    entries = [
        TimelineEntry(
            at=attempt.at,
            kind="call",
            title=f"{attempt.call.get_kind_display()} · {attempt.get_result_display()}",
            detail=" · ".join(filter(None, [str(attempt.by), attempt.note])),
        )
        for attempt in tries.order_by("-at")[:MOST]
    ]
    untried = Call.objects.filter(customer=customer, ended_at__isnull=False, tries=None)
    entries += [
        TimelineEntry(
            at=call.ended_at,
            kind="call",
            title=f"{call.get_kind_display()} · {call.get_status_display()}",
            detail=call.get_end_reason_display(),
        )
        for call in untried.order_by("-ended_at")[:MOST]
        if call.ended_at
    ]
    return entries
