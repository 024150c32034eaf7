"""Booking by 1, 8 and 32 people at once against the bare statements; 500 for one slot (SVC-02).

The limit is the leanest booking that anybody would write by hand, in the same transaction frame
and with the same triggers: hold the day, look whether bay and technician are free, insert. It
is told which bay and technician. Ours also finds them, minds opening hours, closures, the roster
and the labour hours of the day, and that the car is not awaited that day already.
Rates are bookings a second, without the first ones of each connection, which plan the statements.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.actions import action
from apps.customers.models import Vehicle
from apps.desk import invariants
from apps.service import policy
from apps.service.actions import book, booking
from apps.service.actions.booking import Wish
from apps.service.choices import AppointmentSource, Skill
from apps.service.models import Appointment, Bay, Technician
from apps.service.queries.days import free_times
from benchmarks import common, shop

TIMES, DAYS = 5, 14
PEOPLE = {1: 100, 8: 60, 32: 40}  # how many at once, and how often each books
WARM = 5  # bookings of each process before the clock runs
REQUESTS, CONNECTIONS = 500, 50


def run() -> list[dict[str, Any]]:
    with common.fresh_database("booking"):
        store, by, cars = shop.open_shop()
        common.settle()
        work = Crowd(store, by, cars)
        patience, booking.LOCK_TIMEOUT = (
            booking.LOCK_TIMEOUT,
            "60s",
        )  # a slow disk is not our matter
        rows = [
            common.side_by_side(
                f"booking into free slots, {count} at once, bookings a second",
                lambda count=count: work.rate(work.ours, count),
                lambda count=count: work.rate(work.bare, count),
                bar=0.5,
                at_least=True,
                rates=True,
                times=TIMES,
                before=shop.empty,
            )
            for count in PEOPLE
        ]
        booking.LOCK_TIMEOUT = patience
        shop.empty()
        rows.append(one_slot(store, by, cars))
        shop.empty()
        rows.append(free_slots(store))
    return rows


class Crowd:
    """People who book, each another car into another hour."""

    def __init__(self, store: Any, by: User, cars: list[Vehicle]) -> None:
        self.store, self.by, self.cars = store, by, cars
        self.days = shop.working_days(DAYS)
        self.bays = list(Bay.objects.order_by("pk").values_list("pk", flat=True))
        self.technicians = list(Technician.objects.order_by("pk").values_list("pk", flat=True))

    def rate(self, one: Callable[[int], Any], count: int) -> float:
        """Bookings a second of all people together."""
        each = max(1, common.scaled(PEOPLE[count] * 100) // 100)

        def work(number: int) -> float:
            spent = 0.0
            for n in range(WARM + each):
                start = time.perf_counter()
                one(number + count * n)
                spent += time.perf_counter() - start if n >= WARM else 0
            return spent

        spent = common.in_processes(work, count)
        return count * each / (sum(spent) / len(spent))

    def slot(self, number: int) -> tuple[Vehicle, datetime, int]:
        """The car, the time and the place among the bays of the ``number``-th booking."""
        hour, place = number // DAYS % shop.A_DAY, number // DAYS // shop.A_DAY
        return self.cars[number], shop.at(self.days[number % DAYS], hour), place

    def ours(self, number: int) -> None:
        car, at, _place = self.slot(number)
        wish = Wish(minutes=shop.MINUTES, skill=Skill.QUICK)
        source = AppointmentSource.PHONE
        book(car, wish, starts_at=at, source=source, now=shop.NOW, by=self.by)

    def bare(self, number: int) -> None:
        car, at, place = self.slot(number)
        bare_booking(self.store, self.by, car, at, self.bays[place], self.technicians[place])


HOLD = """
    INSERT INTO service_serviceday (store_id, "on", closed) VALUES (%s, %s, false)
        ON CONFLICT (store_id, "on") DO NOTHING;
    SELECT id FROM service_serviceday WHERE store_id = %s AND "on" = %s FOR UPDATE"""
FREE = """
    SELECT count(*) FROM service_appointment WHERE (bay_id = %s OR technician_id = %s)
        AND status IN ('pending', 'confirmed', 'arrived') AND starts_at < %s AND ends_at > %s
        AND store_id = %s AND "on" = %s"""
INSERT = """
    INSERT INTO service_appointment (store_id, customer_id, vehicle_id, kind, source, status, "on",
        starts_at, ends_at, skill, bay_id, technician_id, symptoms, remark, by_id, made_at,
        version, cancel_reason)
    VALUES (%s, %s, %s, 'repair', 'phone', 'pending', %s, %s, %s, 'quick', %s, %s, '', '', %s, %s,
        1, '')"""


@action
def bare_booking(
    store: Any, by: User, car: Vehicle, at: datetime, bay: int, technician: int
) -> None:
    day, end = at.date(), at + timedelta(minutes=shop.MINUTES)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [store.pk, day] * 2)
        cursor.execute(FREE, [bay, technician, end, at, store.pk, day])
        if cursor.fetchone()[0]:
            raise AssertionError("not free")
        who, when = [store.pk, car.owner_id, car.pk], [day, at, end]
        cursor.execute(INSERT, [*who, *when, bay, technician, by.pk, shop.NOW])


def one_slot(store: Any, by: User, cars: list[Vehicle]) -> dict[str, Any]:
    """Through the whole request. Booked must be one; all others get 409 and the next free times."""
    logging.getLogger("django_structlog").setLevel(logging.ERROR)  # 499 refusals are meant
    last = Bay.objects.order_by("pk").last()
    Bay.objects.exclude(pk=last.pk).update(active=False)
    day = shop.working_days(2, datetime.now(shop.SHANGHAI).date() + timedelta(days=1))[0]
    asked = {"starts_at": f"{day}T10:30", "source": "phone"}
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(by)

    def press(number: int) -> Counter[str]:
        told: Counter[str] = Counter()
        each = REQUESTS // CONNECTIONS
        for car in cars[number * each : (number + 1) * each]:
            answer = client.post(reverse("service:appointment-new", args=[car.pk]), asked)
            offered = b'type="radio" name="starts_at"' in answer.content
            kind = f"{answer.status_code}"
            told[kind + (" without free times" if kind == "409" and not offered else "")] += 1
        return told

    start = time.perf_counter()
    told = sum(common.in_processes(press, CONNECTIONS), Counter())
    seconds = time.perf_counter() - start
    Bay.objects.update(active=True)
    booked = Appointment.objects.count()
    right = told == {"302": 1, "409": REQUESTS - 1} and not invariants.no_time_booked_twice()
    name = f"one slot, {REQUESTS} requests over {CONNECTIONS} connections: booked"
    name += f" ({', '.join(f'{count} × {kind}' for kind, count in sorted(told.items()))},"
    row = common.limit_row(f"{name} {seconds:.0f} s)", booked, 1, bar=1)
    return row | {"holds": booked == 1 and right}


def free_slots(store: Any) -> dict[str, Any]:
    """14 days for 30 bays, half of all hours booked: what the database spends on it."""
    shop.fill(store, shop.working_days(DAYS), shop.BAYS * shop.A_DAY // 2)
    common.settle()
    spent: list[float] = []

    def clocked(execute: Any, *call: Any) -> Any:
        start = time.perf_counter()
        answer = execute(*call)
        spent[-1] += time.perf_counter() - start
        return answer

    job = policy.Job(shop.MINUTES, Skill.QUICK)
    for _n in range(60):
        spent.append(0)
        with connection.execute_wrapper(clocked):
            if not free_times(store, job, shop.NOW, days=14, most=10_000):
                raise AssertionError("no free time")
    name = "free slots of 14 days for 30 bays, p95 in the database against 20 ms"
    return common.limit_row(name, common.p95(spent[1:]), 0.020, bar=1)
