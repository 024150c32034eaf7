"""A campaign whose worker is killed ten times: each message goes out once, none is lost (I5)."""

from tests.faults.house import until
from tests.faults.test_sending import LATER, sent

MESSAGES, KILLS = 6_000, 10
BATCH = """
    INSERT INTO messaging_batch (store_id, name, total, made_at)
    SELECT store_id, '元旦', %s, now() FROM customers_customer
     GROUP BY store_id ORDER BY count(*) DESC LIMIT 1 RETURNING id"""
QUEUE = """
    INSERT INTO messaging_message (store_id, customer_id, batch_id, channel, purpose, key, "to",
           text, dedupe_key, reference, not_before, queued_at)
    SELECT store_id, id, %s, 'sms', 'service', 'campaign', main_phone, '元旦快乐 ' || id,
           'campaign:1:' || id, gen_random_uuid(), now(), now()
      FROM (SELECT DISTINCT ON (main_phone) * FROM customers_customer
             WHERE NOT refuses_service AND reachable AND merged_into_id IS NULL
               AND store_id = (SELECT store_id FROM messaging_batch WHERE id = %s)
             ORDER BY main_phone, id LIMIT %s) AS people"""
STATUSES = "SELECT status, count(*) FROM messaging_message WHERE batch_id IS NOT NULL GROUP BY 1"
REFERENCES = "SELECT reference::text FROM messaging_message WHERE batch_id IS NOT NULL"


def test_a_campaign_goes_out_once_through_ten_kills(house):
    batch = house.sql(BATCH, MESSAGES)[0][0]
    house.sql(QUEUE, batch, batch, MESSAGES)
    for number in range(KILLS):
        house.mend()
        house.ring("messaging.send")
        before = sum(sent(house).values())
        until(lambda: sum(sent(house).values()) > before + 30, 90, f"it goes on, {number}")  # noqa: B023
        house.kill("worker")
    assert sum(sent(house).values()) < MESSAGES, "it was over before the last kill"

    house.mend()
    for _pass in range(3):  # what was in doubt is asked about later, the rest goes out
        house.manage("shell", "-v0", "-c", LATER)
    log = sent(house)
    assert set(log.values()) == {1}, "a message went out twice"
    assert dict(house.sql(STATUSES)) == {"sent": MESSAGES}
    assert set(log) == {reference for (reference,) in house.sql(REFERENCES)}
    assert house.manage("check_invariants", check=False).returncode == 0
