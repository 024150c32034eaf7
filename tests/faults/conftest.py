"""One house for all fault tests; its database goes back to the same state before each."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.faults.house import House

CARS = 20_000
CLEAN = """
    TRUNCATE care_attempt, care_attemptevent, care_call, care_callevent, care_plannedday,
             messaging_message, messaging_messageevent, audit_access CASCADE"""


@pytest.fixture(scope="session")
def built():
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    house = House(folder)
    try:
        house.manage("migrate", "-v0")
        house.manage("make_demo", "--store", "DEMO", "--vehicles", str(CARS))
        # whatever the clock says, messages may go out
        house.sql("UPDATE messaging_messagepolicy SET quiet_from = '00:00', quiet_until = '00:00'")
        yield house
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def house(built):
    """Archive and workshop full, nothing planned, nothing to send; worker and beat run."""
    built.mend()
    built.sql(CLEAN)
    (built.var / "sms.jsonl").unlink(missing_ok=True)
    yield built
    for name in ("worker", "beat", "web"):
        if name in built.processes:
            built.kill(name)
    built.mend()
