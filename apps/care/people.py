"""What the desk needs of care about one customer or one car."""

from typing import Any

from apps.care.models import Attempt, Call
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle


def timeline(customer: Customer) -> list[Source]:
    """Each dialling, and each call that ended without one."""
    return _sources(customer=customer)


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    """The same of the calls about one car."""
    return _sources(vehicle=vehicle)


def _sources(**about: Any) -> list[Source]:
    tries = Attempt.objects.filter(**{f"call__{name}": row for name, row in about.items()})
    untried = Call.objects.filter(**about, tries=None)
    return [
        Source("attempt", "call", tries.select_related("call", "by"), "at", _attempt),
        Source("call", "call", untried, "ended_at", _ended),
    ]


def _attempt(attempt: Attempt) -> Told:
    title = f"{attempt.call.get_kind_display()} · {attempt.get_result_display()}"
    detail = " · ".join(filter(None, [str(attempt.by), attempt.note]))
    return Told(title, detail, ("call", attempt.call_id))


def _ended(call: Call) -> Told:
    title = f"{call.get_kind_display()} · {call.get_status_display()}"
    return Told(title, call.get_end_reason_display(), ("call", call.pk))
