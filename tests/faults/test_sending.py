"""Whatever is killed while messages go out, each goes out once (I5)."""

import json
from collections import Counter

import pytest

from tests.faults.house import until

MESSAGES = 600
QUEUE = """
    INSERT INTO messaging_message (store_id, customer_id, channel, purpose, key, "to", text,
           dedupe_key, reference, not_before, queued_at)
    SELECT store_id, id, 'sms', 'service', 'first_service', main_phone, '保养提醒 ' || id,
           'fault:' || id, gen_random_uuid(), now(), now()
      FROM customers_customer WHERE NOT refuses_service AND reachable ORDER BY id LIMIT %s"""
OURS = "SELECT reference::text, status FROM messaging_message WHERE dedupe_key LIKE 'fault:%'"
WAITING = "SELECT count(*) FROM messaging_message WHERE status = 'queued'"
LATER = """
from datetime import timedelta
from django.utils import timezone
from apps.messaging.sending import send_due
for minutes in (10, 20, 30):
    send_due(now=timezone.now() + timedelta(minutes=minutes))
"""


def sent(house):
    """The references in the gateway's own log, as often as they stand there."""
    file = house.var / "sms.jsonl"
    if not file.exists():
        return Counter()
    whole = [line for line in file.read_text().split("\n") if line.endswith("}")]
    return Counter(json.loads(line)["reference"] for line in whole)


@pytest.mark.parametrize("victim", ["worker", "beat", "postgres", "redis", "flushall"])
def test_every_message_goes_out_exactly_once_after(victim, house):
    house.sql(QUEUE, MESSAGES)
    house.ring("messaging.send")
    until(lambda: len(sent(house)) > 40, 60, "some have gone out")

    house.kill(victim)

    assert len(sent(house)) < MESSAGES, "it was over before the kill"
    house.mend()
    house.ring("messaging.send")
    until(
        lambda: house.sql("SELECT count(*) = 0 FROM messaging_message WHERE status = 'queued'")[0][
            0
        ],
        120,
        "the worker sends the rest",
    )
    house.manage("shell", "-v0", "-c", LATER)  # what was in doubt is asked about later
    log = sent(house)
    assert set(log.values()) == {1}, "a message went out twice"
    rows = house.sql(OURS)  # a tick of the clock may have queued others
    assert len(rows) == MESSAGES
    assert {status for _, status in rows} == {"sent"}
    assert {reference for reference, _ in rows} <= set(log)
    assert house.manage("check_invariants", check=False).returncode == 0
