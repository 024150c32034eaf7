"""Fifty disagreements of a re-import through the pages: told, decided once, silent (DATA-05)."""

from datetime import datetime

import pytest
import time_machine

from apps.customers.models import Customer, Vehicle
from apps.exchange.models import Difference
from tests.browser.test_pages import look
from tests.exchange.dms import later, type_fifty
from tests.exchange.files import SAMPLE, bring
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db(transaction=True)
DIFFER = "处与本店录入的不同"


def take(page, files):
    """Upload → columns → preview → taken; what the result page says."""
    page.goto("/exchange/imports/")
    page.get_by_role("link", name="新建导入").first.click()
    page.set_input_files("input[name=uploads]", files)
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="检查并预览").click()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("导入结果").wait_for()
    return page.locator("main").inner_text()


def typed():
    return [
        list(Customer.objects.order_by("pk").values_list("main_phone", "birthday")),
        list(Vehicle.objects.order_by("pk").values_list("plate", "owner", "delivered_on")),
    ]


def test_fifty_are_told_decided_on_the_page_and_not_told_again(window, store, manager, tmp_path):
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI), tick=True):
        bring(store, *SAMPLE)
        said, orders, _wanted = type_fifty(store, manager)
        files = later(tmp_path, said, orders)
        before = typed()
        page = window(manager)
        page.set_default_timeout(60_000)
        page.on("dialog", lambda asked: asked.accept())

        assert f"有 50 {DIFFER}" in take(page, files)
        assert [now[: len(old)] for now, old in zip(typed(), before, strict=True)] == before
        page.get_by_role("link", name="去处理").click()
        assert page.locator("tbody tr").count() == 50
        url = page.url
        faults = [look(window(manager, width=w), url, "differences", [w]) for w in (1440, 390)]
        assert faults == [[], []]

        page.get_by_role("link", name="生日").click()
        page.get_by_label("本筛选全部 10 条，不只勾选的").check()
        page.locator(".card-footer").get_by_role("button", name="采用DMS").click()
        page.get_by_text("已采用DMS：10 条").wait_for()
        page.goto("/exchange/differences/")
        page.locator("tbody tr").first.get_by_role("button", name="采用DMS").click()
        page.get_by_text("已采用DMS：1 条").wait_for()
        page.get_by_label("全选本页").check()
        page.locator(".card-footer").get_by_role("button", name="保留本店").click()
        page.get_by_text("DMS 与本店资料一致").wait_for()

        decided = typed()
        assert DIFFER not in take(page, files)
        assert typed() == decided
        assert page.faults == []
    counts = [Difference.objects.filter(status=s).count() for s in ("theirs_taken", "ours_kept")]
    assert counts == [11, 39]
