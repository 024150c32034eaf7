"""What the clock does to calls. Each sweep can run twice, late, or on two machines at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of
from apps.care import policy
from apps.care.actions import endings
from apps.care.actions.claim import put_back
from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.models import Call
from apps.care.queries.birthdays import birthdays_on
from apps.care.queries.queue import Shift, shift_of
from apps.core.actions import action
from apps.core.moves import sweep
from apps.messaging.actions import queue as queue_message
from apps.messaging.models import Message


def _shifts(now: datetime) -> Iterator[tuple[Store, Shift]]:
    for store in Store.objects.all():
        yield store, shift_of(store.pk, now)


def release_stale(*, now: datetime) -> int:
    """Give back every call whose holder has not moved for the store's minutes (CARE-14)."""

    @action
    def release(call: Call) -> None:
        put_back(call, now=now)

    done = 0
    for store, shift in _shifts(now):
        idle_since = now - timedelta(minutes=shift.hold_minutes)
        held = Call.objects.filter(store=store, status=CallStatus.CLAIMED)
        done += sweep(held.filter(held_at__lt=idle_since), release)
    return done


def abandon_overdue(*, now: datetime) -> int:
    """End every call whose second or third attempt can no longer be made (CARE-04).

    Its fallback message goes out. A call that waits for a number or for a promised
    call-back stands still; a promise of today holds until closing time.
    """

    @action
    def abandon(call: Call) -> None:
        endings.abandon(call, now=now)
        call.save(update_fields=endings.ENDING)

    done = 0
    for store, shift in _shifts(now):
        done += sweep(_overdue(store, shift, now), abandon)
    return done


def _overdue(store: Store, shift: Shift, now: datetime) -> QuerySet[Call]:
    clock = shift.moment.time()
    to_come = [slot for slot, _, until in shift.slots.times if clock < until]
    promises_until = now
    if clock < shift.calendar.closes:
        promises_until = shift.moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return Call.objects.filter(
        Q(day3_on__lt=shift.day) | Q(day3_on=shift.day, slots_tried__contains=to_come),
        Q(callback_at=None) | Q(callback_at__lt=promises_until),
        store=store,
        status=CallStatus.WAITING,
        paused_on=None,
        attempts__range=(1, policy.ATTEMPTS - 1),
    )


def greet_by_message(*, now: datetime) -> int:
    """Who has not been reached by the birthday deadline gets an SMS (CARE-05); return how many.

    Who is just being called gets it as well, so that everybody is greeted in time; the call
    stays with its holder.
    """

    @action
    def greet(call: Call) -> None:
        if call.status == CallStatus.CLAIMED:
            endings.send_fallback(call, now=now)
            return
        endings.greet_by_message(call, now=now, reason=EndReason.NO_REPLY_SMS)
        call.save(update_fields=endings.ENDING)

    done = 0
    for store, shift in _shifts(now):
        until = shift.birthdays_until
        if until is None and shift.moment.time() >= policy.CLOSED_DAY_GREETING:
            done += _greet_on_closed_day(store, shift, now)
        elif until is not None and shift.moment.replace(tzinfo=None) >= until:
            birthdays = Call.objects.filter(
                store=store, kind=CallKind.BIRTHDAY, due_on=shift.day
            ).open()
            done += sweep(birthdays, greet)
    return done


@action
def _greet_on_closed_day(store: Store, shift: Shift, now: datetime) -> int:
    """An SMS for every birthday of a day on which nobody is here to call; no call is owed."""
    people = birthdays_on(shift.day).filter(store=store)
    keys = {f"birthday:{person.pk}:{shift.day.year}": person for person in people}
    sent = Message.objects.filter(store=store, dedupe_key__in=keys).values_list(
        "dedupe_key", flat=True
    )
    new = keys.keys() - set(sent)
    for key in sorted(new):
        queue_message(keys[key], key=CallKind.BIRTHDAY, dedupe_key=key, values={}, now=now)
    return len(new)


def resume_corrected(*, now: datetime) -> int:
    """Put the calls of customers who can be reached again back into the queue (CUS-03).

    The days of their grid move on by the working days waited (CARE-04).
    """
    done = 0
    for store, shift in _shifts(now):
        paused = Call.objects.filter(
            store=store,
            status=CallStatus.WAITING,
            paused_on__isnull=False,
            customer__reachable=True,
        )
        if not paused.exists():
            continue
        calendar = calendar_of(store)
        goes_on = policy.day_the_clock_goes_on(shift.moment, shift.slots)

        @action
        def resume(call: Call) -> None:
            assert call.paused_on is not None
            grid = policy.resumed(endings.grid_of(call), call.paused_on, goes_on, calendar)  # noqa: B023
            endings.put_grid(call, grid)
            call.paused_on = None
            call.save(update_fields=[*endings.GRID, "paused_on"])

        done += sweep(paused, resume)
    return done
