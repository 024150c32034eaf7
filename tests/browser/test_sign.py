"""A test drive agreement is signed on a tablet, with no connection in the middle (REC-05)."""

import pytest

from apps.reception.models import TestDrive
from tests.browser.test_check_in import sign
from tests.reception.driving import checked, make_drive, make_wanted, seller_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drive(store, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return checked(store, make_drive(store, make_wanted(store, seller_of(store))))


def test_a_signature_is_not_lost_and_not_taken_twice(window, store, drive):
    page = window(seller_of(store), width=1024)
    page.goto(f"/reception/drives/{drive.pk}/agreement/")
    sign(page)
    page.wait_for_timeout(500)  # until it is kept on the device

    page.reload()  # the tablet fell asleep: it is there again
    page.get_by_text("尚未提交的内容已恢复").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="确认签字").click()
    page.get_by_text("网络已断开").wait_for()
    assert TestDrive.objects.get().signed_at is None
    page.context.set_offline(False)

    page.wait_for_url(f"**/reception/drives/{drive.pk}/")
    assert TestDrive.objects.get().signed_at is not None
    faults = [fault for fault in page.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert faults == []


def test_an_answer_that_was_lost_on_its_way_signs_once(window, store, drive):
    page = window(seller_of(store), width=1024)
    page.goto(f"/reception/drives/{drive.pk}/agreement/")
    sign(page)
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/agreement/", lose)
    page.get_by_role("button", name="确认签字").click()
    page.get_by_text("网络已断开").wait_for()
    assert lost == [302]
    page.wait_for_url(f"**/reception/drives/{drive.pk}/", timeout=20_000)
    assert TestDrive.objects.get().status == "booked"


def test_without_a_stroke_nothing_is_signed(window, store, drive):
    page = window(seller_of(store), width=390)
    page.goto(f"/reception/drives/{drive.pk}/agreement/")
    page.get_by_role("button", name="确认签字").click()
    page.get_by_text("客户还没有签字").wait_for()
    assert TestDrive.objects.get().signed_at is None
