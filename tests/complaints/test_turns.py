"""Whose turn it is: four eyes, the general manager in a manager's place, the clock (SSI-04)."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.choices import Role
from apps.complaints import actions, queries, tasks
from apps.complaints.choices import Origin, Step
from apps.complaints.models import QuickResponse, StepTaken
from apps.complaints.queries import lists
from apps.core.errors import Refused
from tests.complaints.pages import a_response
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import SHANGHAI, make_customer, make_user

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def made_by(person, store):
    return actions.open_response(
        make_customer(store),
        origin=Origin.COMPLAINT,
        department="sales",
        text="投诉",
        by=person,
        now=NOW,
    )


@pytest.mark.django_db
def test_the_general_manager_approves_what_the_only_manager_made(store):
    gm = make_user("gm", store, Role.GENERAL_MANAGER)
    both = make_user("both", store, Role.SALES_MANAGER, Role.CARE_SPECIALIST)
    row = made_by(both, store)
    assert [queries.to_take(one, NOW).count() for one in (both, gm)] == [0, 1]

    colleague = make_user("colleague", store, Role.SALES_MANAGER)

    assert [queries.to_take(one, NOW).count() for one in (gm, colleague)] == [0, 1]
    with pytest.raises(Refused, match="不由您"):
        actions.approve(row, by=gm, now=NOW)
    colleague.is_active = False
    colleague.save()
    assert actions.approve(row, by=gm, now=NOW).approved_by == gm


@pytest.mark.django_db
def test_the_general_manager_takes_a_managers_step_when_it_is_late_but_no_other(store, other_store):
    gm = make_user("gm", store, Role.GENERAL_MANAGER)
    make_user("manager", store, Role.SALES_MANAGER)
    make_user("chief", store, Role.CARE_MANAGER)
    approve, handle = a_response(store), a_response(store, status="handle")
    contact, close = a_response(store, status="contact"), a_response(store, status="close")
    a_response(other_store)
    assert not queries.to_take(gm, NOW + 2 * HOUR).exists()  # due at this very moment
    assert not queries.waits_for(gm, NOW + 2 * HOUR).exists()

    late = NOW + 2 * HOUR + timedelta(seconds=1)

    everything = {approve, handle, contact, close}
    assert set(queries.to_take(gm, late)) == {approve, close}
    assert set(queries.waits_for(gm, late)) == everything
    with pytest.raises(Refused, match="不由您"):
        actions.handle(handle, measure="致歉", root_cause="time", by=gm, now=late)
    assert actions.approve(approve, by=gm, now=late).status == Step.HANDLE


@pytest.mark.django_db
def test_without_a_manager_what_a_customer_answered_himself_is_the_general_managers(store):
    gm = make_user("gm", store, Role.GENERAL_MANAGER)
    row = a_response(store)
    assert row.made_by is None
    assert queries.to_take(gm, NOW).get() == row
    make_user("manager", store, Role.SALES_MANAGER)
    assert not queries.to_take(gm, NOW).exists()


@pytest.mark.django_db
def test_who_mended_it_does_not_approve_it(store):
    both = make_user("both", store, Role.SALES_MANAGER, Role.CARE_MANAGER)
    colleague = make_user("colleague", store, Role.SALES_MANAGER)
    row = made_by(make_user("care", store, Role.CARE_SPECIALIST), store)
    actions.send_back(row, why="写明是谁", by=both, now=NOW)
    actions.mend(row, text="顾问小王", by=both, now=NOW)
    with pytest.raises(Refused, match="另一位经理"):
        actions.approve(row, by=both, now=NOW)
    assert not queries.to_take(both, NOW).exists()
    assert lists.who_takes(QuickResponse.objects.get()) == [colleague]
    assert actions.approve(row, by=colleague, now=NOW).status == Step.HANDLE


@pytest.mark.django_db
def test_without_a_care_manager_the_general_manager_asks_the_customer(store, other_store):
    gm = make_user("gm", store, Role.GENERAL_MANAGER)
    make_user("chief", other_store, Role.CARE_MANAGER)
    row = a_response(store, status="contact")
    answers = {row.questions.get().pk: 9}
    said = {"satisfied": True, "answers": answers, "text": "", "now": NOW}
    chief = make_user("own", store, Role.CARE_MANAGER)
    with pytest.raises(Refused, match="不由您"):
        actions.ask_again(row, by=gm, **said)
    chief.is_active = False
    chief.save()
    assert actions.ask_again(row, by=gm, **said).status == Step.CLOSE


@pytest.mark.django_db
def test_the_clock_escalates_a_late_step_to_the_general_managers_page(store, other_store):
    gm = make_user("gm", store, Role.GENERAL_MANAGER)
    make_user("manager", store, Role.SALES_MANAGER)
    row = a_response(store)
    a_response(other_store)

    def looks_at(moment):
        with time_machine.travel(moment, tick=False):
            tasks.escalate()
            tasks.escalate()  # twice is once
            client = Client()
            client.force_login(gm)
            tiles = client.get(reverse("desk:home")).context["tile_rows"]
        row.refresh_from_db()
        found = {tile.url: tile.number for line in tiles for tile in line}
        board, late = reverse("complaints:board"), reverse("complaints:response-list")
        return row.escalated_at, found[board], found[f"{late}?step=late"]

    assert looks_at(NOW + HOUR) == (None, 0, 0)
    assert looks_at(NOW + 3 * HOUR) == (row.due_at, 1, 1)


def approve_at_once(row, first, second):
    """The second comes while the first's transaction is open."""
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            actions.approve(row, by=first, now=NOW)
            other = pool.submit(closing, actions.approve, row, by=second, now=NOW)
            wait_until_someone_waits_for_a_lock()
        wait([other])
        return other


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does(store):
    first, second = (make_user(name, store, Role.SALES_MANAGER) for name in ("first", "second"))
    row = a_response(store)

    other = approve_at_once(row, first, second)

    with pytest.raises(Refused, match="待处理"):
        other.result()
    row.refresh_from_db()
    assert (row.approved_by, StepTaken.objects.count()) == (first, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have(store):
    """The control: what the lock is for."""
    first, second = (make_user(name, store, Role.SALES_MANAGER) for name in ("first", "second"))
    row = a_response(store)
    with patch.object(actions, "locked", lambda found: QuickResponse.objects.get(pk=found.pk)):
        approve_at_once(row, first, second).result()

    assert StepTaken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@time_machine.travel(NOW, tick=False)
def test_a_form_that_is_sent_twice_handles_once(store):
    person = make_user("consultant", store, Role.SALES_CONSULTANT)
    row = a_response(store, status="handle")
    url = reverse("complaints:response-handle", args=[row.pk])
    data = {"measure": "致歉", "root_cause": "time", "form_token": str(uuid4())}

    def send():
        client = Client()
        client.force_login(person)
        answer = client.post(url, data)
        return answer.status_code, answer["Location"]

    answers = [send(), send()]

    page = reverse("complaints:response", args=[row.pk])
    assert answers == [(302, page), (302, page)]
    row.refresh_from_db()
    assert (row.rounds, row.status, StepTaken.objects.count()) == (1, Step.CONTACT, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_handle_at_once_handle_once(store):
    first, second = (make_user(name, store, Role.SALES_CONSULTANT) for name in ("first", "second"))
    row = a_response(store, status="handle")
    done = {"measure": "致歉", "root_cause": "time", "now": NOW}
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            actions.handle(row, by=first, **done)
            other = pool.submit(closing, actions.handle, row, by=second, **done)
            wait_until_someone_waits_for_a_lock()
        with pytest.raises(Refused):
            other.result()
    row.refresh_from_db()
    assert (row.rounds, row.handler) == (1, first)
