"""What the desk needs of care about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.models import (
    Activity,
    Attempt,
    Call,
    FollowUp,
    InsuranceCheck,
    InsuranceSample,
    Participant,
)
from apps.core.erasing import Personal, texts
from apps.core.errors import Refused
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.messaging.models import Message

LINKS = ((Call, "customer"), (Participant, "customer"))  # what points at a customer
# Of two calls for one reason the one that came further stands (CUS-04).
FURTHEST = (
    CallStatus.REACHED,
    CallStatus.MESSAGED,
    CallStatus.FAILED,
    CallStatus.WAITING,
    CallStatus.LAPSED,
    CallStatus.WITHDRAWN,
)


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


def hold(store_id: int) -> None:
    """No calls are planned until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('care.planning'))")


def refuse_held(*customers: Customer) -> None:
    """Refused while somebody is talking to one of them: whose screen it is on is said."""
    held = Call.objects.filter(customer__in=customers, status=CallStatus.CLAIMED)
    call = held.select_related("holder").order_by("pk").first()
    if call is not None:
        raise Refused(
            _("%(person)s is calling this customer right now. Try again when the call is over.")
            % {"person": call.holder}
        )


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The calls owed to ``old`` are owed to ``new``, with their attempts (CUS-04).

    A car's call is unique by its car. Of two calls about no car for one reason (the birthday
    of a year) the one that came further stands; the other keeps what was dialled for it, gives
    up its place in the cycle and ends if it was open: nobody is greeted twice. Open calls go
    to who answers for the customer already (CARE-28). Refused while one of the calls is held.
    """
    both = Call.objects.filter(customer__in=(old, new)).order_by("pk")
    calls = list(both.select_for_update(of=("self",)))
    refuse_held(old, new)
    owners = [call.owner_id for call in calls if call.customer_id == new.pk and not call.ended_at]
    owner = next((pk for pk in owners if pk), None)
    without_car = [call for call in calls if call.vehicle_id is None]
    without_car.sort(key=lambda call: (call.kind, call.cycle))
    for _key, those in groupby(without_car, key=lambda call: (call.kind, call.cycle)):
        _one_stands(list(those), new, journal)
    for call in calls:
        if owner and call.customer_id == old.pk and not call.ended_at:
            journal.change(call, owner_id=owner)
    journal.move(Call, "customer", old.pk, new.pk)
    _takes_part_once(old, new, journal)
    journal.move(Participant, "customer", old.pk, new.pk)
    _follow_greetings(old, new, journal)


def _one_stands(calls: list[Call], new: Customer, journal: Journal) -> None:
    calls.sort(
        key=lambda c: (
            FURTHEST.index(CallStatus(c.status)),
            -c.attempts,
            c.customer_id != new.pk,
            c.pk,
        )
    )
    stands, *others = calls
    for call in others:
        values: dict[str, object] = {"cycle": f"{call.cycle}/{call.pk}"}
        if not call.ended_at:
            values |= {"status": CallStatus.WITHDRAWN.value, "ended_at": journal.now}
            values |= {"end_reason": EndReason.MERGED.value, "proof": {"call": stands.pk}}
        journal.change(call, **values)


def _takes_part_once(old: Customer, new: Customer, journal: Journal) -> None:
    """Asked to one activity under either name: the record that came further stands (CARE-12)."""
    rows = Participant.objects.filter(customer__in=(old, new)).order_by("activity", "pk")
    for _activity, those in groupby(rows.select_for_update(), key=lambda row: row.activity_id):
        first, *other = sorted(
            those,
            key=lambda row: (not row.attended_at, not row.answered_at, row.customer_id != new.pk),
        )
        for row in other:
            journal.remove(row)
            if first.call_id is None and row.call_id:
                journal.change(first, call_id=row.call_id)


def _follow_greetings(old: Customer, new: Customer, journal: Journal) -> None:
    """Who was greeted on a closed day was greeted under either record (CARE-05)."""
    start, other = f"birthday:{old.pk}:", f"birthday:{new.pk}:"
    sent = Message.objects.filter(customer__in=(old, new), key=CallKind.BIRTHDAY)
    there = set(sent.filter(dedupe_key__startswith=other).values_list("dedupe_key", flat=True))
    for message in sent.filter(dedupe_key__startswith=start):
        key = other + message.dedupe_key.removeprefix(start)
        if key not in there:
            journal.change(message, dedupe_key=key)


PERSONAL = (
    # Why nobody was to call is in the words of whoever wrote it down.
    Personal(Call, ("customer",), {"proof": {}}, only=Q(proof__has_key="reason")),
    Personal(Attempt, ("call__customer",), {"number": "", **texts("note")}),
    Personal(FollowUp, ("call__customer",), texts("text")),
    Personal(InsuranceCheck, ("sampled__customer",), texts("text")),
)
PLAIN = {
    Call: "cycle claim slots_tried proof",
    Attempt: "conversation ticks",
    FollowUp: "causes",
    InsuranceSample: "population",
    Activity: "name place plan sales_part service_part cancelled summary evaluation",
}


def duties(ids: Collection[int]) -> list[str]:
    held = Call.objects.filter(customer__in=ids, status=CallStatus.CLAIMED)
    return [
        _("%(person)s is calling the customer right now") % {"person": call.holder}
        for call in held.select_related("holder")[:1]
    ]


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """The calls that are owed are not, as after a refusal (CARE-29)."""
    waiting = Call.objects.filter(customer__in=ids, status=CallStatus.WAITING)
    waiting.update(
        status=CallStatus.WITHDRAWN,
        end_reason=EndReason.STOPPED,
        ended_at=now,
        proof={"erased": True},
    )


def pictures(ids: Collection[int]) -> list[Any]:
    return []
