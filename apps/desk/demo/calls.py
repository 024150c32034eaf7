"""Calls of the last months that are finished: who was rung when, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from apps.accounts.calendar import Calendar, SlotTimes
from apps.accounts.choices import Slot
from apps.care.choices import CallKind, CallStatus, EndReason, NotReturning, Result
from apps.core.dates import add_months, month_end
from apps.desk.demo.history import Cycle, Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
LOOK_BACK = DAY * 120  # how far back the calls of the demo reach
CALENDAR = Calendar()
SLOTS = {slot: (start, end) for slot, start, end in SlotTimes().times}
NOT_REACHED = (Result.NO_ANSWER, Result.NO_ANSWER, Result.BUSY, Result.SWITCHED_OFF, Result.HUNG_UP)
NOTES = (
    "",
    "",
    "",
    "客户要求周末到店",
    "询问机油价格",
    "提醒带保养手册",
    "开车中，稍后确认",
    "希望预约上午",
)


@dataclass(slots=True)
class Dialling:
    at: datetime
    slot: str
    result: str
    km: int | None = None
    agreed_on: date | None = None
    note: str = ""
    counted: bool = True


@dataclass(slots=True)
class DemoCall:
    """A call and its diallings; ``status`` says how it stands."""

    kind: str
    cycle: str
    event_on: date
    opens_on: date
    due_on: date
    status: str
    diallings: list[Dialling] = field(default_factory=list)
    result: str = ""
    not_returning: str = ""
    end_reason: str = ""
    ended_at: datetime | None = None
    callback_at: datetime | None = None
    callback_for_owner: bool = False
    paused_on: date | None = None
    churn_group: str = ""

    @property
    def day1(self) -> date | None:
        """The day of the first counted attempt (CARE-04)."""
        return next((d.at.date() for d in self.diallings if d.counted), None)


@cache
def working_day_after(day: date, count: int) -> date:
    return CALENDAR.working_day_after(day, count)


@cache
def working_day(day: date) -> date:
    """``day``, or the working day after it."""
    return day if CALENDAR.is_working(day) else CALENDAR.working_day_after(day, 1)


def moment(rnd: Random, day: date, slot: str) -> datetime:
    start, end = SLOTS[Slot(slot)]
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    at = datetime.combine(day, start, SHANGHAI) + timedelta(minutes=rnd.randrange(2, minutes - 2))
    return at + timedelta(seconds=rnd.randrange(60))


def dial(rnd: Random, first_day: date, *, reached: float = 0.62) -> tuple[list[Dialling], bool]:
    """Up to three diallings on three working days in three slots (CARE-04); reached or not."""
    day, diallings = working_day(first_day), []
    slots = rnd.sample(list(Slot), 3)
    for number, slot in enumerate(slots):
        if number:
            day = working_day_after(day, 1)
        at = moment(rnd, day, slot)
        if rnd.random() < reached:
            diallings.append(Dialling(at, slot, ""))
            return diallings, True
        diallings.append(Dialling(at, slot, rnd.choice(NOT_REACHED)))
    return diallings, False


def of_cycle(rnd: Random, cycle: Cycle, today: date) -> DemoCall | None:
    """The call that belonged to a maintenance that is over; None where none was made."""
    if cycle.elsewhere is not None:
        return _told_elsewhere(rnd, cycle, today)
    if cycle.visit is None or cycle.visit.in_on < today - LOOK_BACK:
        return None
    call = _window(cycle, cycle.visit.in_on - DAY * rnd.randint(3, 16))
    if call is None or call.opens_on > cycle.visit.in_on:
        return None
    rung_on = max(call.opens_on + DAY * rnd.randint(0, 4), cycle.visit.in_on - DAY * 16)
    diallings, reached = dial(rnd, rung_on)
    if diallings[-1].at.date() >= cycle.visit.in_on or rnd.random() < 0.08:
        return _withdrawn(call, cycle.visit, today)
    call.diallings = diallings
    if reached:
        booked = rnd.random() < 0.6
        finish(rnd, call, Result.BOOKED if booked else Result.WILL_COME, cycle.visit.in_on)
    else:
        give_up(call)
    return call


def _window(cycle: Cycle, rung_on: date) -> DemoCall | None:
    """The empty call that was open on ``rung_on`` (CARE-27)."""
    event_on = cycle.event_on
    base = cycle.base_on.isoformat()
    if cycle.kind == CallKind.FIRST_SERVICE:
        opens_on, due_on = add_months(cycle.base_on, 2), add_months(cycle.base_on, 3)
        return DemoCall(CallKind.FIRST_SERVICE, "first", due_on, opens_on, due_on, "")
    if rung_on <= event_on:
        opens_on, due_on = event_on - DAY * 21, event_on - DAY * 7
        return DemoCall(CallKind.MAINTENANCE, base, event_on, opens_on, due_on, "")
    if rung_on < event_on + DAY * 30:
        found_on = event_on + DAY
        due_on = max(month_end(found_on), found_on + DAY * 6)
        return DemoCall(CallKind.AT_RISK, base, event_on, found_on, due_on, "")
    return None


def _withdrawn(call: DemoCall, visit: Visit, today: date) -> DemoCall | None:
    """The car came by itself before anybody had reached the customer (CARE-18)."""
    seen_on = (visit.out_on or visit.in_on) + DAY
    if seen_on > today or seen_on < call.opens_on:
        return None
    call.status, call.end_reason = CallStatus.WITHDRAWN, EndReason.VISITED
    call.ended_at = datetime.combine(seen_on, time(8, 35), SHANGHAI)
    return call


def _told_elsewhere(rnd: Random, cycle: Cycle, today: date) -> DemoCall | None:
    """The customer was rung and said that another shop had done it (CARE-13)."""
    service = cycle.elsewhere
    if service is None or not today - LOOK_BACK <= service.told_on < today:
        return None
    call = _window(cycle, service.told_on)
    if call is None or call.kind == CallKind.FIRST_SERVICE:
        return None
    slot = rnd.choice(list(Slot))
    day = working_day(service.told_on)
    if day >= today:
        return None
    call.diallings = [Dialling(moment(rnd, day, slot), slot, "")]
    call.not_returning = NotReturning.ELSEWHERE
    finish(rnd, call, Result.ELSEWHERE, None)
    call.diallings[-1].km = service.km
    return call


def birthday(rnd: Random, on: date) -> DemoCall:
    """A birthday of the last days: greeted by telephone, or by SMS after the deadline (CARE-05)."""
    call = DemoCall(CallKind.BIRTHDAY, str(on.year), on, on, on, "")
    at = datetime.combine(on, time(9, rnd.randrange(2, 58), rnd.randrange(60)), SHANGHAI)
    call.diallings = [Dialling(at, Slot.MORNING, "")]
    if rnd.random() < 0.72:
        finish(rnd, call, Result.GREETED, None)
        return call
    call.diallings[0].result = rnd.choice(NOT_REACHED)
    call.status, call.end_reason = CallStatus.MESSAGED, EndReason.NO_REPLY_SMS
    call.ended_at = datetime.combine(on, time(10, 30), SHANGHAI)
    return call


def finish(rnd: Random, call: DemoCall, result: Result, agreed_on: date | None) -> None:
    last = call.diallings[-1]
    last.result, last.agreed_on = result, agreed_on if result == Result.BOOKED else None
    last.note = rnd.choice(NOTES) if result != Result.GREETED else ""
    call.status, call.result, call.ended_at = CallStatus.REACHED, result, last.at


def give_up(call: DemoCall) -> None:
    call.status, call.end_reason = CallStatus.FAILED, EndReason.THREE_ATTEMPTS
    call.ended_at = call.diallings[-1].at
    call.result = call.diallings[-1].result
