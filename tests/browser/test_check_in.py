"""At the car with a tablet: marks, photos, a signature, no connection in the middle (SVC-07)."""

import time

import pytest

from apps.service.models import CheckIn, Mark, Photo, RepairOrder
from tests.browser.test_pages import look
from tests.factories import make_vehicle
from tests.service.garage import person
from tests.service.pages_check_in import picture
from tests.service.workshop import make_bay, make_technician

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = {"mimeType": "image/jpeg", "buffer": picture(size=(2400, 1600))}


@pytest.fixture
def advisor(store, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_bay(store)
    make_technician(store)
    return person(store)


def tap(page, kind, x, y):
    """A mark at this share of the drawing's width and height."""
    page.locator(f"label[for=mark-{kind}]").click()
    box = page.locator(".car-drawing").bounding_box()
    page.locator(".car-drawing").click(position={"x": box["width"] * x, "y": box["height"] * y})


def sign(page):
    page.locator("canvas.signature").scroll_into_view_if_needed()
    box = page.locator("canvas.signature").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for n in range(20):
        page.mouse.move(box["x"] + 40 + 12 * n, box["y"] + 60 + (n % 4) * 20)
    page.mouse.up()


def counts():
    models = (CheckIn, RepairOrder, Mark, Photo)
    return tuple(model.objects.count() for model in models)


def wait_for(condition, seconds=15):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def fill(page):
    page.get_by_label("里程").first.fill("20500")
    page.locator("label[for=id_fuel_5]").click()
    page.get_by_label("车内贵重物品").fill("雨伞一把")
    tap(page, "dent", 0.31, 0.18)
    tap(page, "scratch", 0.6, 0.5)
    page.locator("[data-mark-list] input").first.fill("左前门")
    page.set_input_files("#photos", [{"name": "1.jpg"} | PHOTO, {"name": "2.jpg"} | PHOTO])
    page.locator(".photo canvas").nth(1).wait_for()
    sign(page)


def test_the_connection_is_cut_in_the_middle_and_nothing_is_lost_or_double(window, advisor, store):
    car = make_vehicle(store)
    address = f"/service/cars/{car.pk}/check-in/"
    page = window(advisor, width=1024)
    page.goto(address)
    fill(page)
    page.wait_for_timeout(500)  # until it is kept on the device

    page.reload()  # the tablet fell asleep: all of it is there again
    page.get_by_text("尚未提交的内容已恢复").wait_for()
    assert page.get_by_label("车内贵重物品").input_value() == "雨伞一把"
    assert page.locator(".mark").count() == 2
    assert page.locator("[data-mark-list] input").first.input_value() == "左前门"
    assert page.locator(".photo canvas").count() == 2

    page.context.set_offline(True)
    page.get_by_role("button", name="完成接车").click()
    page.get_by_text("网络已断开").wait_for()
    assert counts() == (0, 0, 0, 0)
    page.context.set_offline(False)

    page.wait_for_url("**/service/check-in/*/")
    assert counts() == (1, 1, 2, 2)
    row = CheckIn.objects.get()
    assert (row.order.km, row.fuel, row.valuables) == (20500, 5, "雨伞一把")
    assert [(m.kind, m.note) for m in row.marks.all()] == [("dent", "左前门"), ("scratch", "")]
    assert abs(row.marks.first().x - 310) <= 3 and abs(row.marks.first().y - 180) <= 3
    assert row.signature is not None
    page.locator(".photo-strip img").nth(1).wait_for()
    page.goto("/service/check-in/")
    assert not page.get_by_text("本设备上尚未提交").is_visible()
    faults = [fault for fault in page.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert faults == []


def test_an_answer_that_was_lost_on_its_way_takes_the_car_in_only_once(window, advisor, store):
    """The server had taken it, the tablet did not hear of it, and sends it again."""
    car = make_vehicle(store)
    page = window(advisor, width=1024)
    page.goto(f"/service/cars/{car.pk}/check-in/")
    fill(page)
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/check-in/", lose)
    page.get_by_role("button", name="完成接车").click()
    page.get_by_text("网络已断开").wait_for()
    assert lost == [302]
    assert counts() == (1, 1, 2, 2)

    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_url("**/service/check-in/*/")
    assert counts() == (1, 1, 2, 2)


def test_what_is_refused_is_told_beside_what_was_entered(window, advisor, store):
    car = make_vehicle(store)
    page = window(advisor, width=1024)
    page.goto(f"/service/cars/{car.pk}/check-in/")
    page.get_by_label("里程").first.fill("20500")
    page.locator("label[for=id_fuel_3]").click()
    tap(page, "crack", 0.5, 0.5)

    page.get_by_role("button", name="完成接车").click()
    page.get_by_text("客户还没有签字").wait_for()
    assert page.locator(".mark").count() == 1
    assert counts() == (0, 0, 0, 0)

    sign(page)
    page.get_by_role("button", name="完成接车").click()
    page.wait_for_url("**/service/check-in/*/")
    assert counts() == (1, 1, 1, 0)


def test_what_was_not_sent_is_offered_on_the_list_and_to_nobody_else(window, advisor, store):
    car = make_vehicle(store, plate="沪A12345")
    page = window(advisor, width=1024)
    page.goto(f"/service/cars/{car.pk}/check-in/")
    page.get_by_label("里程").first.fill("20500")
    page.wait_for_timeout(500)
    page.goto("/service/check-in/")
    page.get_by_role("link", name="沪A12345").click()
    page.get_by_text("尚未提交的内容已恢复").wait_for()
    assert page.get_by_label("里程").first.input_value() == "20500"

    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="重新填写").click()
    page.wait_for_load_state()
    page.wait_for_timeout(300)
    assert page.get_by_label("里程").first.input_value() == ""


def test_the_pages_hold_in_both_sizes(window, advisor, store):
    car = make_vehicle(store)
    page = window(advisor, width=1024)
    page.goto(f"/service/cars/{car.pk}/check-in/")
    fill(page)
    page.get_by_role("button", name="完成接车").click()
    page.wait_for_url("**/service/check-in/*/")
    sheet = page.url
    form = f"/service/cars/{make_vehicle(store).pk}/check-in/"
    for name, url in (("sheet", sheet), ("form", form), ("list", "/service/check-in/")):
        for width in (1440, 1024, 390):
            assert look(window(advisor, width=width), url, name, [width]) == []
