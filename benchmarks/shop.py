"""The workshop that the benchmarks book into: 30 bays, 30 technicians, many cars. No benchmark."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.customers.models import Vehicle
from apps.desk.actions import add_store
from apps.service.choices import Skill
from apps.service.models import Bay, Technician
from benchmarks import common

BAYS, CARS = 30, 4_000
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
MINUTES, A_DAY = 60, 9  # appointments of an hour: nine in a bay from 8:30 to 17:30


def open_shop() -> tuple[Any, User, list[Vehicle]]:
    """The store, who books there, and the cars."""
    store = add_store("BENCH", "测试店")
    common.seed_cars(store, CARS)
    by = User.objects.create(username="advisor", store=store, roles=[Role.SERVICE_SUPERVISOR])
    for n in range(BAYS):
        able = {"store": store, "skills": [Skill.QUICK, Skill.GENERAL]}
        Bay.objects.create(**able, name=f"{n + 1}", place=n + 1)
        person = User.objects.create(
            username=f"t{n}", name=f"技师{n}", store=store, roles=[Role.WORKSHOP]
        )
        Technician.objects.create(**able, user=person)
    cars = Vehicle.objects.filter(store=store).select_related("owner", "store").order_by("pk")
    return store, by, list(cars)


def working_days(count: int, first: date = TODAY) -> list[date]:
    days = [first + timedelta(days=n) for n in range(2 * count + 7)]
    return [day for day in days if day.weekday() < 5][:count]


def at(day: date, slot: int) -> datetime:
    """The start of the ``slot``-th hour of a day, from 8:30."""
    return datetime(day.year, day.month, day.day, 8, 30, tzinfo=SHANGHAI) + timedelta(
        minutes=MINUTES * slot
    )


def fill(store: Any, days: list[date], each: int) -> None:
    """``each`` appointments on each day, bay by bay from the first hour on."""
    with common.seeding(), connection.cursor() as cursor:
        for day in days:
            cursor.execute(
                """
                INSERT INTO service_appointment (store_id, customer_id, vehicle_id, kind, source,
                    status, "on", starts_at, ends_at, skill, bay_id, technician_id, symptoms,
                    remark, made_at, version, cancel_reason)
                SELECT %(store)s, car.owner_id, car.id, 'maintenance', 'phone', 'pending', %(day)s,
                    %(start)s + n / %(bays)s * interval '1 hour',
                    %(start)s + (n / %(bays)s + 1) * interval '1 hour', 'quick',
                    (SELECT min(id) FROM service_bay) + n %% %(bays)s,
                    (SELECT min(id) FROM service_technician) + n %% %(bays)s, '保养', '', %(now)s,
                    1, ''
                FROM generate_series(0, %(each)s - 1) AS n JOIN customers_vehicle AS car
                    ON car.id = (SELECT min(id) FROM customers_vehicle) + n
                """,
                {
                    **{"store": store.pk, "day": day, "start": at(day, 0), "bays": BAYS},
                    **{"each": each, "now": NOW},
                },
            )


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """TRUNCATE service_appointment, service_appointmentevent, service_appointmentwork,
               service_appointmentpart, service_serviceday, service_servicedayevent CASCADE"""
        )
