"""The demo's insurance calls of the last month, drawn and mostly verified (CARE-09)."""

from datetime import date, datetime, timedelta
from random import Random

from apps.accounts.models import Store, User
from apps.care.actions.sampling import draw_sample
from apps.care.choices import CallKind, CallStatus, EndReason, Finding, Result
from apps.care.models import Attempt, Call, InsuranceCheck
from apps.core.dates import add_months, month_end
from apps.customers.choices import Fate
from apps.customers.models import Vehicle
from apps.desk.demo.calls import dial, working_day
from apps.desk.demo.filling import at

MOST_CALLS = 40
DUE_BEFORE = timedelta(days=30)  # CARE-27: an insurance call is due so long before its day
OUTCOMES = (Result.WILL_COME, Result.WILL_COME, Result.WILL_COME, Result.NOT_NEEDED)
NOTES = ("已报价，客户考虑中", "要求赠送两次保养", "比较了电销价格", "月底前给答复", "")
DIFFERENCES = (
    "客户说报价比记录低三百元",
    "客户说没有提到赠送保养",
    "客户说是电销公司打来的",
)


def add_verifications(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Last month's insurance calls end, are drawn on the 1st, and care rings most of them."""
    rnd = Random(seed)
    seller, checkers = people.get("demo_insurance"), _checkers(people)
    if seller is None or not checkers:
        return
    first = add_months(on.replace(day=1), -1)
    _insurance_calls(store, seller, first, rnd)
    drawn = draw_sample(store, first, seed=seed, now=at(on.replace(day=1), 7))
    checks = InsuranceCheck.objects.filter(sample=drawn).select_related("call__customer")
    for check in list(checks.order_by("pk")):
        day = working_day(on.replace(day=1) + timedelta(days=rnd.randrange(12)))
        luck = rnd.random()
        if day < on and luck < 0.85:
            _verify(check, day, checkers[check.pk % len(checkers)], rnd, failed=luck < 0.08)


def _checkers(people: dict[str, User]) -> list[User]:
    return [person for person in people.values() if "care_specialist" in person.roles]


def _insurance_calls(store: Store, seller: User, first: date, rnd: Random) -> None:
    """Of cars whose insurance ends so that the call was due in the month."""
    last = month_end(first)
    cars = Vehicle.objects.filter(
        store=store,
        fate=Fate.IN_USE,
        owner__reachable=True,
        owner__refuses_service=False,
        insured_until__range=(first + DUE_BEFORE, last + DUE_BEFORE),
    ).exclude(calls__kind=CallKind.INSURANCE)
    for car in cars.select_related("owner").order_by("pk")[:MOST_CALLS]:
        event_on = car.insured_until
        assert event_on is not None and car.owner is not None
        due_on = event_on - DUE_BEFORE
        diallings, reached = dial(rnd, due_on - timedelta(days=rnd.randint(5, 20)), reached=0.8)
        ended_at = diallings[-1].at
        if ended_at.date() > last:
            continue
        if reached:
            diallings[-1].result = rnd.choice(OUTCOMES)
            diallings[-1].note = rnd.choice(NOTES)
        call = Call.objects.create(
            **{"store": store, "customer": car.owner, "vehicle": car, "owner": seller},
            **{"kind": CallKind.INSURANCE, "cycle": str(event_on), "event_on": event_on},
            **{"opens_on": add_months(event_on, -2), "due_on": due_on, "ended_at": ended_at},
            created_on=add_months(event_on, -2),
            status=CallStatus.REACHED if reached else CallStatus.FAILED,
            result=diallings[-1].result,
            not_returning="price" if diallings[-1].result == Result.NOT_NEEDED else "",
            end_reason="" if reached else EndReason.THREE_ATTEMPTS,
            attempts=len(diallings),
            slots_tried=[dialling.slot for dialling in diallings],
        )
        for dialling in diallings:
            _attempt(call, dialling.at, dialling.slot, dialling.result, seller, dialling.note)


def _attempt(call: Call, when: datetime, slot: str, result: str, by: User, note: str) -> None:
    Attempt.objects.create(
        **{"store_id": call.store_id, "call": call, "at": when, "slot": slot, "counted": True},
        **{"result": result, "by": by, "number": call.customer.main_phone, "note": note},
    )


def _verify(check: InsuranceCheck, day: date, by: User, rnd: Random, *, failed: bool) -> None:
    """As the call screen writes it, some days ago."""
    call = check.call
    diallings, reached = dial(rnd, day, reached=0.0 if failed else 0.9)
    if diallings[-1].at.date() >= check.sample.drawn_at.date() + timedelta(days=24):
        return
    diallings[-1].result = Result.VERIFIED if reached else diallings[-1].result
    for dialling in diallings:
        _attempt(call, dialling.at, dialling.slot, dialling.result, by, "")
    call.status = CallStatus.REACHED if reached else CallStatus.FAILED
    call.end_reason = "" if reached else EndReason.THREE_ATTEMPTS
    call.result, call.ended_at = diallings[-1].result, diallings[-1].at
    call.attempts, call.slots_tried = len(diallings), [one.slot for one in diallings]
    call.save()
    if not reached:
        return
    luck = rnd.random()
    check.finding = Finding.CONFIRMED
    if luck < 0.12:
        check.finding, check.text = Finding.OTHERWISE, rnd.choice(DIFFERENCES)
    elif luck < 0.16:
        check.finding = Finding.NOT_CALLED
    check.by, check.at = by, call.ended_at
    check.save()
