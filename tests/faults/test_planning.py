"""Whatever is killed while calls are planned, in the end all are there, each once (I2–I4, I7)."""

import time

import pytest

from tests.faults.house import until

CALLS = "SELECT store_id, kind, vehicle_id, customer_id, cycle, due_on FROM care_call"
PLANNING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%INSERT INTO "care_call"%'"""


@pytest.fixture(scope="module")
def owed(built):
    """What an undisturbed planning makes."""
    built.sql("TRUNCATE care_call, care_callevent, care_plannedday CASCADE")
    built.manage("plan_calls")
    calls = sorted(map(str, built.sql(CALLS)))
    assert len(calls) > 1000
    return calls


@pytest.mark.parametrize("victim", ["worker", "beat", "postgres", "redis", "flushall"])
def test_every_owed_call_exists_once_after(victim, house, owed):
    house.ring("care.plan")
    until(lambda: house.sql(PLANNING)[0][0], 60, "planning is in the middle of an insert")

    house.kill(victim)

    house.mend()
    give_up = time.monotonic() + 120
    while sorted(map(str, house.sql(CALLS))) != owed:
        assert time.monotonic() < give_up, "planning never came to its end"
        house.ring("care.plan")  # the next tick of the clock
        time.sleep(2)
    assert house.manage("check_invariants", check=False).returncode == 0


def test_the_same_planning_twice_after_a_kill_creates_nothing_more(house, owed):
    house.ring("care.plan")
    until(lambda: house.sql(PLANNING)[0][0], 60, "planning is in the middle of an insert")
    house.kill("worker")
    house.manage("plan_calls")
    house.manage("plan_calls")

    assert sorted(map(str, house.sql(CALLS))) == owed
