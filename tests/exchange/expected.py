"""The calls that the three sample files must lead to on 2026-11-23, and those that there are."""

import json
from collections import Counter
from datetime import date

from apps.care.models import Call
from tests.exchange.files import DATA

DAYS = ("event_on", "opens_on", "due_on")
_rows = json.loads((DATA / "expected-calls-2026-11-23.json").read_text())
EXPECTED = sorted(
    (row["kind"], row["key"], *(date.fromisoformat(row[name]) for name in DAYS)) for row in _rows
)
HOW_MANY = Counter(row["kind"] for row in _rows)


def calls_of(store, *more):
    """The store's calls of the kinds that the file is about, in the same form; ``more`` are
    further fields of it. The other kinds are told by ``tests/care/test_planning_oracle.py``."""
    found = Call.objects.filter(store=store, kind__in=HOW_MANY)
    found = found.select_related("vehicle", "customer")
    return sorted(
        (
            call.kind,
            call.vehicle.vin if call.vehicle else call.customer.main_phone,
            *(getattr(call, name) for name in (*DAYS, *more)),
        )
        for call in found
    )
