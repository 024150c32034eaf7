"""32 processes press *next* at once until nothing is left: each customer goes to exactly one."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.house import ROOT, House

PEOPLE, CALLS = 32, 2_000
SEED = [
    f"""INSERT INTO accounts_user (username, password, name, store_id, roles, is_active, is_staff,
            is_superuser, email, date_joined)
        SELECT 'claimer' || n, '!', 'claimer' || n, (SELECT min(id) FROM accounts_store),
            array['care_specialist'], true, false, false, '', now()
        FROM generate_series(1, {PEOPLE}) AS n""",
    f"""INSERT INTO customers_customer (id, store_id, name, main_phone, reachable)
        SELECT n, (SELECT min(id) FROM accounts_store), '演示' || n, '139' || lpad(n::text, 8, '0'),
            true FROM generate_series(1, {CALLS}) AS n""",
    """INSERT INTO customers_vehicle (id, store_id, owner_id, vin, sold_here, delivered_on,
            first_service_due_on)
        SELECT id, store_id, id, 'LSGFAULT' || lpad(id::text, 9, '0'), true, '2026-09-10',
            '2026-12-10' FROM customers_customer""",
    """INSERT INTO care_call (store_id, customer_id, vehicle_id, kind, cycle, event_on, opens_on,
            due_on, created_on, status, proof, slots_tried)
        SELECT store_id, owner_id, id, 'first_service', 'first', '2026-12-10', '2026-11-10',
            '2026-12-10'::date - (id % 30)::int, '2026-11-10', 'waiting', '{}', '{}'
        FROM customers_vehicle""",
]
# Each person claims until nothing is offered and ends what was claimed; printed are the
# customers that each was handed. "open" is the control: the statement without its lock and
# without looking again whether the call still waits.
CROWD = """
import json, multiprocessing, sys, django
django.setup()
from datetime import datetime
from zoneinfo import ZoneInfo
from django.db import IntegrityError, connection
from apps.accounts.models import User
from apps.care.actions.claim import claim_next
from apps.care.queries import queue

now = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
END = '''UPDATE care_call SET status = 'reached', ended_at = now(), holder_id = NULL,
    held_at = NULL, claim = NULL WHERE customer_id = %s'''
if sys.argv[1] == "open":
    assert "{lock}" in queue._WAY and "ELSE call.status = 'waiting'" in queue._CLAIM
    queue._WAY = queue._WAY.replace("{lock}", "")
    queue._CLAIM = queue._CLAIM.replace("ELSE call.status = 'waiting'", "ELSE true")
people = list(User.objects.filter(username__startswith="claimer"))
connection.close()
context = multiprocessing.get_context("fork")
start, answers = context.Barrier(len(people)), context.Queue()

def work(by):
    connection.ensure_connection()
    start.wait()
    mine = []
    while True:
        try:
            calls = claim_next(by=by, now=now)
        except IntegrityError:  # a wall behind the guard: only the control runs into it
            if sys.argv[1] != "open":
                raise
            continue
        if not calls:
            break
        mine.append(calls[0].customer_id)
        with connection.cursor() as cursor:
            cursor.execute(END, [calls[0].customer_id])
    answers.put(mine)

crowd = [context.Process(target=work, args=(by,)) for by in people]
for person in crowd:
    person.start()
found = [answers.get(timeout=500) for _ in crowd]
for person in crowd:
    person.join()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def claiming_house():
    folder = Path(tempfile.mkdtemp(prefix="claiming-"))
    house = House(folder)
    try:
        house.manage("migrate", "-v0")
        house.manage("add_store", "CLAIM", "演示店")
        for statement in SEED:
            house.sql(statement)
        yield house
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def waiting_again(claiming_house):
    claiming_house.sql(
        """UPDATE care_call SET status = 'waiting', holder_id = NULL, held_at = NULL,
           claim = NULL, ended_at = NULL"""
    )
    return claiming_house


def handed_out(house, guard):
    """The customers that each person was handed."""
    done = subprocess.run(
        [sys.executable, "-c", CROWD, guard],
        cwd=ROOT,
        env=house.env,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def each_customer_went_to_exactly_one(found):
    return sorted(customer for mine in found for customer in mine) == list(range(1, CALLS + 1))


def test_each_customer_goes_to_exactly_one(waiting_again):
    found = handed_out(waiting_again, "guarded")
    assert len(found) == PEOPLE
    assert each_customer_went_to_exactly_one(found)


def test_with_the_guard_taken_out_the_same_check_fails(waiting_again):
    assert not each_customer_went_to_exactly_one(handed_out(waiting_again, "open"))
