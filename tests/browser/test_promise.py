"""What is promised to a customer, from the call to his own phone (issue 4, must show 1)."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus
from apps.messaging.models import Message
from apps.service import tasks
from apps.service.models import Appointment
from tests.care.calls import make_call
from tests.factories import SHANGHAI, TODAY, make_customer, make_user
from tests.service.workshop import at, make_appointment, make_bay, make_operation, make_technician

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)
TOMORROW = TODAY + timedelta(days=1)


def clock(hour, minute=0, on=TODAY):
    moment = datetime(on.year, on.month, on.day, hour, minute, tzinfo=SHANGHAI)
    return time_machine.travel(moment, tick=True)


@pytest.fixture(autouse=True)
def no_request_was_counted():
    cache.clear()


def link_in(message):
    return re.search(r"/service/my/\?a=\S+", message.text)[0]


def test_a_proactive_call_becomes_an_appointment_that_is_taken_over_reminded_and_confirmed(
    window, store, specialist
):
    make_bay(store), make_technician(store)
    oil = make_operation(store)
    due_on = TODAY + timedelta(days=28)
    call = make_call(
        store,
        kind=CallKind.MAINTENANCE,
        customer=make_customer(store, "演示预约", birthday=date(1990, 1, 1)),
        owner=specialist,
        proactive=True,
        event_on=due_on,
        car={"maintenance_due_on": due_on, "maintenance_opens_on": TODAY, "plate": "沪A12345"},
    )
    supervisor = make_user("supervisor", store, Role.SERVICE_SUPERVISOR)

    with clock(10):
        faults = book_by_keyboard(window(specialist), oil)
        row = Appointment.objects.get()
        faults += take_over(window(supervisor), row)
        tasks.tell()
    with clock(14):
        tasks.tell()
        tasks.tell()
    booked, reminder = Message.objects.order_by("pk")
    assert (booked.key, reminder.key) == ("appointment_booked", "appointment_reminder")
    assert "2026年11月24日09:00" in reminder.text
    with clock(15):
        faults += confirm_on_the_phone(window(width=390), link_in(reminder))

    call.refresh_from_db()
    row.refresh_from_db()
    assert (call.status, call.tries.get().appointment) == (CallStatus.REACHED, row)
    assert (row.starts_at, row.source, row.accepted_by, row.status) == (
        *(at("09:00", TOMORROW), "care"),
        *(supervisor, "confirmed"),
    )
    assert faults == []


def book_by_keyboard(page, oil):
    """Keys only; the call is not lost."""
    page.set_default_timeout(60_000)
    page.goto("/care/queue/")
    page.wait_for_load_state()
    page.keyboard.press("n")
    expect(page.locator(".call-name")).to_contain_text("演示预约")
    page.wait_for_load_state()
    page.keyboard.press("1")
    expect(page.locator("#booking")).to_contain_text("CARE-10")
    work = page.locator(f"#booking input[name=operations][value='{oil.pk}']")
    expect(work).to_be_focused()
    with page.expect_response("**/booking/"):
        page.keyboard.press("Space")
    time = page.locator("input[name=starts_at][value='2026-11-24T09:00']")
    time.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".call-summary")).to_contain_text("2026-11-24 09:00")
    return page.faults


def take_over(page, row):
    page.set_default_timeout(60_000)
    page.goto("/service/appointments/hand-over/")
    expect(page.locator("main table")).to_contain_text("演示预约")
    page.get_by_role("button", name="接收", exact=True).first.click()
    expect(page.locator("main")).not_to_contain_text("演示预约")
    page.goto(f"/service/appointments/{row.pk}/")
    expect(page.locator("dl")).to_contain_text("supervisor")
    return page.faults


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def confirm_on_the_phone(page, address):
    page.goto(address)
    expect(page.locator("main")).to_contain_text("11月24日 09:00")
    assert fits(page)
    page.get_by_role("button", name="我会按时到店").click()
    expect(page.locator("main")).to_contain_text("届时恭候您")
    assert page.context.cookies() == []
    return page.faults


def test_on_his_phone_a_customer_moves_and_then_cancels_his_appointment(window, store):
    row = make_appointment(store, "14:00", on=TOMORROW, operations=[make_operation(store)])
    with clock(10):
        tasks.tell()
        address = link_in(Message.objects.get())
        page = window(width=390)
        page.goto(address)
        page.get_by_text("换个时间").click()
        page.locator("label:has(input[value='2026-11-25T09:00'])").click()
        assert fits(page)
        page.get_by_role("button", name="改到这个时间").click()
        expect(page.locator("main")).to_contain_text("11月25日 09:00")
        row.refresh_from_db()
        assert (row.starts_at, row.status) == (
            at("09:00", TOMORROW + timedelta(days=1)),
            "confirmed",
        )

        page.get_by_text("我来不了").click()
        page.get_by_role("button", name="取消预约").click()
        expect(page.locator("h1")).to_have_text("预约已取消")
        row.refresh_from_db()
        assert (row.status, row.cancel_reason) == ("cancelled", "customer")
        assert page.faults == []
        page.goto(address)
        expect(page.locator("h1")).to_have_text("链接无效")
