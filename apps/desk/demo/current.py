"""Calls of the spans that run now: untouched, half dialled, promised, reached, not reached.

They are made after the cars' dues are known; what is found only today is left to planning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from django.db import connection

from apps.accounts.choices import Slot
from apps.accounts.models import Store
from apps.care.choices import CallKind, CallStatus, EndReason, NotReturning, Result
from apps.core.dates import month_end
from apps.desk.demo.calls import (
    DAY,
    SHANGHAI,
    DemoCall,
    Dialling,
    dial,
    finish,
    give_up,
    moment,
    working_day,
)

# Cars about which somebody is to be called at present (CARE-27), as wide as it can be.
CARS = """
    SELECT car.id, car.owner_id, owner.name, owner.main_phone, owner.reachable,
           owner.locality = 'local', coalesce(car.delivered_on, car.registered_on),
           car.sold_here AND car.last_maintenance_on IS NULL, car.base_on, car.last_seen_on,
           car.first_service_opens_on, car.first_service_due_on,
           car.maintenance_opens_on, car.maintenance_due_on, car.last_km,
           EXISTS (SELECT FROM customers_stopcontact AS stop WHERE stop.vehicle_id = car.id),
           (SELECT min(marked_at) FROM customers_contactnumber AS number
             WHERE number.customer_id = car.owner_id AND number.status = 'empty')
      FROM customers_vehicle AS car JOIN customers_customer AS owner ON owner.id = car.owner_id
     WHERE car.store_id = %(store)s AND car.fate = 'in_use' AND NOT car.in_workshop
       AND NOT owner.refuses_service
       AND (car.first_service_due_on BETWEEN %(today)s - 31 AND %(today)s + 31
            OR car.maintenance_opens_on <= %(today)s)
     ORDER BY car.id"""
OUTCOMES = {  # what a conversation comes to, and how often
    CallKind.FIRST_SERVICE: ((Result.BOOKED, 62), (Result.WILL_COME, 30), (Result.NOT_NEEDED, 8)),
    CallKind.MAINTENANCE: ((Result.BOOKED, 52), (Result.WILL_COME, 33), (Result.NOT_NEEDED, 15)),
    CallKind.AT_RISK: ((Result.BOOKED, 38), (Result.WILL_COME, 34), (Result.NOT_NEEDED, 28)),
    CallKind.CHURN: ((Result.BOOKED, 16), (Result.WILL_COME, 24), (Result.NOT_NEEDED, 60)),
}
REASONS = (
    *(NotReturning.NO_TIME, NotReturning.FEW_KM, NotReturning.CAR_AWAY, NotReturning.PRICE),
    *(NotReturning.PRICE, NotReturning.SERVICE, NotReturning.OTHER),
)


@dataclass(slots=True)
class CarNow:
    """What of a car decides about its calls now."""

    pk: int
    owner: int
    name: str
    phone: str
    reachable: bool
    local: bool
    since: date | None
    never_maintained: bool
    base_on: date | None
    seen_on: date | None
    first_opens_on: date | None
    first_due_on: date | None
    opens_on: date | None
    event_on: date | None
    km: int | None
    stopped: bool
    marked_at: datetime | None


def cars_now(store: Store, today: date) -> Iterator[CarNow]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(CARS, {"store": store.pk, "today": today})
        for row in cursor:
            yield CarNow(*row)


def calls_of(rnd: Random, car: CarNow, today: date) -> list[DemoCall]:
    """The calls about one car that were open lately or are open now, as they stand today."""
    empty = _windows(car, today)
    return [_worked(rnd, call, car, today) for call in empty]


def _windows(car: CarNow, today: date) -> list[DemoCall]:
    if car.never_maintained and car.first_due_on and car.first_opens_on:
        if car.first_opens_on < today <= car.first_due_on + DAY * 31:
            opens_on, due_on = car.first_opens_on, car.first_due_on
            first = DemoCall(CallKind.FIRST_SERVICE, "first", due_on, opens_on, due_on, "")
            return [first, *_maintenance(car, today)]
        if today <= car.first_due_on:
            return []  # sheltered
    return _maintenance(car, today)


def _maintenance(car: CarNow, today: date) -> list[DemoCall]:
    if car.event_on is None or car.opens_on is None or car.base_on is None or car.seen_on is None:
        return []
    if car.never_maintained and car.first_due_on and today <= car.first_due_on:
        return []
    event_on, base, found = car.event_on, car.base_on.isoformat(), []
    due_on = event_on - DAY * 7
    if car.opens_on < today <= event_on + DAY * 29 and not car.stopped:
        found.append(DemoCall(CallKind.MAINTENANCE, base, event_on, car.opens_on, due_on, ""))
    if event_on < today - DAY and today < event_on + DAY * 30:
        found.append(_found(CallKind.AT_RISK, base, event_on, event_on + DAY))
    lost_on = max(event_on + DAY * 30, car.seen_on + DAY * 90)
    if lost_on < today and (today - car.seen_on).days < 360:
        since = max(lost_on, today.replace(day=1))
        if since < today:
            cycle = f"{car.seen_on}/{since:%Y-%m}"
            call = _found(CallKind.CHURN, cycle, car.seen_on, since)
            call.churn_group = _group(car, today)
            found.append(call)
    return found


def _found(kind: str, cycle: str, event_on: date, found_on: date) -> DemoCall:
    due_on = max(month_end(found_on), found_on + DAY * 6)
    return DemoCall(kind, cycle, event_on, found_on, due_on, "")


def _group(car: CarNow, today: date) -> str:
    inside = car.since is not None and (today - car.since).days < 1095 and (car.km or 0) < 90_000
    return ("local" if car.local else "non_local") + ("_in" if inside else "_out")


def _worked(rnd: Random, call: DemoCall, car: CarNow, today: date) -> DemoCall:
    """The call as three specialists have left it by this morning."""
    over = call.kind == CallKind.MAINTENANCE and call.event_on < today
    call.status = CallStatus.WAITING
    if not car.reachable and not over:
        call.paused_on = car.marked_at.date() if car.marked_at else today
        return call
    starts = working_day(call.opens_on + DAY * rnd.randint(0, 14 if over else 24))
    last = min(today - DAY, call.event_on) if over else today - DAY
    if starts <= last:
        call.diallings, reached = dial(rnd, starts)
        late = [d for d in call.diallings if d.at.date() > last]
        call.diallings = [d for d in call.diallings if d.at.date() <= last]
        if reached and not late:
            _reached(rnd, call, today)
        elif len(call.diallings) == 3:
            give_up(call)
        elif call.diallings and not over and call.diallings[-1].at.date() < _working_before(today):
            _promised(rnd, call, today)  # else it would have been abandoned days ago
    if over and call.status == CallStatus.WAITING:  # at risk has taken over (CARE-27)
        call.status, call.end_reason = CallStatus.LAPSED, EndReason.TAKEN_OVER
        call.ended_at = datetime.combine(call.event_on + DAY, time(8, 0), SHANGHAI)
    elif call.status == CallStatus.WAITING and not call.diallings and rnd.random() < 0.05:
        _promised(rnd, call, today)
    return call


def _working_before(today: date) -> date:
    day = today - DAY
    while working_day(day) != day:
        day -= DAY
    return day


def _reached(rnd: Random, call: DemoCall, today: date) -> None:
    outcomes = OUTCOMES[CallKind(call.kind)]
    result = rnd.choices([kind for kind, _ in outcomes], [share for _, share in outcomes])[0]
    last = call.diallings[-1].at.date()
    finish(rnd, call, result, max(working_day(last + DAY * rnd.randint(2, 12)), today))
    if result == Result.NOT_NEEDED:
        call.not_returning = rnd.choice(REASONS)


def _promised(rnd: Random, call: DemoCall, today: date) -> None:
    """Spoken to lately: please call again today or tomorrow (CARE-22)."""
    slot = rnd.choice(list(Slot))
    spoken_on = _working_before(today)
    call.diallings = []
    if spoken_on < call.opens_on:
        return
    at = moment(rnd, spoken_on, slot)
    call.diallings = [Dialling(at, slot, Result.CALL_LATER, counted=False)]
    again = rnd.choice((Slot.MORNING, Slot.AFTERNOON, Slot.LATE))
    day = today if rnd.random() < 0.75 else working_day(today + DAY)
    call.callback_at = moment(rnd, day, again).replace(second=0)
    call.callback_for_owner = rnd.random() < 0.6
