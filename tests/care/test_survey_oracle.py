"""Planning the survey calls by SQL against a slow and plain reading of CARE-27, over deliveries and
lost purchases drawn by seeds. Months and working days are counted here."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from apps.accounts.queries import calendar_of
from apps.care.actions.planning import plan
from apps.care.choices import SURVEYS, CallStatus
from apps.care.models import Call
from apps.customers.models import StopContact
from apps.delivery.models import Delivery
from apps.reception.models import Opportunity
from apps.service.models import RepairOrder
from tests.factories import SHANGHAI, make_customer, make_vehicle
from tests.ssi.made import lost_purchase

DAY = timedelta(days=1)
MANY = 90
DAYS_OF_NOTE = (
    *(date(2026, 11, 23), date(2026, 10, 8), date(2026, 10, 1), date(2027, 2, 28)),
    *(date(2028, 2, 29), date(2028, 3, 1), date(2026, 5, 31), date(2026, 11, 29)),
)


@dataclass
class Sold:
    on: date
    refuses: bool
    stopped: tuple[str, ...]
    gone: bool
    inside: bool
    answered: tuple[str, ...]
    nobody: bool


@dataclass
class Lost:
    at: datetime
    refuses: bool
    stopped: bool
    again: bool  # taken up again
    answered: bool


def draw(seed, day):
    dice = Random(seed)

    def rarely():
        return dice.random() < 0.08

    def some(*kinds):
        return tuple(kind for kind in kinds if dice.random() < 0.08)

    def delivered_on():
        if dice.random() < 0.4:
            return day - DAY * dice.randint(-1, 20)
        months = dice.choice((2, 3, 3, 4, 7, 8, 8, 9))
        return months_before(day, months) + DAY * dice.randint(-2, 2)

    sold = []
    for _n in range(MANY):
        on = delivered_on()
        first = dice.random() < 0.7 and (day - on).days > 20
        answered = (*(("ssi_first",) if first else ()), *some("ssi_second"))
        sold.append(
            Sold(on, rarely(), some("ssi_first", "ssi_second"), rarely(), rarely(), answered, False)
        )
    sold[-1].nobody = True
    lost = [
        Lost(
            datetime.combine(day - DAY * dice.randint(-1, 17), time(dice.randint(0, 23)), SHANGHAI),
            *(rarely(), rarely(), rarely(), rarely()),
        )
        for _n in range(MANY // 2)
    ]
    return sold, lost


def months_before(day, months):
    month = day.month - 1 - months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_after(day, months):
    return months_before(day, -months)


def next_working(day, calendar):
    day += DAY
    while not calendar.is_working(day):
        day += DAY
    return day


def by_hand(sold, lost, day, calendar):
    owed = set()
    for number, one in enumerate(sold):
        if one.refuses or one.gone or one.inside or one.nobody or one.on >= day:
            continue
        due = next_working(one.on, calendar)
        if not {"ssi_first"} & {*one.stopped, *one.answered} and day <= due + 7 * DAY:
            owed.add(("ssi_first", number, one.on, one.on + DAY, due))
        first, last = months_after(one.on, 3), months_after(one.on, 8)
        asked = "ssi_first" in one.answered and first <= day <= last
        if asked and not {"ssi_second"} & {*one.stopped, *one.answered}:
            owed.add(("ssi_second", number, one.on, first, last))
    for number, one in enumerate(lost):
        on = one.at.date()
        if one.refuses or one.stopped or one.again or one.answered or on >= day:
            continue
        if day <= on + 14 * DAY:
            owed.add(("ssi_lost", number, on, on + DAY, on + 7 * DAY))
    return owed


def settle(sold, lost, day, store, by):
    deliveries, purchases, answered = {}, {}, []
    for number, one in enumerate(sold):
        car = make_vehicle(store, owner=make_customer(store, refuses_service=one.refuses))
        if one.gone:
            type(car).objects.filter(pk=car.pk).update(fate="scrapped")
        if one.inside:
            RepairOrder.objects.create(
                store=store, number=f"R{number}", vehicle=car, kind="repair", in_on=day - DAY
            )
        buyer = None if one.nobody else car.owner
        row = Delivery.objects.create(store=store, vehicle=car, customer=buyer, delivered_on=one.on)
        deliveries[str(row.pk)] = number
        for kind in one.stopped:
            stop(store, car.owner, car, kind, by)
        answered += [a_call(row.customer, car, kind, row.pk, one.on) for kind in one.answered]
    for number, one in enumerate(lost):
        row = lost_purchase(
            store, customer=make_customer(store, refuses_service=one.refuses), closed_at=one.at
        )
        purchases[str(row.pk)] = number
        if one.again:
            Opportunity.objects.filter(pk=row.pk).update(
                status="open", follow_up_on=day, closed_at=None
            )
        if one.stopped:
            stop(store, row.customer, None, "ssi_lost", by)
        if one.answered:
            answered.append(a_call(row.customer, None, "ssi_lost", row.pk, one.at.date()))
    Call.objects.bulk_create(call for call in answered if call.customer_id)
    return deliveries, purchases


def stop(store, customer, car, kind, by):
    StopContact.objects.create(
        store=store,
        customer=customer,
        vehicle=car,
        kind=kind,
        reason="不便",
        by=by,
        at=datetime(2026, 1, 1, tzinfo=SHANGHAI),
    )


def a_call(customer, car, kind, about, on):
    days = dict.fromkeys(("event_on", "opens_on", "due_on", "created_on"), on)
    return Call(
        **{"store": (car or customer).store, "customer": customer, "vehicle": car, "kind": kind},
        **{"cycle": str(about), "status": CallStatus.REACHED, "result": "answered"},
        **{"ended_at": datetime.combine(on + DAY, time(10), SHANGHAI)},
        **days,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "day"), enumerate(DAYS_OF_NOTE))
def test_what_sql_plans_is_what_the_table_says(store, specialist, seed, day):
    sold, lost = draw(seed, day)
    deliveries, purchases = settle(sold, lost, day, store, specialist)
    before = set(Call.objects.values_list("pk", flat=True))

    plan(on=day, stores=[store], now=datetime.combine(day, time(9), SHANGHAI))

    planned = {
        (
            call.kind,
            purchases[call.cycle] if call.kind == "ssi_lost" else deliveries[call.cycle],
            *(call.event_on, call.opens_on, call.due_on),
        )
        for call in Call.objects.filter(kind__in=SURVEYS).exclude(pk__in=before)
    }
    assert planned == by_hand(sold, lost, day, calendar_of(store))


def test_the_draws_owe_calls_of_every_kind():
    class Weekdays:
        def is_working(self, day):
            return day.weekday() < 5

    found = {}
    for seed, day in enumerate(DAYS_OF_NOTE):
        for call in by_hand(*draw(seed, day), day, Weekdays()):
            found[call[0]] = found.get(call[0], 0) + 1

    assert set(found) == set(SURVEYS)
    assert min(found.values()) >= 30, found
