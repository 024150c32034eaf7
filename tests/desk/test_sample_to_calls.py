"""Files of a DMS in, the right calls out: by the commands alone (issue, DATA-02, CARE-16)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from apps.care.choices import CallKind
from apps.care.models import Call
from apps.customers.models import Customer, Vehicle
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.exchange.dress import dressed
from tests.exchange.expected import EXPECTED, HOW_MANY, calls_of
from tests.exchange.files import SAMPLE
from tests.factories import SHANGHAI, TODAY


@pytest.fixture(autouse=True)
def on_the_day():
    with at(23):
        yield


def at(day):
    return time_machine.travel(datetime(2026, 11, day, 10, tzinfo=SHANGHAI), tick=False)


def run(capsys, command, *arguments, **options):
    """(exit status, what the command says as JSON)"""
    capsys.readouterr()
    try:
        call_command(command, *arguments, json=True, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


def bring(capsys, store, files=SAMPLE):
    return run(capsys, "import_dms", *files, store=store.code)


def plan(capsys, store, day=23):
    """The calls of a day, planned on that day's morning: what the command created."""
    with at(day):
        _status, said = run(capsys, "plan_calls", on=f"2026-11-{day}", store=store.code)
    return said["created"]


def test_the_three_files_give_exactly_the_expected_calls(capsys, store, other_store):
    status, said = bring(capsys, store)
    assert (status, said["new"], said["changed"], said["refused"]) == (0, 1091, 0, [])
    assert not Call.objects.exists()  # an import never plans calls

    created = plan(capsys, store)

    assert calls_of(store) == EXPECTED
    assert {kind: created[kind] for kind in HOW_MANY} == HOW_MANY
    assert not Call.objects.filter(store=other_store).exists()


def test_the_same_again_changes_nothing(capsys, store):
    bring(capsys, store)
    plan(capsys, store)
    before = calls_of(store, "pk", "status", "created_on")

    status, said = bring(capsys, store)
    assert (status, said["new"], said["changed"], said["unchanged"]) == (0, 0, 0, 1091)
    assert (Customer.objects.count(), Vehicle.objects.count()) == (400, 400)
    assert sum(plan(capsys, store).values()) == 0
    assert calls_of(store, "pk", "status", "created_on") == before


def test_the_same_data_in_another_dress_give_the_same_calls(capsys, store, tmp_path):
    status, said = bring(capsys, store, dressed(tmp_path))
    assert (status, said["new"], said["refused"]) == (0, 1091, [])

    plan(capsys, store)

    assert calls_of(store) == EXPECTED


def test_three_days_without_planning_give_what_daily_planning_gives(capsys, store, other_store):
    for either in (store, other_store):
        bring(capsys, either)
        plan(capsys, either, 23)

    for day in (24, 25, 26):
        plan(capsys, store, day)
    plan(capsys, other_store, 26)

    more = ("cycle", "status", "end_reason")
    assert calls_of(other_store, *more) == calls_of(store, *more)
    found = {call[3] for call in calls_of(other_store) if call[0] == CallKind.AT_RISK}
    assert found == {date(2026, 11, 23), date(2026, 11, 24)}  # in their days, not on the 26th
    assert sum(plan(capsys, other_store, 26).values()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_give_each_call_once(capsys, store):
    bring(capsys, store)
    command = {"on": str(TODAY), "store": store.code, "json": True}
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            call_command("plan_calls", **command)
            second = other.submit(closing, call_command, "plan_calls", **command)
            wait_until_someone_waits_for_a_lock()
        second.result(timeout=60)

    first, again = map(json.loads, capsys.readouterr().out.splitlines()[-2:])
    assert {kind: first["created"][kind] for kind in HOW_MANY} == HOW_MANY
    assert sum(again["created"].values()) == 0
    assert calls_of(store) == EXPECTED
