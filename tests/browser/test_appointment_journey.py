"""One appointment from the call to the hand-back, by everybody who has a part in it (CARE-10,
SVC-03, SVC-04, SVC-05, SVC-07…10, SVC-12)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.care import tasks as care_tasks
from apps.care.actions.planning import plan
from apps.care.choices import CallKind, CallStatus
from apps.care.models import Attempt, Call
from apps.customers.actions import record_reading
from apps.customers.models import MaintenanceCycle
from apps.desk.invariants import broken
from apps.messaging.choices import TemplateKey
from apps.messaging.models import Message
from apps.service import tasks as service_tasks
from apps.service.actions import record_visit
from apps.service.models import Appointment, RepairOrder
from tests.browser.test_board import drag, line_of
from tests.browser.test_check_in import fill
from tests.browser.test_specialist_day import Desk
from tests.factories import SHANGHAI, TODAY, make_customer, make_user, make_vehicle
from tests.service.workshop import (
    at,
    make_appointment,
    make_bay,
    make_operation,
    make_technician,
)

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
PLATE = "沪A66666"


def clock(hour, minute=0, on=TODAY):
    moment = datetime(on.year, on.month, on.day, hour, minute, tzinfo=SHANGHAI)
    return time_machine.travel(moment, tick=True)


@pytest.fixture
def shop(store, other_store, settings, tmp_path):
    """Three bays; the first is taken tomorrow from nine to ten. Another store is as busy."""
    settings.MEDIA_ROOT = tmp_path
    bays = [make_bay(store, f"快修{n}", place=n) for n in (1, 2, 3)]
    for n in range(3):
        make_technician(store, f"t{n}")
    make_operation(store, "OIL", minutes=60, name="小保养", price_amount=Decimal("168.00"))
    taken = make_vehicle(store, make_customer(store, "李四"), plate="沪A11111")
    make_appointment(store, "09:00", TOMORROW, vehicle=taken, bay=bays[0].pk)
    make_appointment(other_store, "09:00", TOMORROW)
    return bays


@pytest.fixture
def car(store, shop):
    """Due on 17 December by the kilometres; from 1,000 km before, which is today, it is called
    early (CARE-10)."""
    row = make_vehicle(store, make_customer(store, "张三丰"), plate=PLATE, model="君越")
    came = date(2026, 6, 18)
    record_visit(row, number="R1", kind="maintenance", in_on=came, out_on=came, km=10000, on=TODAY)
    record_reading(row, 16000, on=date(2026, 11, 10), source="staff", by=None, today=TODAY)
    row.refresh_from_db()
    return row


def the_call(car):
    return Call.objects.get(vehicle=car, kind=CallKind.MAINTENANCE)


def test_from_the_call_to_the_hand_back(window, store, shop, car, specialist):
    with clock(9, 5):
        plan(on=TODAY, now=timezone.now())
        call = the_call(car)
        assert (call.proactive, call.owner) == (True, specialist)
        book_from_the_call(window(specialist))
        service_tasks.tell()
    row = Appointment.objects.get(vehicle=car)
    call.refresh_from_db()
    assert (row.source, row.starts_at, row.bay) == ("care", at("09:00", TOMORROW), shop[1])
    assert (call.status, Attempt.objects.get(call=call).appointment) == (CallStatus.REACHED, row)

    supervisor = make_user("supervisor", store, Role.SERVICE_SUPERVISOR)
    with clock(11):
        take_over(window(supervisor))
        row.refresh_from_db()
        assert row.accepted_by == supervisor
        move_on_the_board(window, supervisor, row, shop)
    with clock(16):
        service_tasks.tell()
        reminder = Message.objects.get(customer=car.owner, key=TemplateKey.APPOINTMENT_REMINDER)
        assert "沪A66666预约了2026年11月24日09:00到店" in reminder.text

    due_before = car.maintenance_due_on
    advisor = make_user("advisor", store, Role.SERVICE_ADVISOR)
    with clock(8, 55, TOMORROW):
        take_in(window(advisor, width=1024), row)
    order = RepairOrder.objects.get(appointment=row)
    with clock(9, 10, TOMORROW):
        work_on(window(supervisor), order)
    with clock(10, 30, TOMORROW):
        hand_back(window(supervisor), order)
        care_tasks.plan()
    what_followed(car, call, order, due_before)


def book_from_the_call(page):
    desk = Desk(page)
    desk.next("张三丰")
    desk.press("1")
    expect(page.locator("#free-times")).to_be_visible()
    with page.expect_response("**/booking/"):
        page.get_by_label("小保养").check()
    page.locator("#free-times.htmx-swapping, .htmx-request").wait_for(state="detached")
    choice = page.locator(f"#free-times input[value='{TOMORROW:%Y-%m-%d}T09:00']")
    choice.wait_for(state="attached")
    choice.check(force=True)
    page.get_by_role("button", name="预约并保存结果").click()
    expect(page.locator(".call-summary")).to_contain_text("已预约")


def take_over(page):
    page.goto("/service/appointments/hand-over/")
    page.get_by_role("row", name=PLATE).get_by_role("button").click()
    page.get_by_text("全部已接收").or_(page.get_by_text("已接收")).first.wait_for()


def move_on_the_board(window, user, row, bays):
    page = window(user)
    page.goto(f"/service/board/?day={TOMORROW}")
    page.locator(".ec-event").first.wait_for()
    assert line_of(page, PLATE) == "快修2"
    drag(page, PLATE, bay="快修1")
    page.locator("#board-refusal").wait_for(state="visible")
    assert line_of(page, PLATE) == "快修2"
    drag(page, PLATE, bay="快修3")
    page.get_by_role("status").get_by_text("快修3").wait_for()
    row.refresh_from_db()
    assert row.bay == bays[2]


def take_in(page, row):
    page.goto("/service/check-in/")
    page.get_by_role("link", name=PLATE).click()
    fill(page)
    page.get_by_role("button", name="完成接车").click()
    page.wait_for_url("**/service/check-in/*/")
    row.refresh_from_db()
    assert row.status == "arrived"


def work_on(page, order):
    page.goto(f"/service/orders/{order.pk}/")
    page.get_by_label("客户答复 小保养").select_option("approved")
    page.get_by_role("button", name="记录客户答复").click()
    page.get_by_role("button", name="维修中").click()
    page.get_by_role("button", name="完成 小保养").click()
    page.get_by_role("button", name="质检").click()
    page.get_by_label("需要洗车").uncheck()
    page.get_by_role("button", name="质检合格").click()
    page.locator("h2", has_text="待交车").wait_for()


def hand_back(page, order):
    page.goto(f"/service/orders/{order.pk}/")
    page.get_by_label("付款方式").select_option("wechat")
    page.get_by_role("button", name="结算", exact=True).click()
    for box in page.locator("form[action$='/hand-back/'] input[type=checkbox]").all():
        box.check()
    page.locator("form[action$='/hand-back/'] button").click()
    page.locator("h2", has_text="已交车").wait_for()


def what_followed(car, call, order, due_before):
    """The visit is the proof; the next maintenance is reckoned from it (SVC-12)."""
    order.refresh_from_db()
    car.refresh_from_db()
    assert (order.status, order.out_on, order.amount) == ("closed", TOMORROW, Decimal("168.00"))
    assert (car.last_visit_on, car.last_km, car.in_workshop) == (TOMORROW, 20500, False)
    assert car.last_maintenance_on == TOMORROW
    assert car.maintenance_due_on > due_before
    ended = MaintenanceCycle.objects.get(vehicle=car, base_on=date(2026, 6, 18))
    assert (ended.ended_on, ended.ended_by) == (TOMORROW, order.number)
    open_calls = Call.objects.filter(vehicle=car, status=CallStatus.WAITING)
    assert not open_calls.filter(kind=CallKind.MAINTENANCE).exists()
    assert not [name for name, rows in broken().items() if rows]
