"""Batches are lanes of their own: many at once, paused, called off, once each (CARE-06, I5)."""

import json
from datetime import timedelta

import pytest

from apps.care.actions import campaign_sending
from apps.care.queries.audience import audience, once_a_number
from apps.core.errors import Refused
from apps.customers.choices import Purpose
from apps.messaging import actions, queries, sending
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Batch, Message
from apps.messaging.policy import STALE_AFTER
from apps.messaging.sending import send_due
from tests.factories import NOW, TODAY, make_customer, make_vehicle
from tests.messaging.gateways import Killed

pytestmark = pytest.mark.django_db
GATEWAYS = "tests.messaging.gateways."
TEXT = "【{store}】{name}{title}：您的{model}{plate}…{回复}R退订".replace("{回复}", "回复")
LATER = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def sms_file(settings, tmp_path):
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    return settings.SMS_FILE


def willing(store, name="张伟", **fields):
    return make_customer(store, name, accepts_marketing=True, **fields)


def fill(store, text=TEXT, *, about="campaign:1", batch=None):
    batch = batch or Batch.objects.create(store=store, name="元旦", made_at=NOW)
    actions.queue_batch(
        batch,
        once_a_number(audience([store.pk], {}, on=TODAY)),
        text,
        purpose=Purpose.MARKETING,
        about=about,
        now=NOW,
        known=campaign_sending.known_of_cars({}, NOW),
    )
    batch.refresh_from_db()
    return batch


def went_out(file):
    return (
        [json.loads(line)["to"] for line in file.read_text().splitlines()] if file.exists() else []
    )


def statuses(batch):
    return queries.counts_of(batch)


def test_each_message_is_filled_for_its_customer(store, other_store):
    willing(other_store, "陌生")
    make_customer(store, "未同意")
    man = willing(store, "张{plate}", phone="13900000001", gender="male")
    make_vehicle(store, man, model="旧车", plate="沪A11111", delivered_on=TODAY - timedelta(days=9))
    make_vehicle(store, man, model="英朗", plate="沪A22222", delivered_on=TODAY)
    willing(store, "李公司", phone="13900000002", gender="male", kind="company")

    batch = fill(store)

    rows = Message.objects.order_by("to")
    assert [(row.to, row.text) for row in rows] == [
        ("13900000001", "【上海演示店】张{plate}先生：您的英朗沪A22222…回复R退订"),
        ("13900000002", "【上海演示店】李公司：您的…回复R退订"),
    ]
    first = rows[0]
    assert first.values == {
        "store": "上海演示店",
        "name": "张{plate}",
        "title": "先生",
        "model": "英朗",
        "plate": "沪A22222",
    }
    assert (first.store, first.customer, first.batch) == (store, man, batch)
    assert (first.status, first.key, first.purpose) == ("queued", "campaign", "marketing")
    assert (first.not_before, first.queued_at) == (NOW, NOW)
    assert first.dedupe_key == f"campaign:1:{man.pk}"
    assert batch.total == 2


def test_the_same_again_writes_nothing(store):
    willing(store, phone="13900000001")
    willing(store, phone="13900000001")
    batch = fill(store)
    assert batch.total == 1

    assert fill(store, batch=batch).total == 1, "the customer has it"
    assert fill(store, batch=batch, about="campaign:2").total == 1, "the number has it"
    assert Message.objects.count() == 1


def test_a_text_that_may_not_go_out_writes_nothing(store):
    willing(store)
    with pytest.raises(Refused, match="退订"):
        fill(store, "{name}：元旦快乐！")
    assert not Message.objects.exists()


def test_a_batch_goes_out_once(store, sms_file):
    for _number in range(50):
        willing(store)
    batch = fill(store)

    assert send_due(now=NOW) == {"sent": 50}
    assert send_due(now=NOW) == {}

    assert len(set(went_out(sms_file))) == len(went_out(sms_file)) == 50
    assert statuses(batch) == {"sent": 50}
    assert set(batch.messages.values_list("sent_at", flat=True)) == {NOW}


def test_service_goes_before_the_batches(store, sms_file):
    willing(store, phone="13900000001")
    fill(store)
    actions.queue(
        make_customer(store, phone="13900000002"),
        key="first_service",
        dedupe_key="call-1",
        values={},
        now=NOW,
    )
    send_due(now=NOW)
    assert went_out(sms_file) == ["13900000002", "13900000001"]


def test_batches_take_turns(store, other_store, sms_file, monkeypatch):
    monkeypatch.setattr(sending, "LANE_FIRST", 1)
    monkeypatch.setattr(sending, "LANE_MOST", 1)
    for number in range(3):
        willing(store, phone=f"1390000000{number}")
        willing(other_store, phone=f"1380000000{number}")
    fill(store)
    fill(other_store)
    send_due(now=NOW)
    assert [number[:3] for number in went_out(sms_file)] == ["139", "138"] * 3


@pytest.mark.parametrize("people", [1, 3])
def test_a_part_of_a_batch_takes_as_many_queries_however_many_it_has(
    store, django_assert_num_queries, people
):
    for _number in range(people):
        willing(store)
    batch = fill(store)
    with django_assert_num_queries(8):  # its own transaction, action, claim and note
        claimed = actions.claim_many(batch, most=10, now=NOW)
        actions.note_many_sent([(row, "") for row in claimed], sending=NOW, now=NOW)
    assert statuses(batch) == {"sent": people}


