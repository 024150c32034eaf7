"""kill -9 while cars are being booked: an appointment is there with all its lines or not at all,
and no bay is promised twice (I1)."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.faults.house import ROOT, House, until

# Two bays, two technicians, an oil change that takes a filter, 400 cars.
SEED = """
import django
django.setup()
from apps.accounts.models import Store, User
from apps.customers.models import Customer, Vehicle
from apps.service.models import Bay, Operation, OperationPart, Part, Technician

store = Store.objects.get()
able = {"store": store, "skills": ["quick", "general"]}
for n in range(2):
    Bay.objects.create(**able, name=f"{n}")
    person = User.objects.create(username=f"t{n}", name=f"t{n}", store=store, roles=["workshop"])
    Technician.objects.create(**able, user=person)
oil = Operation.objects.create(store=store, code="OIL", name="OIL", kind="maintenance",
    skill="quick", minutes=30, price_amount=100)
part = Part.objects.create(store=store, number="F1", name="F1", price_amount=10, stock=9999)
OperationPart.objects.create(operation=oil, part=part, quantity=1)
for n in range(400):
    owner = Customer.objects.create(store=store, name=f"c{n}", main_phone=f"139{n:08}")
    Vehicle.objects.create(store=store, owner=owner, vin=f"LSGFAULT{n:09}")
"""
# Books one car after the other into the free times, until it is killed. "halting": stands still
# in the middle of the first booking, when the appointment is written and its lines are not.
RUNNER = """
import sys, time, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from apps.core.errors import Refused
from apps.customers.models import Vehicle
from apps.service import policy
from apps.service.actions import book, booking
from apps.service.actions.booking import Wish
from apps.service.models import Operation
from apps.service.queries.days import free_times, moment

if sys.argv[1] == "halting":
    def halt(*_lines):
        print("in the middle", flush=True)
        time.sleep(600)
    booking._write_lines = halt
wish = Wish(operations=list(Operation.objects.all()))
for car in Vehicle.objects.filter(appointments=None).select_related("owner", "store"):
    now = timezone.now()
    slot = free_times(car.store, wish.job, now + timedelta(days=1), most=1)[0]
    at = moment(slot.on, slot.start)
    try:
        book(car, wish, starts_at=at, source="phone", now=now, by=None)
        print("booked", flush=True)
    except Refused:
        pass
"""
TORN = """
    SELECT count(*) FROM service_appointment AS one
     WHERE (SELECT count(*) FROM service_appointmentwork WHERE appointment_id = one.id) <> 1
        OR (SELECT count(*) FROM service_appointmentpart WHERE appointment_id = one.id) <> 1"""


@pytest.fixture(scope="module")
def shop():
    folder = Path(tempfile.mkdtemp(prefix="booking-"))
    house = House(folder)
    try:
        house.manage("migrate", "-v0")
        house.manage("add_store", "SHOP", "演示店")
        subprocess.run([sys.executable, "-c", SEED], cwd=ROOT, env=house.env, check=True)
        yield house
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


def runner(house, how):
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, how], cwd=ROOT, env=house.env, stdout=subprocess.PIPE
    )


def count(house, sql="SELECT count(*) FROM service_appointment"):
    return house.sql(sql)[0][0]


def test_killed_in_the_middle_of_a_booking_nothing_of_it_is_there(shop):
    person = runner(shop, "halting")
    assert person.stdout.readline() == b"in the middle\n"
    before = count(shop)

    person.kill()
    person.wait(10)

    idle = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
    until(lambda: count(shop, idle) == 0, 30, "the server gives the booking up")
    assert count(shop) == before
    assert count(shop, TORN) == 0
    other = runner(shop, "booking")  # its day is free for the others at once
    assert other.stdout.readline() == b"booked\n"
    other.kill()
    other.wait(10)


def test_killed_anywhere_each_appointment_is_whole_and_no_bay_is_promised_twice(shop):
    for turn in range(3):
        before = count(shop)
        people = [runner(shop, "booking") for _n in range(4)]
        until(lambda before=before: count(shop) >= before + 8, 60, "cars are booked")
        time.sleep(0.05 * turn)
        for person in people:
            person.kill()
        for person in people:
            person.wait(10)
        assert count(shop, TORN) == 0
    assert count(shop) >= 24
    assert "I1 holds" in shop.manage("check_invariants", check=False).stdout
