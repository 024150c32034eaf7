"""What came of a conversation (CARE-04, CARE-13, CARE-15, CARE-22)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.calendar import Calendar
from apps.accounts.models import User
from apps.accounts.queries import calendar_of, slots_of
from apps.care import policy
from apps.care.actions import answers, endings
from apps.care.actions.answers import Answer
from apps.care.actions.claim import HOLDING, held_under, let_go
from apps.care.actions.visits import Visit, hold_days_of
from apps.care.actions.visits import book as book_visit
from apps.care.choices import (
    BAD_NUMBER,
    NOT_REACHED,
    REACHED,
    CallKind,
    CallStatus,
    NotReturning,
    Result,
)
from apps.care.models import Attempt, Call, CarePolicy, Script
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.choices import Fate, NumberStatus, ReadingSource
from apps.customers.models import ContactNumber, Vehicle
from apps.messaging.actions import queue as queue_message

LATEST_CALLBACK = timedelta(days=31)
FIELDS = [
    *HOLDING,
    *("attempts", "slots_tried", "day1_on", "day2_on", "day3_on", "paused_on"),
    *(
        "callback_at",
        "callback_for",
        "result",
        "not_returning",
        "measure",
        "end_reason",
        "ended_at",
    ),
    *("event_on", "opens_on", "due_on", "moved_event_on", "proactive", "short_of_standard"),
]


@dataclass(frozen=True)
class Elsewhere:
    """Maintenance in another shop, as the customer says (CARE-13)."""

    on: date
    shop: str
    km: int | None = None
    place: str = ""
    cost_amount: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """What the conversation came to for one call."""

    result: Result
    visit: Visit | None = None  # booked: when
    reason: str = ""  # why not: a NotReturning
    measure: str = ""  # what a lost customer was offered: a Measure (CARE-11)
    again_at: datetime | None = None  # call later
    again_by_me: bool = True
    elsewhere: Elsewhere | None = None
    said: Answer | None = None  # what this kind of call asks beside
    confirmed: bool = False  # sold, refuses: asked a second time


@dataclass(frozen=True)
class Talk:
    """One dialling: the number, what was asked and said."""

    number: str = ""
    km: int | None = None
    note: str = ""
    ticks: tuple[int, ...] = ()
    script: Script | None = None


@dataclass
class _Moment:
    """What decides how this moment counts, read once for all calls of the conversation."""

    by: User
    now: datetime
    talk: Talk
    calendar: Calendar
    conversation: UUID
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.local = timezone.localtime(self.now)
        self.slots = slots_of(self.by.store, self.today)  # type: ignore[arg-type]
        self.slot = self.slots.at(self.local) if self.calendar.is_open(self.today) else None


@action
def record(
    *, by: User, now: datetime, claim: UUID | None, talk: Talk, outcomes: Mapping[int, Outcome]
) -> list[Call]:
    """Write down one conversation; return the calls it was about (CARE-13, CARE-15).

    ``outcomes`` says for each settled call (by pk) what it came to. Not reached, a bad
    number and *call later* hold for every call still held under ``claim``. Calls that are
    left out stay held, to be settled in the same conversation or given back.
    *Booked* books the appointment along with it (CARE-10).
    Refused, with nothing changed: the claim is over, a call that is not in it, an answer
    that does not fit the kind, something that must be asked is missing, a time that is not
    free. A second time is such a refusal too, since the call is no longer held.
    """
    hold_days_of((o.visit for o in outcomes.values() if o.visit), by.store)  # type: ignore[arg-type]
    answers.hold({pk: outcome.result for pk, outcome in outcomes.items()}, by)
    calls = {call.pk: call for call in held_under(claim, by)}
    assert claim is not None
    moment = _Moment(by, now, talk, calendar_of(by.store), claim)  # type: ignore[arg-type]
    for pk, outcome in outcomes.items():
        if pk not in calls:
            raise Refused(_("You no longer hold this call. Nothing was changed."))
        _check(calls[pk], outcome, moment)
    settled = _of_all(calls, outcomes)
    _note_mileage(calls, settled, moment)
    if any(outcome.result in BAD_NUMBER for outcome in settled.values()):
        return _bad_number(list(calls.values()), settled, moment)
    for pk, outcome in settled.items():
        _settle(calls[pk], outcome, moment)
    left = [call.pk for call in calls.values() if call.pk not in settled]
    Call.objects.filter(pk__in=left).update(held_at=now)
    return [calls[pk] for pk in settled]


def _of_all(calls: Mapping[int, Call], outcomes: Mapping[int, Outcome]) -> dict[int, Outcome]:
    """Nobody was reached, or asks to be called later: that holds for all calls not settled."""
    for outcome in outcomes.values():
        if outcome.result not in REACHED or outcome.result == Result.CALL_LATER:
            return {pk: outcomes.get(pk, outcome) for pk in calls}
    return dict(outcomes)


def _check(call: Call, outcome: Outcome, moment: _Moment) -> None:
    result = outcome.result
    if result not in policy.results_for(call.kind, has_car=call.vehicle_id is not None):
        raise Refused(_("This result does not belong to this kind of call."))
    if result in policy.NEEDS_REASON and not outcome.reason:
        raise Refused(_("Choose why the customer does not come."))
    if result == Result.ELSEWHERE and outcome.elsewhere is None:
        raise Refused(_("Enter when and where the maintenance was done."))
    answers.check(call, result, outcome.said)
    if result in (Result.SOLD, Result.REFUSES) and not outcome.confirmed:
        raise Refused(_("Confirm this result: it ends further calls."))
    if result == Result.CALL_LATER:
        _check_callback(outcome.again_at, moment)


def _check_callback(again_at: datetime | None, moment: _Moment) -> None:
    """CARE-22: a time at which somebody is here, not in the past and not next year."""
    if again_at is None or again_at <= moment.now:
        raise Refused(_("Enter the time at which the customer wants to be called: from now on."))
    local = timezone.localtime(again_at)
    opens = moment.calendar.opens_at(local.date())
    if again_at > moment.now + LATEST_CALLBACK:
        raise Refused(_("A call-back can be promised for the next 31 days."))
    if opens is None or not opens <= local.time() < moment.calendar.closes:
        raise Refused(_("The store is closed at that time. Agree on a time in opening hours."))


def _note_mileage(
    calls: Mapping[int, Call], settled: Mapping[int, Outcome], moment: _Moment
) -> None:
    """The mileage asked is a reading of the car that the settled calls are about (CARE-13)."""
    about = [calls[pk].vehicle for pk, o in settled.items() if o.result in REACHED]
    cars: dict[int, Vehicle] = {car.pk: car for car in about if car is not None}
    if moment.talk.km is None or not cars:
        return
    if len(cars) > 1:
        raise Refused(_("The mileage belongs to one car: settle the cars one after the other."))
    [car] = cars.values()
    customers.record_reading(
        car, moment.talk.km, on=moment.today, source=ReadingSource.CUSTOMER, by=moment.by
    )


def _settle(call: Call, outcome: Outcome, moment: _Moment) -> None:
    result = outcome.result
    waits = call.callback_at is not None and call.callback_at > moment.now  # the clock stands
    counts = endings.grid_of(call).is_lawful(moment.today, moment.slot) and not waits
    if result in REACHED or not waits:  # the promise is kept by this dialling
        call.callback_at, call.callback_for = None, None
    if result in NOT_REACHED:
        _write(call, outcome, moment, counted=counts)
        _not_reached(call, result, moment, counted=counts)
    elif result == Result.CALL_LATER:
        _write(call, outcome, moment, counted=False)
        _call_later(call, outcome, moment)
    else:
        moved = result == Result.NOT_YET and _goes_back(call, moment)
        _write(call, outcome, moment, counted=counts and not moved)
        if not moved:
            _reached(call, outcome, moment)
        if result == Result.NOT_YET:
            _remind(call, moment)
    call.save(update_fields=FIELDS)


def _write(call: Call, outcome: Outcome, moment: _Moment, *, counted: bool) -> Attempt:
    """The evidence (CARE-04): when, in which slot, under which script, with what answer."""
    talk, script = moment.talk, moment.talk.script
    appointment = None
    if outcome.result == Result.BOOKED:
        appointment = book_visit(call, outcome.visit, km=talk.km, by=moment.by, now=moment.now)
    about = script is not None and script.kind == call.kind
    return Attempt.objects.create(
        store_id=call.store_id,
        call=call,
        conversation=moment.conversation,
        at=moment.now,
        slot=moment.slot or "",
        counted=counted,
        result=outcome.result,
        by=moment.by,
        number=talk.number,
        script=script if about else None,
        ticks=list(talk.ticks) if about else [],
        km=talk.km,
        agreed_on=appointment.on if appointment else None,
        appointment=appointment,
        note=talk.note,
    )


def _not_reached(call: Call, result: Result, moment: _Moment, *, counted: bool) -> None:
    if counted:
        assert moment.slot is not None
        grid = policy.after_attempt(
            endings.grid_of(call), moment.today, moment.slot, moment.calendar
        )
        endings.put_grid(call, grid)
    if call.kind == CallKind.BIRTHDAY:
        endings.greet_by_message(call, now=moment.now)
    elif call.attempts >= policy.ATTEMPTS:
        endings.fail_after_three(call, now=moment.now)
    else:
        let_go(call)
    call.result = result if call.ended_at else ""


def _call_later(call: Call, outcome: Outcome, moment: _Moment) -> None:
    """CARE-22: the clock stands still until the promised time (CARE-04)."""
    assert outcome.again_at is not None
    again_on = timezone.localdate(outcome.again_at)
    grid = policy.resumed(endings.grid_of(call), moment.today, again_on, moment.calendar)
    endings.put_grid(call, grid)
    call.callback_at = outcome.again_at
    call.callback_for = moment.by if outcome.again_by_me else None
    let_go(call)


def _reached(call: Call, outcome: Outcome, moment: _Moment) -> None:
    result, car = outcome.result, call.vehicle
    call.not_returning = outcome.reason
    call.measure = outcome.measure if call.kind in policy.LOST else ""
    if result == Result.ELSEWHERE and car and outcome.elsewhere:
        told = outcome.elsewhere
        call.not_returning = NotReturning.ELSEWHERE
        customers.record_elsewhere(
            car,
            on=told.on,
            km=told.km,
            shop=told.shop,
            place=told.place,
            cost_amount=told.cost_amount,
            by=moment.by,
            now=moment.now,
        )
    elif result == Result.SOLD and car:
        customers.set_fate(car, Fate.SOLD_ON, by=moment.by, on=moment.today)
    elif result == Result.REFUSES:
        reason = moment.talk.note or _("said so on the phone")
        customers.stop_contact(
            call.customer, car, call.kind, reason[:200], by=moment.by, now=moment.now
        )
    said, note = outcome.said, moment.talk.note
    answers.keep(call, result, said, note=note, by=moment.by, now=moment.now)
    call.result = result
    endings.end(call, CallStatus.REACHED, now=moment.now)


def _goes_back(call: Call, moment: _Moment) -> bool:
    """Not yet: the same call waits for the dates that follow from the reading (CARE-13).

    Only when they moved into the future; else the conversation has reached its end.
    """
    car = call.vehicle
    if call.kind != CallKind.MAINTENANCE or car is None:
        return False
    car.refresh_from_db()
    event_on, opens_on = car.maintenance_due_on, car.maintenance_opens_on
    if event_on is None or opens_on is None or opens_on <= moment.today:
        return False
    numbers = CarePolicy.objects.in_force(call.store_id, moment.today) or CarePolicy()
    call.event_on, call.opens_on = event_on, opens_on
    call.due_on = event_on - timedelta(days=numbers.maintenance_lead_days)
    call.moved_event_on, call.proactive = None, False
    # A new round of three: the attempts of the last one stay as evidence but count no more.
    call.tries.filter(counted=True).update(counted=False)
    endings.put_grid(call, policy.Grid())
    let_go(call)
    return True


def _remind(call: Call, moment: _Moment) -> None:
    queue_message(
        call.customer,
        key="not_yet",
        dedupe_key=f"not_yet:{call.pk}:{moment.today}",
        values=endings.message_values(call),
        now=moment.now,
    )


def _bad_number(calls: list[Call], settled: Mapping[int, Outcome], moment: _Moment) -> list[Call]:
    """An empty or wrong number (CUS-03): asked to be corrected, the calls wait for it.

    All open calls of the customer wait. With another good number the holder goes on at once.
    A dialling that could not ring the customer is none of the three.
    """
    outcome = next(o for o in settled.values() if o.result in BAD_NUMBER)
    empty = outcome.result == Result.EMPTY_NUMBER
    customer = calls[0].customer
    number = ContactNumber.objects.filter(customer=customer, number=moment.talk.number).first()
    if number is None or number.status != NumberStatus.GOOD:
        raise Refused(_("Choose the number that was dialled."))
    moment.conversation = uuid4()  # the next number is another dialling
    for call in calls:
        _write(call, outcome, moment, counted=False)
    status = NumberStatus.EMPTY if empty else NumberStatus.WRONG
    customers.mark_number(number, status, by=moment.by, now=moment.now)
    customer.refresh_from_db()
    for call in calls:
        call.held_at = moment.now
        if not customer.reachable:
            let_go(call)
        call.save(update_fields=FIELDS)
    if not customer.reachable:
        endings.pause_calls_of(customer, on=moment.today)
        for call in calls:
            call.refresh_from_db()
    return calls
