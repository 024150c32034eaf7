"""Taking a customer out of the queue and giving them back (CARE-14, CARE-15)."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Slot
from apps.accounts.models import User
from apps.accounts.queries import calendar_of
from apps.care import policy
from apps.care.actions import endings
from apps.care.choices import CallStatus, Result
from apps.care.models import Attempt, Call
from apps.care.queries import queue
from apps.care.queries.gone import gone_reasons
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance

HOLDING = ["status", "holder", "held_at", "claim"]
_AGAIN = 5  # how often a claim that met another's is tried anew


def claim_next(*, by: User, now: datetime) -> list[Call]:
    """Give ``by`` the most urgent customer whose slot is now, with all calls they may work.

    Of any number of people asking at the same moment each gets a different customer
    (CARE-14). Who still holds a customer gets the same one again. Calls whose reason has
    gone are withdrawn instead and the next is taken (CARE-18). The claim is logged: it is
    the reason to see the number (SEC-01). An empty list means that nothing is offered.

    Another's claim of the same customer, committed while our statement ran, is invisible to
    it; then the exclusion constraint refuses ours, and a new try passes that customer over.
    """
    shift = queue.shift_of(_store_of(by), now)
    for _try in range(_AGAIN):
        try:
            return _claim_next(by=by, shift=shift, now=now)
        except IntegrityError as error:
            if "care_call_one_holder_a_customer" not in str(error):
                raise
    return []


@action
def _claim_next(*, by: User, shift: queue.Shift, now: datetime) -> list[Call]:
    while calls := queue.claim(by, shift, now=now, claim=uuid4()):
        owed = [call for call in calls if not call.is_gone]  # type: ignore[attr-defined]
        if len(owed) < len(calls):
            _withdraw({call.pk for call in calls} - {call.pk for call in owed}, now)
        if owed:
            return sorted(owed, key=lambda call: (call.due_on, call.pk))
    return []


def _store_of(by: User) -> int:
    if by.store_id is None:
        raise Refused(_("You work in no store, so there is no queue for you."))
    return by.store_id


@action
def give_back(*, by: User, claim: UUID | None, now: datetime) -> None:
    """Put the customer back into the queue without a result.

    Calls that were spoken to and settled stay settled. Refused when no longer held.
    """
    for call in held_under(claim, by):
        put_back(call, now=now)


@action
def touch(*, by: User, claim: UUID | None, now: datetime) -> bool:
    """The holder is active on the call's screen; whether they still hold it (CARE-14)."""
    held = Call.objects.filter(holder=by, claim=claim, status=CallStatus.CLAIMED)
    return claim is not None and held.update(held_at=now) > 0


def _withdraw(ids: set[int], now: datetime) -> None:
    """End these claimed calls whose reason has gone, proof attached."""
    for call in gone_reasons(Call.objects.filter(pk__in=ids), timezone.localdate(now)):
        endings.end(call, CallStatus.WITHDRAWN, now=now, reason=call.gone)
        call.proof = call.gone_proof
        call.save(update_fields=[*endings.ENDING, "proof"])


def held_under(claim: UUID | None, by: User) -> list[Call]:
    """The calls held under this claim, locked with their customer; refused if it is over."""
    calls = list(
        Call.objects.filter(claim=claim, holder=by, status=CallStatus.CLAIMED)
        .select_related("customer", "vehicle", "store")
        .select_for_update(of=("self", "customer"))
        .order_by("pk")
        if claim
        else ()
    )
    if not calls:
        raise Refused(
            _("You no longer hold this call: it went back to the queue. Nothing was changed.")
        )
    return calls


def put_back(call: Call, *, now: datetime) -> None:
    """A held call goes back without a result of its own.

    If its customer was reached about another call, that was an attempt for this one too
    (CARE-15), so nobody rings again in the same slot; but never the third, which fails a call.
    """
    claim = call.claim
    talk = Attempt.objects.filter(conversation=claim).order_by("pk").first() if claim else None
    if talk is not None:
        grid, calendar = endings.grid_of(call), calendar_of(call.store)
        day = timezone.localdate(talk.at)
        slot = Slot(talk.slot) if talk.slot else None
        counted = grid.is_lawful(day, slot) and len(grid.tried) < policy.ATTEMPTS - 1
        if counted and slot:
            endings.put_grid(call, policy.after_attempt(grid, day, slot, calendar))
        Attempt.objects.create(
            store_id=call.store_id,
            call=call,
            conversation=talk.conversation,
            at=talk.at,
            slot=talk.slot,
            counted=counted,
            result=Result.SPOKEN_TO,
            by=talk.by,
            number=talk.number,
        )
    let_go(call)
    call.save(update_fields=[*HOLDING, *endings.GRID])


def let_go(call: Call) -> None:
    """Back to the queue, unsaved: save ``HOLDING``."""
    advance(call, CallStatus.WAITING)
    call.holder, call.held_at, call.claim = None, None, None
