"""A hand-over on a tablet: steps, photo, signature, a line cut in the middle (DEL-03, 05, 08)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.delivery.models import HandOver, HandOverPhoto, HandOverStep
from tests.browser.test_check_in import PHOTO, sign, wait_for
from tests.browser.test_pages import look
from tests.delivery.keys import make_finished, make_hand_over, make_running, make_sheet
from tests.service.workshop import make_bay, make_technician

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(store, settings, tmp_path):
    """Begun twelve minutes ago."""
    settings.MEDIA_ROOT = tmp_path
    make_bay(store), make_technician(store)
    make_sheet(store)  # the people to introduce
    row = make_running(store)
    HandOver.objects.filter(pk=row.pk).update(started_at=timezone.now() - timedelta(minutes=12))
    return row


def fill(page):
    page.locator("[data-step=welcome] [data-end]").click()
    for box in page.locator(".run-point input").all():
        box.check()
    page.locator("[data-step=papers] [data-end]").click()
    page.get_by_label("介绍的服务顾问").select_option(index=1)
    page.get_by_label("介绍的客服专员").select_option(index=1)
    page.set_input_files("#photos", [{"name": "1.jpg"} | PHOTO])
    page.locator(".photo canvas").wait_for()
    sign(page)


def counts():
    finished = HandOver.objects.filter(status="finished").count()
    return (finished, HandOverStep.objects.count(), HandOverPhoto.objects.count())


def test_a_reload_and_a_cut_line_lose_nothing_and_sign_once(window, running):
    page = window(running.consultant, width=1024)
    page.goto(f"/delivery/hand-overs/{running.pk}/sheet/")
    fill(page)
    page.wait_for_timeout(500)  # until it is kept on the device

    page.reload()
    page.get_by_text("尚未提交的内容已恢复").wait_for()
    assert page.locator(".run-point input:not(:checked)").count() == 0
    assert page.locator(".photo canvas").count() == 1
    page.locator("[data-end][aria-pressed=true]").nth(1).wait_for()

    page.context.set_offline(True)
    page.get_by_role("button", name="客户已签字").click()
    page.get_by_text("网络已断开").wait_for()
    assert counts() == (0, 0, 0)
    page.context.set_offline(False)

    page.wait_for_url(f"**/delivery/hand-overs/{running.pk}/")
    assert counts() == (1, 6, 1)
    row = HandOver.objects.get()
    steps = [step.minutes for step in row.steps.all()]
    assert steps[0] == 12 and sum(steps) == 12
    page.locator(".photo-strip img").wait_for()
    page.get_by_role("heading", name="首保").wait_for()
    faults = [fault for fault in page.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert faults == []


def test_an_answer_that_was_lost_on_its_way_signs_only_once(window, running):
    page = window(running.consultant, width=1024)
    page.goto(f"/delivery/hand-overs/{running.pk}/sheet/")
    fill(page)
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/sheet/", lose)
    page.get_by_role("button", name="客户已签字").click()
    page.get_by_text("网络已断开").wait_for()
    assert lost == [302] and counts() == (1, 6, 1)

    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_url(f"**/delivery/hand-overs/{running.pk}/")
    wait_for(lambda: counts() == (1, 6, 1))


def test_what_is_refused_is_told_beside_what_was_entered(window, running):
    page = window(running.consultant, width=1024)
    page.goto(f"/delivery/hand-overs/{running.pk}/sheet/")
    fill(page)
    page.locator(".run-point input").first.uncheck()

    page.get_by_role("button", name="客户已签字").click()
    page.get_by_text("未完成的检查表不能签字").wait_for()
    assert page.locator(".photo canvas").count() == 1
    assert counts() == (0, 0, 0)

    page.locator(".run-point input").first.check()
    page.get_by_role("button", name="客户已签字").click()
    page.wait_for_url(f"**/delivery/hand-overs/{running.pk}/")
    assert counts() == (1, 6, 1)


def test_the_pages_hold_on_a_tablet_and_a_phone(window, running, store):
    done = make_finished(store, make_hand_over(store, "14:00"))
    for name, pk in (("sheet", f"{running.pk}/sheet"), ("record", done.pk), ("run", running.pk)):
        for width in (1440, 1024, 390):
            page = window(running.consultant, width=width)
            assert look(page, f"/delivery/hand-overs/{pk}/", name, [width]) == []
