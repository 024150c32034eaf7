"""What is counted of appointments: both sides of a broken promise, and what was not handed over
(SVC-04, SVC-14)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.service import figures
from apps.service.actions import accept, cancel, mark_missed
from apps.service.choices import AppointmentSource
from tests.factories import NOW, TODAY, make_user
from tests.service.workshop import at, make_appointment, make_operation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
CARE = AppointmentSource.CARE


@pytest.fixture
def supervisor(store):
    return make_user("supervisor", store, Role.SERVICE_SUPERVISOR)


@pytest.fixture
def staff(client, supervisor):
    client.force_login(supervisor)
    return client


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def test_both_sides_of_a_broken_promise_are_counted(staff, store, other_store):
    missed = make_appointment(store, "14:00")
    make_appointment(other_store, "14:00")
    unready = make_appointment(store, "16:00")
    cancel(unready, reason="store")
    cancel(make_appointment(store, "15:00"), reason="customer")
    mark_missed(now=NOW + DAY)

    assert [row.pk for row in figures.missed([store.pk], TODAY, TODAY)] == [missed.pk]
    assert [row.pk for row in figures.store_not_ready([store.pk], TODAY, TODAY)] == [unready.pk]
    assert not figures.missed([store.pk], TOMORROW, TOMORROW).exists()
    with time_machine.travel(NOW, tick=False):
        page = staff.get(url("appointment-list"))
        assert (page.context["missed"], page.context["not_ready"]) == (1, 1)
        for status, row in (("no_show", missed), ("not_ready", unready)):
            assertContains(page, f"?day=2026-11-23&amp;status={status}")
            shown = staff.get(url("appointment-list"), {"day": "2026-11-23", "status": status})
            assert [one.pk for one in shown.context["rows"]] == [row.pk]
        assertNotContains(
            staff.get(url("appointment-list"), {"day": "2026-11-24"}), "门店未准备好 <b"
        )


def late(store, now, first=TODAY, last=TODAY):
    rows = figures.not_handed_over_in_time([store.pk], first, last, now=now)
    return [row.pk for row in rows.order_by("pk")]


def test_what_was_not_taken_over_before_closing_is_counted(store, other_store, supervisor):
    row = make_appointment(store, "14:00", on=TOMORROW, source=CARE)
    in_time = make_appointment(store, "15:00", on=TOMORROW, source=CARE)
    too_late = make_appointment(store, "16:00", on=TOMORROW, source=CARE)
    cancel(make_appointment(store, "09:00", on=TOMORROW, source=CARE), reason="customer")
    make_appointment(store, "10:00", on=TOMORROW)
    make_appointment(other_store, "14:00", on=TOMORROW, source=CARE)
    accept(in_time, by=supervisor, now=at("17:29"))
    accept(too_late, by=supervisor, now=at("17:31"))

    assert late(store, at("17:30")) == []
    assert late(store, at("17:31")) == [row.pk, too_late.pk]
    assert late(store, at("17:31"), TOMORROW, TOMORROW) == []


def test_what_was_booked_after_closing_has_until_the_next_one(store):
    row = make_appointment(store, "14:00", on=TODAY + 2 * DAY, source=CARE, now=at("17:30"))

    assert late(store, at("17:30", TOMORROW)) == []
    assert late(store, at("17:31", TOMORROW)) == [row.pk]


def test_what_is_late_stands_out_on_the_list(staff, store):
    make_appointment(store, "14:00", on=TODAY + 3 * DAY, source=CARE)

    with time_machine.travel(at("17:29"), tick=False):
        assertNotContains(staff.get(url("handover-list")), "应于")
    with time_machine.travel(at("17:31"), tick=False):
        assertContains(staff.get(url("handover-list")), "应于 11-23 17:30 前接收")


def test_the_form_is_printed_in_duplicate_with_a_code_that_opens_the_record(staff, store):
    oil = make_operation(store)
    row = make_appointment(store, "14:00", operations=[oil], source=CARE)

    page = staff.get(url("appointment-print", row.pk))

    assertContains(page, 'class="paper-copy"', count=2)
    assertContains(page, "前台联", count=1)
    assertContains(page, "客服联", count=1)
    assertContains(page, "<svg", count=2)
    assertContains(page, "机油保养 ¥120", count=2)
    assertNotContains(page, row.customer.main_phone)
