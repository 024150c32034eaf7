"""In which slot a customer picks up (CARE-20): a preference, never a barrier.

The claim does not ask for it: it walks an index in the order of urgency, and a preference would
make it sort all that are equally urgent. It orders one's own list and stands on the call.
"""

from collections.abc import Iterable

from apps.accounts.choices import Slot
from apps.care.choices import REACHED
from apps.care.models import Attempt, Call


def best_slots(calls: Iterable[Call]) -> dict[int, Slot]:
    """Customer → the slot in which they answered last, else the one they prefer. One query."""
    preferred = {call.customer_id: call.customer.preferred_slot for call in calls}
    answered = (
        Attempt.objects.filter(call__customer__in=preferred, result__in=REACHED)
        .exclude(slot="")
        .order_by("call__customer", "-at")
        .distinct("call__customer")
        .values_list("call__customer", "slot")
    )
    found = preferred | dict(answered)
    return {customer: Slot(slot) for customer, slot in found.items() if slot}
