"""A specialist's day by keyboard alone, and what the others see of it."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.care import tasks
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Attempt, Call
from apps.messaging import tasks as messaging_tasks
from tests.care.calls import make_call
from tests.factories import SHANGHAI, TODAY, make_customer, make_user
from tests.service.workshop import make_bay, make_technician

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)  # a day is long, and the machine may be busy


def clock(hour, minute=0):
    at = datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=SHANGHAI)
    return time_machine.travel(at, tick=True)


@pytest.fixture
def calls(store, specialist):
    """Six customers in the order in which they will be offered."""

    def owed(name, days, **fields):
        customer = make_customer(store, name=name, birthday=date(1990, 1, 1))
        due_on = TODAY + timedelta(days=days)
        return make_call(store, customer=customer, owner=specialist, due_on=due_on, **fields)

    return {
        "books": owed("演示预约", 1),
        "later": owed("演示回拨", 2),
        "silent": owed("演示未接", 3),
        "wrong": owed("演示错号", 4, kind=CallKind.MAINTENANCE),
        "elsewhere": owed("演示他店", 5, kind=CallKind.CHURN),
        "comes": owed("演示会来", 6),
    }


class Desk:
    """The specialist's hands: only keys."""

    def __init__(self, page):
        self.page = page
        page.set_default_timeout(60_000)
        page.goto("/care/queue/")

    def next(self, name):
        self.press("n")
        expect(self.page.locator(".call-name")).to_contain_text(name)
        expect(self.page.locator("#call-form")).to_be_attached()

    def press(self, *keys):
        self.page.wait_for_load_state()  # keys do nothing before the script of the page runs
        for key in keys:
            self.page.keyboard.press(key)

    def fill(self, value):
        """Into the field that has the focus now."""
        self.page.locator(":focus").fill(value)

    def book(self):
        """The first free time: the key, to the times, take it, save."""
        self.press("1")
        expect(self.page.locator("#free-times")).to_be_visible()
        for _stop in range(12):
            if self.page.evaluate("document.activeElement.name") == "starts_at":
                break
            self.press("Tab")
        self.press("Space", "Enter")

    def done(self, words):
        expect(self.page.locator(".call-summary")).to_contain_text(words)


def test_a_specialist_works_ten_calls_by_keyboard(
    window, store, specialist, manager, calls, settings, tmp_path
):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    advisor = make_user("advisor", store, Role.SERVICE_ADVISOR)
    make_bay(store), make_technician(store)

    with clock(10):
        morning(window(specialist))
        correct_the_number(window(advisor))
        tasks.resume_corrected()
        desk = Desk(window(specialist))
        desk.next("演示错号")  # 7: back by itself, with the good number
        expect(desk.page.locator(".call-name")).to_contain_text("13812345678")
        desk.press("2")
        desk.done("会来")
        desk.press("n")
        expect(desk.page).to_have_url("/care/queue/")  # nothing more in this slot

    with clock(14):
        desk = Desk(window(specialist))
        desk.next("演示回拨")  # 8: the promised call-back goes first
        desk.book()
        desk.done("已预约")
        desk.next("演示未接")  # 9
        desk.press("7")
        desk.done("第 2 次")
        faults = desk.page.faults

    with clock(16):
        desk = Desk(window(specialist))
        desk.next("演示未接")  # 10
        desk.press("7")
        desk.done("未接通")
        messaging_tasks.send()
        what_the_manager_sees(window(manager))

    assert faults + desk.page.faults == []
    assert_all_is_written(calls, settings.SMS_FILE)


def morning(page):
    desk = Desk(page)
    desk.next("演示预约")  # 1: booked, with mileage and a tick
    desk.press("k")
    desk.press(*"3100")
    desk.press("Escape")
    desk.book()
    desk.done("已预约")
    desk.next("演示回拨")  # 2: call me at two
    desk.press("6")
    desk.fill("2026-11-23")
    page.locator("#again_time").focus()
    desk.fill("14:00")
    desk.press("Enter")
    desk.done("14:00")
    desk.next("演示未接")  # 3
    desk.press("7")
    desk.done("第 1 次")
    desk.next("演示错号")  # 4
    desk.press("9", "Tab", "Enter")
    desk.done("号码更正")
    desk.next("演示他店")  # 5
    desk.press("4")
    desk.fill("2026-11-02")
    page.locator("#elsewhere_km").focus()
    desk.fill("21000")
    desk.press("Tab")
    desk.fill("420")
    desk.press("Tab")
    desk.fill("路边快修")
    desk.press("Tab")
    desk.fill("浦东")
    desk.press("Enter")
    desk.done("他店")
    desk.next("演示会来")  # 6
    desk.press("2")
    desk.done("会来")
    assert page.faults == []


def correct_the_number(page):
    page.set_default_timeout(60_000)
    page.goto("/customers/corrections/")
    expect(page.get_by_text("演示错号")).to_be_visible()
    page.locator("table a.btn").click()
    page.locator("main form input[type=text], main form input[type=tel]").first.fill("13812345678")
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    expect(page).to_have_url("/customers/corrections/")


def what_the_manager_sees(page):
    page.set_default_timeout(60_000)
    page.goto("/care/failed/")
    expect(page.get_by_text("演示未接").first).to_be_visible()
    page.goto("/care/today/")
    expect(page.get_by_text("li_na").first).to_be_visible()
    page.goto(f"/care/calls/{Call.objects.get(customer__name='演示未接').pk}/")
    expect(page.locator(".grid33 .tried")).to_have_count(3)
    expect(page.locator("#call-form")).not_to_be_attached()


def assert_all_is_written(calls, sms_file):
    for call in calls.values():
        call.refresh_from_db()
    assert {name: (call.status, call.result) for name, call in calls.items()} == {
        "books": (CallStatus.REACHED, Result.BOOKED),
        "later": (CallStatus.REACHED, Result.BOOKED),
        "silent": (CallStatus.FAILED, Result.NO_ANSWER),
        "wrong": (CallStatus.REACHED, Result.WILL_COME),
        "elsewhere": (CallStatus.REACHED, Result.ELSEWHERE),
        "comes": (CallStatus.REACHED, Result.WILL_COME),
    }
    silent = calls["silent"]
    assert (silent.end_reason, silent.slots_tried) == (
        EndReason.THREE_ATTEMPTS,
        ["morning", "afternoon", "late"],
    )
    assert Attempt.objects.count() == 10
    [sms] = [json.loads(line) for line in sms_file.read_text().splitlines()]
    assert sms["to"] == silent.customer.main_phone
    assert "首次保养" in sms["text"]
