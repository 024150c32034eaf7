"""The board on the desktop: dragged onto a taken bay it goes back, onto a free one it stays."""

import pytest
import time_machine

from apps.accounts.choices import Role
from apps.service.models import Appointment
from tests.factories import NOW, make_customer, make_user, make_vehicle
from tests.service.workshop import at, make_appointment, make_bay, make_technician

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(store):
    """快修1 is taken from two to three, 快修2 and 快修3 are free; four technicians."""
    bays = [make_bay(store, f"快修{n}", place=n) for n in (1, 2, 3)]
    for n in range(4):
        make_technician(store, f"t{n}")

    def car(name, plate):
        owner = make_customer(store, name)
        return make_vehicle(store, owner, plate=plate, model="君越")

    make_appointment(store, vehicle=car("张三丰", "沪A11111"), bay=bays[0].pk)
    row = make_appointment(store, vehicle=car("李四", "沪A22222"), bay=bays[1].pk)
    return row, bays


def opened(window, user, **options):
    page = window(user, **options)
    page.goto("/service/board/?day=2026-11-23")
    page.locator(".ec-event").first.wait_for()
    return page


def drag(page, plate, *, bay=None, by=0, edge=False):
    """Take the appointment of ``plate`` to the line of ``bay`` and ``by`` px to the right."""
    page.locator(".board-wait").wait_for(state="detached")
    event = page.locator(".ec-event", has_text=plate)
    box = event.bounding_box()
    x = box["x"] + (box["width"] - 3 if edge else box["width"] / 2)
    y = box["y"] + box["height"] / 2
    to = page.locator("#board").get_by_text(bay, exact=True).bounding_box() if bay else None
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, (to["y"] + to["height"] / 2 + y) / 2 if to else y, steps=4)
    page.mouse.move(x + by, to["y"] + to["height"] / 2 if to else y, steps=4)
    page.mouse.up()


def line_of(page, plate):
    """The bay on whose line the appointment stands."""
    page.locator(".board-wait").wait_for(state="detached")
    middle = page.locator(".ec-event", has_text=plate).bounding_box()
    y = middle["y"] + middle["height"] / 2
    for name in ("快修1", "快修2", "快修3"):
        box = page.locator("#board").get_by_text(name, exact=True).locator("..").bounding_box()
        if box["y"] <= y <= box["y"] + box["height"]:
            return name
    return None


def test_onto_a_taken_bay_it_goes_back_onto_a_free_one_it_stays(window, store, shop):
    row, bays = shop
    with time_machine.travel(NOW, tick=True):
        page = opened(window, make_user("advisor", store, Role.SERVICE_ADVISOR))
        assert line_of(page, "沪A22222") == "快修2"

        drag(page, "沪A22222", bay="快修1")
        refusal = page.locator("#board-refusal")
        refusal.wait_for(state="visible")
        assert "该时段已满" in refusal.inner_text()
        assert refusal.get_by_role("button").count() == 4
        assert line_of(page, "沪A22222") == "快修2"
        row.refresh_from_db()
        assert (row.bay, row.version) == (bays[1], 1)

        drag(page, "沪A22222", bay="快修3")
        page.get_by_role("status").get_by_text("快修3").wait_for()
        assert line_of(page, "沪A22222") == "快修3"
        assert not refusal.is_visible()
        page.reload()
        page.locator(".ec-event").first.wait_for()
        assert line_of(page, "沪A22222") == "快修3"
        row.refresh_from_db()
        assert (row.bay, row.starts_at, row.version) == (bays[2], at("14:00"), 2)
    assert [fault for fault in page.faults if "409" not in fault] == []


def test_a_free_time_that_is_offered_is_one_click_and_an_edge_is_pulled(window, store, shop):
    row, bays = shop
    with time_machine.travel(NOW, tick=True):
        page = opened(window, make_user("advisor", store, Role.SERVICE_ADVISOR))
        drag(page, "沪A22222", bay="快修1")
        page.locator("#board-refusal").get_by_role("button", name="11-23 13:00").click()
        page.get_by_role("status").get_by_text("13:00").wait_for()
        row.refresh_from_db()
        assert (row.starts_at, row.version) == (at("13:00"), 2)

        with page.expect_response("**/drag/") as answer:
            drag(page, "沪A22222", by=56, edge=True)
        assert answer.value.status == 200
        row.refresh_from_db()
        assert (row.starts_at, row.version) == (at("13:00"), 3)
        assert row.ends_at > at("14:15")
    assert [fault for fault in page.faults if "409" not in fault] == []
    assert len(bays) == 3


def test_it_is_read_and_moved_by_keyboard(window, store, shop):
    with time_machine.travel(NOW, tick=True):
        page = opened(window, make_user("advisor", store, Role.SERVICE_ADVISOR))
        page.locator(".ec-event", has_text="沪A22222").focus()
        page.keyboard.press("Enter")
        detail = page.locator("#board-detail")
        assert "李四" in detail.inner_text()
        detail.get_by_role("link", name="改期").press("Enter")
        page.wait_for_url(f"**/appointments/{shop[0].pk}/move/")
    assert page.faults == []


def test_it_looks_again_by_itself_and_is_a_list_on_a_phone(window, store, shop):
    user = make_user("advisor", store, Role.SERVICE_ADVISOR)
    with time_machine.travel(NOW, tick=True):
        page = window(user, width=390)
        page.clock.install()
        page.goto("/service/board/?day=2026-11-23")
        page.locator(".ec-event").first.wait_for()
        assert page.locator(".ec-event").count() == 2
        Appointment.objects.filter(pk=shop[0].pk).update(status="arrived")
        page.clock.run_for(21_000)
        page.locator(".ec-event", has_text="已到店").wait_for()
    assert page.faults == []


def test_without_javascript_it_is_the_list_of_the_day(window, store, shop):
    with time_machine.travel(NOW, tick=True):
        page = window(make_user("advisor", store, Role.SERVICE_ADVISOR), java_script_enabled=False)
        page.goto("/service/board/?day=2026-11-23")
        page.wait_for_url("**/appointments/?day=2026-11-23")
        assert page.get_by_text("沪A22222").is_visible()
