"""Ten thousand messages through Aliyun's SDK on its worst day: each at most once (I5).

The stub meets each request in a random mood, receipts come twice, late and in disorder, and the
worker is killed with kill -9 again and again. GATEWAY_MESSAGES sets how many.
"""

import json
import os
import random
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress

import pytest

from tests.faults.house import until
from tests.faults.test_sending import QUEUE
from tests.messaging.aliyun_stub import TAKES, AliyunStub

MESSAGES = int(os.environ.get("GATEWAY_MESSAGES", "10000"))
KILLS = 5
BAD = 0.12  # of the requests
TIMEOUT = 1.0
STATES = "SELECT status, count(*) FROM messaging_message WHERE dedupe_key LIKE 'fault:%' GROUP BY 1"
READY = """
    UPDATE messaging_message
       SET provider_code = 'SMS_1', values = '{"name": "张三丰", "store": "演示店"}'
     WHERE dedupe_key LIKE 'fault:%'"""
# What the clock would do in the next hours, until nothing waits: a second for four minutes, so that
# the stub, which shows after INDEXED seconds what it has taken, keeps within the 15 minutes that
# Aliyun is given for it.
INDEXED = 2
LATER = """
import time
from datetime import timedelta
from django.utils import timezone
from apps.messaging.models import Message
from apps.messaging.sending import send_due
for minutes in range(4, 600, 4):
    send_due(now=timezone.now() + timedelta(minutes=minutes), most=100_000)
    time.sleep(1)
    if not Message.objects.filter(status__in=["queued", "sending", "unknown"]).exists():
        break
"""
WAITING = """
    SELECT 1 FROM messaging_message
     WHERE status = 'queued' AND not_before <= now() OR status = 'sending' LIMIT 1"""
OVERDUE = """
    SELECT count(*) FROM messaging_message
     WHERE status = 'sending' AND sending_at < now() - interval '5 minutes'"""


@pytest.fixture
def stub(house):
    """The stub, and a worker and a web that know it."""
    luck = random.Random(20261125)
    bad = [mood for mood in TAKES if mood not in ("good", "isv.MOBILE_NUMBER_ILLEGAL")]
    lock = threading.Lock()

    def mood_of(_request):
        with lock:
            if luck.random() > BAD:
                return "good"
            return luck.choice([*bad, "isv.MOBILE_NUMBER_ILLEGAL"])

    with AliyunStub(silence=TIMEOUT * 1.5, indexed_after=INDEXED) as stub:
        stub.mood_of, stub.every_day = mood_of, True  # later hours may be another day's
        was = dict(house.env)
        house.env |= stub.settings() | {"SMS_TIMEOUT": str(TIMEOUT)}
        for name in ("worker", "beat"):
            house.kill(name)
        house.start("worker")
        house.start("web")
        yield stub
        house.env = was


def push(house, stub, rows):
    """What Aliyun does: post receipts in batches of a hundred."""
    url = f"http://127.0.0.1:{house.port}/messaging/aliyun/receipts/?token=stub-token"
    for start in range(0, len(rows), 100):
        data = json.dumps(rows[start : start + 100]).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.load(answer)["code"] == 0


def answers(house):
    with suppress(OSError):
        return house.get("/healthz")[0] == 200


def count(house, *statuses):
    states = dict(house.sql(STATES))
    return sum(states.get(status, 0) for status in statuses)


def test_ten_thousand_messages_of_a_bad_day_go_out_at_most_once_each(house, stub):
    house.sql(QUEUE, MESSAGES)
    house.sql(READY)
    assert count(house, "queued") == MESSAGES, "the archive is too small"
    luck = random.Random(5)
    until(lambda: answers(house), 120, "the web answers")

    started = time.monotonic()
    house.ring("messaging.send")
    for kill in range(1, KILLS + 1):
        mark = MESSAGES * kill // (KILLS + 2)
        until(lambda mark=mark: ringing(house, stub, mark), 600, f"{mark} have gone out")
        house.kill("worker")
        push(house, stub, stub.receipts(luck=luck)[: MESSAGES // 20])
        house.start("worker")
    until(lambda: ringing(house, stub, None), 1200, "all have been tried")
    assert house.sql(OVERDUE) == [(0,)]

    house.manage("shell", "-v0", "-c", LATER, seconds=1200)
    push(house, stub, stub.receipts(luck=luck))

    taken, states = stub.counts(), Counter(dict(house.sql(STATES)))
    took = round(time.monotonic() - started)
    print(f"{MESSAGES} messages, {len(taken)} taken, {dict(states)}, {took} s")
    assert max(taken.values()) == 1, "a message went out twice"
    assert set(states) <= {"sent", "failed", "unknown"}
    agrees(house, taken)
    assert house.manage("check_invariants", check=False).returncode == 0


def ringing(house, stub, mark):
    """Ring as the clock would; whether ``mark`` have been taken, or none waits any more."""
    with house.broker() as broker:
        if broker.llen("celery") < 2:
            house.ring("messaging.send")
    time.sleep(0.5)
    if mark is not None:
        return len(stub.log) >= mark
    return not house.sql(WAITING)


def agrees(house, taken):
    """What we say and what the gateway's log says: each that it has is *sent*, and no other."""
    rows = house.sql(
        "SELECT reference::text, status FROM messaging_message WHERE dedupe_key LIKE 'fault:%'"
    )
    said = {reference for reference, status in rows if status == "sent"}
    assert len(rows) == MESSAGES
    assert said == set(taken)
