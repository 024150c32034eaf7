"""The files of a DMS through the page, by the care manager, and the calls they lead to."""

from datetime import datetime

import pytest
import time_machine
from django.core.management import call_command

from apps.customers.models import Customer, MileageReading, Vehicle
from apps.service.models import RepairOrder
from tests.exchange.expected import EXPECTED, calls_of
from tests.exchange.files import SAMPLE
from tests.factories import SHANGHAI, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = (Customer, Vehicle, MileageReading, RepairOrder)


def bring(page):
    """Upload → columns → preview; the totals that the preview shows."""
    page.goto("/exchange/imports/")
    page.get_by_role("link", name="新建导入").first.click()
    page.set_input_files("input[name=uploads]", SAMPLE)
    page.get_by_role("button", name="上传").click()
    assert page.locator(".import-file").count() == len(SAMPLE)
    page.get_by_role("button", name="检查并预览").click()
    page.get_by_text("导入预览").wait_for()
    return totals(page)


def totals(page):
    """New, changed, unchanged, refused, passed over: all files together."""
    return [int(number) for number in page.locator("tfoot td.num").all_inner_texts()]


def take(page):
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("导入结果").wait_for()
    return totals(page)


def facts():
    return [sorted(model.objects.values_list(), key=str) for model in FACTS]


def test_the_sample_files_go_through_the_page_and_give_the_expected_calls(window, store, manager):
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI), tick=True):
        page = window(manager)
        page.set_default_timeout(60_000)

        assert bring(page) == [1091, 0, 0, 0, 5]
        assert not Vehicle.objects.exists()
        assert take(page) == [1091, 0, 0, 0, 5]
        call_command("plan_calls", on=str(TODAY), verbosity=0, json=True)
        assert calls_of(store) == EXPECTED

        before = facts()
        assert bring(page) == [0, 0, 1091, 0, 5]
        assert take(page) == [0, 0, 1091, 0, 5]
        assert facts() == before
        call_command("plan_calls", on=str(TODAY), json=True)
        assert calls_of(store) == EXPECTED
    assert page.faults == []
