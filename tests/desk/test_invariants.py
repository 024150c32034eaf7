"""ARCHITECTURE §7: each check is silent on sound rows and names the row that breaks its rule."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.accounts.choices import Role
from apps.audit.actions import note_download
from apps.audit.queries import download_path
from apps.care.actions.planning import plan
from apps.care.models import Call, PlannedDay
from apps.customers.models import Ownership, Vehicle
from apps.desk import exporting, invariants
from apps.messaging.choices import Channel, MessageStatus
from apps.messaging.models import Message
from tests import factories
from tests.factories import NOW, TODAY

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sms_file(settings, tmp_path):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    return settings.SMS_FILE


@pytest.fixture
def due_car(store, specialist):
    return factories.make_vehicle(
        store,
        sold_here=True,
        delivered_on=TODAY - 75 * DAY,
        first_service_opens_on=TODAY - 14 * DAY,
        first_service_due_on=TODAY + 17 * DAY,
    )


def without(constraint, table):
    """Take a wall out, so that what it keeps away can be shown to be found."""
    with connection.cursor() as cursor:
        kind = "INDEX" if constraint.startswith("care_call_once") else "CONSTRAINT"
        if kind == "INDEX":
            cursor.execute(f"DROP INDEX {constraint}")
        else:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def test_a_planned_store_breaks_nothing(due_car, sms_file):
    plan(on=TODAY, now=NOW)

    assert invariants.broken() == {}
    call_command("check_invariants")


def test_a_call_there_twice_is_named(store, specialist):
    without("care_call_once_per_car_and_cycle", "care_call")
    car = factories.make_vehicle(store)
    calls = [factories.make_call(store, vehicle=car) for _ in range(2)]

    assert invariants.no_call_twice() == [
        {
            "store_id": store.pk,
            "kind": "first_service",
            "vehicle_id": car.pk,
            "customer_id": None,
            "cycle": "first",
            "calls": [call.pk for call in calls],
        }
    ]


def test_a_customer_held_by_two_is_named(store, specialist, other_specialist):
    without("care_call_one_holder_a_customer", "care_call")
    customer = factories.make_customer(store)
    calls = [
        factories.make_call(
            store,
            customer=customer,
            status="claimed",
            holder=holder,
            held_at=NOW,
            claim="00000000-0000-0000-0000-000000000001",
        )
        for holder in (specialist, other_specialist)
    ]

    (row,) = invariants.no_customer_held_twice()

    assert row["customer_id"] == customer.pk
    assert sorted(row["calls"]) == [call.pk for call in calls]


def test_an_owed_call_that_is_missing_is_named(store, due_car):
    plan(on=TODAY, now=NOW)
    Call.objects.all().delete()

    (row,) = invariants.no_owed_call_missing()

    assert (row["kind"], row["owed_vehicle"], row["day"]) == ("first_service", due_car.pk, TODAY)


def test_a_day_that_planning_left_out_is_named(store, specialist):
    for ago in (3, 0):
        plan(on=TODAY - ago * DAY, stores=[store], now=NOW)
    PlannedDay.objects.filter(on=TODAY - 2 * DAY).delete()

    assert invariants.no_owed_call_missing() == [
        {"store_id": store.pk, "day_not_planned": TODAY - 2 * DAY}
    ]


def make_message(store, **fields):
    return Message.objects.create(
        store=store,
        customer=factories.make_customer(store),
        channel=Channel.SMS,
        purpose="service",
        key="birthday",
        to="13900000000",
        text="…",
        not_before=NOW,
        queued_at=NOW,
        **fields,
    )


def log_of(sms_file, *messages):
    lines = (json.dumps({"reference": str(m.reference), "to": m.to}) for m in messages)
    sms_file.write_text("".join(f"{line}\n" for line in lines))


def test_the_gateways_log_agrees_with_the_outbox(store, sms_file):
    sent = make_message(store, dedupe_key="a", status=MessageStatus.SENT, sent_at=NOW)
    unsure = make_message(store, dedupe_key="b", status=MessageStatus.UNKNOWN)
    log_of(sms_file, sent, unsure)

    assert invariants.no_message_twice() == []


def test_a_message_sent_twice_or_without_a_row_or_never_is_named(store, sms_file):
    twice = make_message(store, dedupe_key="a", status=MessageStatus.SENT, sent_at=NOW)
    queued = make_message(store, dedupe_key="b")
    never = make_message(store, dedupe_key="c", status=MessageStatus.SENT, sent_at=NOW)
    log_of(sms_file, twice, twice, queued)

    assert invariants.no_message_twice() == [
        {"reference": str(twice.reference), "sent_times": 2},
        {"reference": str(queued.reference), "sent_but": "queued"},
        {"message": never.pk, "reference": str(never.reference), "not_at_the_gateway": True},
    ]


def test_a_row_of_another_store_than_its_parents_is_named(store, other_store):
    car = factories.make_vehicle(store)
    stranger = factories.make_customer(other_store)
    Vehicle.objects.filter(pk=car.pk).update(owner=stranger)

    assert invariants.no_row_of_another_store() == [
        {
            "link": "customers.Vehicle.owner",
            "row": car.pk,
            "store_id": store.pk,
            "parent": stranger.pk,
            "parent_store": other_store.pk,
        }
    ]


def test_every_business_table_is_looked_at():
    links = {(m._meta.label, f.name) for m, f in invariants._store_bearing_links()}

    assert {
        ("care.Call", "customer"),
        ("care.Attempt", "call"),
        ("messaging.Message", "customer"),
        ("service.RepairOrder", "vehicle"),
        (Ownership._meta.label, "vehicle"),
    } <= links
    assert not [label for label, _ in links if label.endswith("Event")]


def test_the_command_names_the_rows_and_fails(store, due_car, capsys):
    factories.make_user("second", store, Role.CARE_SPECIALIST)
    plan(on=TODAY, now=NOW)
    pk = Call.objects.get().pk
    Call.objects.filter(pk=pk).update(cycle="other", created_on=timezone.localdate(NOW))

    with pytest.raises(SystemExit) as stopped:
        call_command("check_invariants")

    assert stopped.value.code == 1
    said = capsys.readouterr().out
    assert "I4 BROKEN" in said and "I2 holds" in said
    assert f"'owed_vehicle': {due_car.pk}" in said


def test_a_file_without_a_row_and_a_row_without_its_file_are_named(store, manager, settings):
    asked = {"query": "", "format": "csv", "language": "zh-hans", "reason": "核对"}
    note = note_download("care:calls", **asked, by=manager, now=NOW, at_once=False)
    assert exporting.write_waiting(now=NOW) == 1
    assert invariants.no_file_astray() == []
    stray = settings.MEDIA_ROOT / "downloads" / "stray"
    stray.write_text("x")
    download_path(note.stored).unlink()

    assert invariants.no_file_astray() == [
        {"folder": "downloads", "row_without_file": str(note.stored)},
        {"folder": "downloads", "file_without_row": "stray"},
    ]
