"""How a call ends or waits: the steps that results and sweeps share. Each runs in an action."""

from datetime import date, datetime

from apps.accounts.choices import Slot
from apps.care import policy
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Attempt, Call
from apps.care.wording import spoken_day, values_of
from apps.core.moves import advance
from apps.customers.models import Customer
from apps.customers.policy import WARRANTY_KM
from apps.customers.queries import StoreNumbers
from apps.messaging.actions import queue as queue_message
from apps.messaging.models import Message

GRID = ["attempts", "slots_tried", "day1_on", "day2_on", "day3_on"]
ENDING = ["status", "holder", "held_at", "claim", "end_reason", "ended_at", "short_of_standard"]


def grid_of(call: Call) -> policy.Grid:
    days = tuple(day for day in (call.day1_on, call.day2_on, call.day3_on) if day)
    return policy.Grid(tuple(Slot(slot) for slot in call.slots_tried), days)


def put_grid(call: Call, grid: policy.Grid) -> None:
    """Unsaved: save ``GRID``."""
    call.attempts, call.slots_tried = len(grid.tried), list(grid.tried)
    call.day1_on, call.day2_on, call.day3_on = grid.days or (None, None, None)


def end(call: Call, status: CallStatus, *, now: datetime, reason: str = "") -> None:
    """Unsaved: save ``ENDING``."""
    advance(call, status)
    call.holder, call.held_at, call.claim = None, None, None
    call.end_reason, call.ended_at = reason, now


def fail_after_three(call: Call, *, now: datetime) -> Message | None:
    """Three attempts and nobody reached: the failure record, and the fallback message (CARE-04)."""
    end(call, CallStatus.FAILED, now=now, reason=EndReason.THREE_ATTEMPTS)
    return send_fallback(call, now=now)


def abandon(call: Call, *, now: datetime) -> Message | None:
    """The second or third attempt was not made in time (CARE-04)."""
    end(call, CallStatus.FAILED, now=now, reason=EndReason.ABANDONED)
    return send_fallback(call, now=now)


def send_fallback(call: Call, *, now: datetime) -> Message | None:
    """The message of this kind for who was not reached; None for kinds without one."""
    channel = policy.FALLBACK.get(CallKind(call.kind))
    if channel is None:
        return None
    return queue_message(
        call.customer,
        key=call.kind,
        dedupe_key=policy.fallback_key(call.pk, call.event_on),
        values=message_values(call),
        now=now,
        channel=channel,
    )


def greet_by_message(call: Call, *, now: datetime, reason: str = "") -> None:
    """The birthday SMS of the day (CARE-05). Who cannot get one counts as not reached.

    Short of standard is who was greeted (or not) without a single dialling.
    """
    dialled = Attempt.objects.filter(call=call).exists()
    sent = send_fallback(call, now=now)
    end(call, CallStatus.MESSAGED if sent else CallStatus.FAILED, now=now, reason=reason)
    call.short_of_standard = not dialled


def answered_by_link(call: Call, *, now: datetime) -> None:
    """The customer answered the survey of this call by himself (SSI-03): it is owed no more.

    One that has ended keeps its end, so that what was not done in time still shows.
    """
    if call.ended_at is None:
        end(call, CallStatus.WITHDRAWN, now=now, reason=EndReason.BY_LINK)
    call.result = Result.ANSWERED
    call.save(update_fields=[*ENDING, "result"])


def pause_calls_of(customer: Customer, *, on: date) -> int:
    """All waiting calls of a customer without a good number wait for one (CUS-03)."""
    waiting = Call.objects.filter(customer=customer, status=CallStatus.WAITING, paused_on=None)
    return waiting.update(paused_on=on)


def message_values(call: Call) -> dict[str, str]:
    """What the texts to the customer are filled with."""
    values = values_of(call)
    km = target_km(call)
    return {
        "model": values["model"],
        "plate": values["plate"],
        "date": spoken_day(call.event_on),
        "km": str(km) if km else "",
    }


def target_km(call: Call) -> int | None:
    """The mileage that the call is about: of the service that is due, or of the warranty."""
    car = call.vehicle
    if car is None or call.kind in (CallKind.INSPECTION, CallKind.INSURANCE):
        return None
    if call.kind == CallKind.WARRANTY:
        return car.warranty_km or WARRANTY_KM
    schedule = StoreNumbers([call.store_id], call.opens_on).schedule(call.store_id, car.model)
    if call.kind == CallKind.FIRST_SERVICE:
        return int(schedule.first_km)
    return car.base_km + schedule.interval_km if car.base_km is not None else None
