"""The three files of a DMS lead to exactly the dates from which the calls are planned."""

import json
from datetime import date

import pytest

from apps.customers.models import Customer, MileageReading, Vehicle
from tests.exchange.files import DATA, SAMPLE, bring

EXPECTED = json.loads((DATA / "expected-calls-2026-11-23.json").read_text())


@pytest.fixture
def sample(store):
    return bring(store, *SAMPLE)


def test_every_row_is_taken(sample):
    by_kind = {part.kind: (part.new, part.passed_over) for part in sample.parts}
    assert by_kind == {"deliveries": (341, 3), "vehicles": (59, 0), "services": (691, 2)}
    assert (Customer.objects.count(), Vehicle.objects.count()) == (400, 400)
    assert MileageReading.objects.filter(accepted=False).count() == 13


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("first_service", "first_service_due_on"),
        ("maintenance", "maintenance_due_on"),
        ("at_risk", "maintenance_due_on"),
        ("churn", "last_seen_on"),
    ],
)
def test_the_cars_have_the_dates_that_are_expected(sample, kind, column):
    wanted = {call["key"]: call["event_on"] for call in EXPECTED if call["kind"] == kind}
    found = Vehicle.objects.filter(vin__in=wanted).values_list("vin", column)
    assert {vin: str(day) for vin, day in found} == wanted


def test_the_customers_have_the_birthdays_that_are_expected(sample):
    wanted = {call["key"] for call in EXPECTED if call["kind"] == "birthday"}
    day = date(2026, 11, 23)
    found = Customer.objects.filter(kind="person", birth_mmdd=day.month * 100 + day.day)
    assert set(found.values_list("main_phone", flat=True)) == wanted
