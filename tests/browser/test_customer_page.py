"""The search box by keyboard, and the customer's page whose parts come by themselves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from apps.messaging.models import Message
from apps.service.models import RepairOrder
from tests.factories import NOW, TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)
ALONE = """() => {
    window.asked = 0;
    window.print = () => { window.asked += 1; };
}"""


@pytest.fixture
def customer(store):
    """25 visits and a message."""
    customer = make_customer(store, "张三丰", "13912342345", initials="zsf")
    car = make_vehicle(store, customer, plate="沪A12399")
    for n in range(25):
        day = TODAY - timedelta(days=n)
        RepairOrder.objects.create(
            store=store, vehicle=car, number=f"W-{n:02}", kind="repair", out_on=day
        )
    Message.objects.create(
        store=store,
        customer=customer,
        channel="sms",
        purpose="service",
        key="birthday",
        to="13912342345",
        text="生日快乐",
        dedupe_key="b",
        not_before=NOW,
        queued_at=NOW,
    )
    return customer


def test_somebody_is_found_and_opened_by_keyboard(window, store, specialist, customer):
    make_customer(store, "张三立", initials="zsl")
    page = window(specialist)
    page.goto("/accounts/sessions/")
    page.keyboard.press("/")
    page.keyboard.type("三")
    expect(page.locator("#search-results a")).to_have_count(2)  # the newest comes first

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/customers/{customer.pk}/")
    page.keyboard.press("/")
    page.keyboard.type("zsf")
    page.locator("#search-results a").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#search-results a")).to_have_count(0)
    page.keyboard.type("zsf")  # Escape emptied the box
    page.keyboard.press("Enter")  # without a choice: a page with what was found
    page.wait_for_url("**/search/?q=zsf")
    assert page.faults == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_parts_of_the_page_come_by_themselves(window, specialist, customer, width):
    page = window(specialist, width=width)
    page.goto(f"/customers/{customer.pk}/")
    line = page.locator("#timeline .list-group-item")
    expect(line.filter(has_text="W-00")).to_have_count(1)
    expect(page.get_by_text("营销: 未同意")).to_be_visible()

    page.get_by_role("link", name="更早").click()
    expect(line.filter(has_text="W-24")).to_have_count(1)
    page.locator("label", has_text="消息").click()
    expect(line).to_have_count(1)
    expect(line).to_contain_text("生日快乐")
    assert page.evaluate("document.activeElement.id") == "kind-message"
    page.mouse.wheel(0, 9000)
    expect(page.get_by_text("录入后没有改动。")).to_be_visible()

    page.get_by_role("link", name="打印").click()
    page.wait_for_url("**/timeline/print/?kind=message")
    page.evaluate(ALONE)
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.asked") == 1
    page.emulate_media(media="print")
    expect(page.locator(".sidebar, aside, header").first).not_to_be_visible()
    expect(page.get_by_text("生日快乐")).to_be_visible()
    assert page.faults == []


def test_without_javascript_the_parts_are_pages(window, specialist, customer):
    page = window(specialist, java_script_enabled=False)
    page.goto(f"/customers/{customer.pk}/")
    page.locator(f"a[href='/customers/{customer.pk}/timeline/']").click()
    page.locator("label", has_text="消息").click()
    page.locator("#timeline form button").click()

    expect(page.locator("#timeline .list-group-item")).to_have_count(1)
    page.get_by_role("link", name="张三丰").click()
    page.wait_for_url(f"**/customers/{customer.pk}/")
