"""A campaign to 5,000: counted, approved, watched, paused, its worker killed (issue 6).

One person refuses by SMS in between, through the gateway's callback, and gets none.
"""

import json
import os
import re
import signal
import time
from collections import Counter
from datetime import time as clock
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from apps.care.models import Campaign
from apps.customers.models import ContactNumber, Customer
from apps.messaging.models import Message, MessagePolicy
from tests.messaging import sender

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 5_001
TEXT = "【{store}】{name}：元旦快乐！回复R退订"
PATIENCE = 240  # seconds: the machine may be busy


@pytest.fixture
def people(store, other_store):
    """5,001 who agreed, and one who did not; no quiet hours, whatever the clock says."""
    MessagePolicy.objects.filter(store=store).update(quiet_from=clock(0), quiet_until=clock(0))
    wanted = [
        *((store, 13800000000 + n, True) for n in range(PEOPLE)),
        (store, 13900000001, False),
        (other_store, 13900000002, True),
    ]
    rows = Customer.objects.bulk_create(
        Customer(
            store=place,
            name=f"演示{number}",
            main_phone=str(number),
            reachable=True,
            accepts_marketing=agrees,
        )
        for place, number, agrees in wanted
    )
    ContactNumber.objects.bulk_create(
        ContactNumber(store=row.store, customer=row, number=row.main_phone, kind="mobile")
        for row in rows
    )


@pytest.fixture
def file(settings, tmp_path):
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    settings.ALIYUN_SMS_CALLBACK_TOKEN = "secret"
    return settings.SMS_FILE


@pytest.fixture
def work(file):
    """Start a worker; what still runs at the end is ended by its id."""
    running = []

    def begin(minutes=0):
        running.append(sender.started(connection.settings_dict["NAME"], file, minutes))
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(10)


def lines(file):
    return file.read_bytes().count(b"\n") if file.exists() else 0


def until(condition, what):
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, f"never: {what}"
        time.sleep(0.05)


def waits(minutes):
    """What is being sent, in doubt, or may be sent by a clock so far ahead."""
    then = timezone.now() + timedelta(minutes=minutes)
    due = Q(status="queued", not_before__lte=then)
    return Message.objects.filter(due | Q(status__in=["sending", "unknown"])).exists()


def write(page):
    """The specialist writes it, sees how many would get it, and submits it."""
    page.goto("/care/campaigns/new/")
    page.get_by_label("名称").fill("元旦问候")
    page.locator("#id_text").fill(TEXT)
    expect(page.locator("#people-count")).to_have_text("5,001", timeout=30_000)
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审批").click()
    page.get_by_text("已提交审批").wait_for()
    return page.faults


def refuse(number):
    """What Aliyun pushes when somebody answers R."""
    body = [{"phone_number": number, "content": "R", "send_time": "2026-01-01 10:00:00"}]
    url = "/messaging/aliyun/replies/?token=secret"
    answer = Client().post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200


def test_five_thousand_get_it_once_and_who_refuses_in_between_gets_none(
    window, store, people, specialist, manager, file, work
):
    faults = write(window(specialist))
    page = window(manager)
    page.set_default_timeout(60_000)
    row = Campaign.objects.get()
    page.goto(f"/care/campaigns/{row.pk}/")
    page.get_by_role("button", name="批准").click()
    page.get_by_text("已批准，到日自动发送").wait_for()
    first = work()
    until(lambda: lines(file) > 200, "some have gone out")

    page.goto(f"/care/campaigns/{row.pk}/")
    shown = int(page.locator("#progress .figure").inner_text().replace(",", ""))
    expect(page.locator("#progress .figure")).not_to_have_text(f"{shown:,}", timeout=20_000)
    page.get_by_role("button", name="暂停").click()
    page.get_by_role("button", name="继续").wait_for()
    until(lambda: not Message.objects.filter(status="sending").exists(), "the part is through")
    stood = lines(file)
    time.sleep(1)
    assert lines(file) == stood < PEOPLE - 1, "paused it goes on"

    last = Message.objects.filter(status="queued").latest("pk")
    refuse(last.to)
    page.get_by_role("button", name="继续").click()
    until(lambda: lines(file) > stood + 200, "it goes on")
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert lines(file) < PEOPLE - 1, "it was over before the kill"
    work(minutes=10)  # what was in doubt is asked about
    page.goto(f"/care/campaigns/{row.pk}/")
    until(lambda: not waits(minutes=10), "what may go out has gone out")
    work(minutes=20)  # and what the gateway had not got is sent again

    expect(page.locator("#progress .figure")).to_have_text("5,001", timeout=PATIENCE * 1000)
    expect(page.locator("#progress")).to_contain_text(re.compile(r"已发送\s*5,000"))
    until(lambda: Campaign.objects.get().status == "finished", "it is finished")
    assert page.faults + faults == []

    sent = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(sent) == PEOPLE - 1
    assert set(Counter(line["to"] for line in sent).values()) == {1}
    ours = Message.objects.exclude(pk=last.pk)
    assert {line["reference"] for line in sent} == {
        str(reference) for reference in ours.values_list("reference", flat=True)
    }
    assert last.to not in {line["to"] for line in sent}
    last.refresh_from_db()
    assert last.status == "cancelled"
    assert not last.customer.accepts_marketing