def test_a_paused_batch_is_not_visited_and_goes_on_where_it_was(store, sms_file):
    for _number in range(4):
        willing(store)
    batch = fill(store)
    send_due(now=NOW, most=1)
    actions.pause_batch(batch, now=NOW)

    assert send_due(now=NOW) == {}
    assert statuses(batch) == {"sent": 1, "queued": 3}

    actions.resume_batch(batch)
    assert send_due(now=NOW) == {"sent": 3}
    assert len(set(went_out(sms_file))) == 4


def test_paused_between_two_parts_nothing_more_is_taken(store):
    willing(store)
    batch = fill(store)  # read before the pause
    actions.pause_batch(batch, now=NOW)
    assert actions.claim_many(batch, most=10, now=NOW) == []
    assert statuses(batch) == {"queued": 1}


def test_called_off_what_waits_is_marked_in_parts(store, other_store, sms_file, monkeypatch):
    monkeypatch.setattr("apps.messaging.actions.batches.CALL_OFF_AT_ONCE", 2)
    for _number in range(5):
        willing(store)
    willing(other_store)
    batch, other = fill(store), fill(other_store)
    actions.pause_batch(other, now=NOW)
    actions.call_off_batch(batch, now=NOW)

    assert send_due(now=NOW) == {}

    assert not sms_file.exists()
    assert statuses(batch) == {"cancelled": 5}
    assert statuses(other) == {"queued": 1}


def test_who_refuses_meanwhile_gets_nothing(store, sms_file):
    people = [willing(store) for _number in range(3)]
    batch = fill(store)
    people[1].accepts_marketing = False
    people[1].save()

    assert send_due(now=NOW) == {"sent": 2}

    assert people[1].main_phone not in went_out(sms_file)
    assert statuses(batch) == {"sent": 2, "cancelled": 1}
    assert batch.messages.get(status="cancelled").customer == people[1]


def test_all_refused_the_next_lane_is_sent(store, other_store, sms_file):
    one = willing(store)
    willing(other_store)
    fill(store)
    fill(other_store)
    one.accepts_marketing = False
    one.save()
    assert send_due(now=NOW) == {"sent": 1}


@pytest.mark.parametrize(
    ("clock", "sent"), [("20:59", 1), ("21:00", 0), ("07:59", 0), ("08:00", 1)]
)
def test_nothing_of_a_batch_goes_out_in_the_quiet_hours(store, clock, sent):
    willing(store)
    batch = fill(store)
    Message.objects.update(not_before=NOW - timedelta(days=1))
    hour, minute = map(int, clock.split(":"))
    send_due(now=NOW.replace(hour=hour, minute=minute))
    assert statuses(batch).get("sent", 0) == sent


@pytest.mark.parametrize(
    ("gateway", "again"),
    [("KilledAfterSending", {"sent": 3}), ("KilledBeforeSending", {"queued": 3})],
)
def test_killed_in_the_midst_of_a_part_each_goes_out_once(
    store, sms_file, settings, gateway, again
):
    for _number in range(3):
        willing(store)
    batch = fill(store)
    settings.SMS_BACKEND = GATEWAYS + gateway
    with pytest.raises(Killed):
        send_due(now=NOW)
    assert statuses(batch) == {"sending": 3}

    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    assert send_due(now=NOW + STALE_AFTER - timedelta(seconds=1)) == {}
    for minutes in (5, 12):
        send_due(now=NOW + timedelta(minutes=minutes))
    assert statuses(batch) == {"sent": 3}
    assert len(went_out(sms_file)) == len(set(went_out(sms_file))) == 3


def test_when_the_gateway_is_down_one_is_tried_and_the_rest_waits(store, settings, sms_file):
    for _number in range(3):
        willing(store)
    batch = fill(store)
    settings.SMS_BACKEND = GATEWAYS + "Down"
    assert send_due(now=NOW) == {"queued": 1}
    assert statuses(batch) == {"queued": 3}

    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    assert send_due(now=NOW) == {"sent": 2}
    assert send_due(now=NOW + LATER) == {"sent": 1}


def test_a_slow_provider_gets_no_more_than_it_can_take_in_time(store, monkeypatch, sms_file):
    """What would be asked about before it was sent is given back unsent."""
    monkeypatch.setattr(sending, "LANE_TOO_LONG", -1)
    for _number in range(3):
        willing(store)
    batch = fill(store)
    assert send_due(now=NOW) == {"sent": 1}
    assert statuses(batch) == {"sent": 1, "queued": 2}


def test_a_refusal_of_the_gateway_is_noted_of_that_message_alone(store, settings):
    willing(store)
    batch = fill(store)
    settings.SMS_BACKEND = GATEWAYS + "Strict"
    assert send_due(now=NOW) == {"failed": 1}
    assert statuses(batch) == {"failed": 1}


def test_a_late_answer_about_an_earlier_sending_changes_nothing(store):
    willing(store)
    batch = fill(store)
    first = actions.claim_many(batch, most=1, now=NOW)
    actions.give_back_many(first, sending=NOW)
    second = actions.claim_many(batch, most=1, now=NOW + LATER)

    assert actions.note_many_sent([(first[0], "late")], sending=NOW, now=NOW + LATER) == 0
    assert actions.give_back_many(first, sending=NOW) == 0

    row = Message.objects.get()
    assert (row.status, row.sending_at) == (MessageStatus.SENDING, NOW + LATER)
    assert actions.note_many_sent([(second[0], "7")], sending=NOW + LATER, now=NOW + LATER) == 1
    row.refresh_from_db()
    assert (row.status, row.provider_id) == (MessageStatus.SENT, "7")
