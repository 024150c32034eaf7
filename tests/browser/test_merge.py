"""One person from two files under two spellings: proposed, merged, undone (CUS-04)."""

from datetime import datetime

import pytest
import time_machine

from apps.care.actions.planning import plan
from apps.care.choices import Result
from apps.care.models import Attempt, Call
from apps.customers.models import Customer
from tests.desk.merging import everything
from tests.exchange.files import DELIVERIES, bring, csv_file, delivery
from tests.factories import NOW, SHANGHAI, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
BORN = f"1985-{TODAY:%m-%d}"
PHONE = "13912345678"


@pytest.fixture
def person(store, specialist, tmp_path):
    """Two deliveries in two files: two spellings, two cars, the same phone, a birthday today."""
    for number, (name, vin, plate) in enumerate(
        [("张伟", "LSGUV84Z6SJ404514", "沪A12345"), ("张玮", "LSGPC52UXPS076816", "沪B67890")]
    ):
        row = delivery(vin, name, PHONE, "2026-09-10", plate, BORN)
        bring(store, csv_file(tmp_path, DELIVERIES, row, name=f"{number}.csv"))
    plan(on=TODAY, now=NOW)
    for call in Call.objects.filter(kind="first_service"):
        Attempt.objects.create(
            store=store,
            call=call,
            at=NOW,
            counted=False,
            result=Result.NO_ANSWER,
            by=specialist,
            note=f"打给{call.customer}",
        )
    return Customer.objects.order_by("pk")


@pytest.mark.parametrize("width", [1440, 390])
def test_proposed_merged_on_one_page_undone_and_as_before(window, store, manager, person, width):
    with time_machine.travel(datetime(2026, 11, 23, 11, tzinfo=SHANGHAI), tick=True):
        page = window(manager, width=width)
        before = _without_looks()
        page.goto("/customers/duplicates/")
        page.get_by_role("link", name="对比").click()
        for text in ("张伟", "张玮", "沪A12345", "沪B67890"):
            assert page.get_by_text(text).first.is_visible()
        page.get_by_role("button", name="合并为一份档案").click()

        page.get_by_text("两份档案已合并为一份").wait_for()
        for text in ("沪A12345", "沪B67890"):
            assert page.get_by_role("link", name=text).first.is_visible()
        page.get_by_text("打给张伟").first.wait_for()
        page.get_by_text("打给张玮").first.wait_for()
        kept = Customer.objects.get()
        assert Call.objects.filter(customer=kept, kind="birthday").open().count() == 1
        assert Call.objects.exclude(customer=kept).count() == 0

        page.get_by_role("button", name="撤销合并").click()
        page.get_by_text("恢复为两份档案").wait_for()
        assert _without_looks() == before
        page.goto("/customers/duplicates/")
        assert page.get_by_role("link", name="对比").count() == 1
    assert page.faults == []


def _without_looks():
    """All rows but who looked, which forms were answered, and sessions."""
    rows = everything()
    return {name: kept for name, kept in rows.items() if not name.startswith(("audit", "accounts"))}
