"""Aliyun's real SDK against a stub of its endpoint: whatever goes wrong, never twice (I5)."""

import logging
from datetime import timedelta

import pytest

from apps.messaging import actions, aliyun
from apps.messaging.backends import Doubt, NotTaken, Rejected
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message, MessageTemplate
from apps.messaging.sending import send_due
from tests.factories import NOW, make_customer
from tests.messaging.aliyun_stub import AliyunStub

CODE = "SMS_123456"
MINUTE = timedelta(minutes=1)
PHONE = "13912345678"


@pytest.fixture
def stub(settings, tmp_path):
    with AliyunStub(file=tmp_path / "aliyun.jsonl", clock=lambda: NOW) as stub:
        for name, value in stub.settings().items():
            setattr(settings, name, value)
        settings.SMS_TIMEOUT = 0.3
        yield stub


@pytest.fixture
def message(store, now, stub):
    MessageTemplate.objects.filter(store=store, key="birthday").update(provider_code=CODE)
    customer = make_customer(store, "张三丰", PHONE)
    return actions.queue(customer, key="birthday", dedupe_key="one", values={}, now=now)


def state(message):
    message.refresh_from_db()
    return message.status


def test_a_message_goes_out_by_its_template_with_our_reference(message, stub, now):
    assert send_due(now=now) == {"sent": 1}
    [taken] = stub.log
    assert taken | {"at": 0} == {
        "PhoneNumbers": PHONE,
        "SignName": "演示店",
        "TemplateCode": CODE,
        "TemplateParam": '{"name": "张三丰", "store": "上海演示店", "title": " "}',
        "OutId": str(message.reference),
        "BizId": "000000^0",
        "at": 0,
    }
    assert (state(message), message.provider_id) == (MessageStatus.SENT, "000000^0")


def test_a_text_without_template_code_is_refused_in_words_and_nobody_is_asked(message, stub, now):
    Message.objects.update(provider_code="")
    assert send_due(now=now) == {"failed": 1}
    message.refresh_from_db()
    assert "模板编号" in message.error
    assert stub.log == []


@pytest.mark.parametrize(
    ("mood", "then", "taken"),
    [
        ("slow", "sent", 1),
        ("accept, then silence", "unknown", 1),
        ("500 after accept", "unknown", 1),
        ("reset after accept", "unknown", 1),
        ("nonsense after accept", "unknown", 1),
        ("500", "unknown", 0),
        ("reset", "unknown", 0),
        ("isp.SYSTEM_ERROR", "unknown", 0),
        ("isv.MOBILE_NUMBER_ILLEGAL", "failed", 0),
        ("isv.BUSINESS_LIMIT_CONTROL", "queued", 0),
        ("Throttling.User", "queued", 0),
        ("SignatureDoesNotMatch", "queued", 0),
    ],
)
def test_what_each_fault_leaves_behind(message, stub, now, mood, then, taken):
    stub.moods = [mood]
    assert send_due(now=now) == {then: 1}
    assert len(stub.log) == taken
    message.refresh_from_db()
    assert PHONE not in message.error


@pytest.mark.parametrize(
    "mood", ["accept, then silence", "500 after accept", "reset after accept", "500", "reset"]
)
def test_a_doubt_is_resolved_by_asking_and_each_goes_out_once(message, stub, now, mood):
    stub.moods = [mood]
    send_due(now=now)
    for minutes in range(1, 40):
        send_due(now=now + minutes * MINUTE)
    assert state(message) == MessageStatus.SENT
    assert stub.counts() == {str(message.reference): 1}


def test_what_was_taken_is_found_at_the_next_tick(message, stub, now):
    stub.moods = ["500 after accept"]
    send_due(now=now)
    assert send_due(now=now + MINUTE) == {"sent": 1}


def test_not_found_is_believed_only_when_there_was_time_to_put_it_there(message, stub, now):
    """The other side is late by a quarter of an hour: until then nothing is sent again."""
    stub.moods = ["500"]
    send_due(now=now)
    assert send_due(now=now + 15 * MINUTE - timedelta(seconds=1)) == {"unknown": 1}
    assert send_due(now=now + 15 * MINUTE) == {"queued": 1}
    assert stub.log == []


def test_what_is_indexed_late_is_found_late_and_not_sent_again(message, stub, now):
    stub.moods, stub.indexed_after = ["500 after accept"], 14 * 60
    send_due(now=now)
    stub.clock = lambda: now + 13 * MINUTE
    assert send_due(now=now + 13 * MINUTE) == {"unknown": 1}
    stub.clock = lambda: now + 14 * MINUTE
    assert send_due(now=now + 14 * MINUTE) == {"sent": 1}
    assert stub.counts() == {str(message.reference): 1}


def test_a_provider_that_cannot_be_asked_leaves_it_to_a_person(message, stub, now):
    stub.moods, stub.answers_questions = ["500"], False
    send_due(now=now)
    for minutes in (1, 20, 60):
        assert send_due(now=now + minutes * MINUTE) == {"unknown": 1}
    assert stub.log == []


def test_a_message_around_midnight_is_looked_for_on_both_days(message, stub, now):
    late = now.replace(hour=23, minute=58)
    message.sending_at = late
    stub.clock = lambda: late + 3 * MINUTE  # taken after midnight
    stub.take({"PhoneNumbers": PHONE, "OutId": str(message.reference)})
    assert aliyun.AliyunBackend().lookup(message, now=late + 20 * MINUTE) is True
    assert [request["SendDate"] for request in stub.asked] == ["20261123", "20261124"]


def test_it_is_found_on_a_later_page_too(message, stub, now):
    message.sending_at = now
    for number in range(aliyun.PAGE):
        stub.take({"PhoneNumbers": PHONE, "OutId": f"other {number}"})
    stub.take({"PhoneNumbers": PHONE, "OutId": str(message.reference)})
    assert aliyun.AliyunBackend().lookup(message, now=now) is True


def test_what_is_withheld_is_no_answer(message, stub, now, monkeypatch):
    """More pages than anybody reads: nothing can be said."""
    monkeypatch.setattr(aliyun, "PAGE", 1)
    monkeypatch.setattr(aliyun, "MOST_PAGES", 2)
    message.sending_at = now
    for number in range(3):
        stub.take({"PhoneNumbers": PHONE, "OutId": f"other {number}"})
    assert aliyun.AliyunBackend().lookup(message, now=now + 60 * MINUTE) is None


def test_without_a_connection_it_was_surely_not_taken(message, settings, now):
    settings.ALIYUN_SMS_ENDPOINT = "http://127.0.0.1:9"
    assert send_due(now=now) == {"queued": 1}
    settings.ALIYUN_SMS_ENDPOINT = "http://nowhere.invalid"
    with pytest.raises(NotTaken):
        aliyun.AliyunBackend().send(message)


def test_no_number_and_no_name_gets_into_the_log(message, stub, now, caplog):
    stub.moods = ["500 after accept"]
    with caplog.at_level(logging.INFO):
        send_due(now=now)
    assert f"Message {message.pk} is in doubt" in caplog.text
    assert PHONE not in caplog.text
    assert "张三丰" not in caplog.text


@pytest.mark.parametrize(
    ("code", "status", "means"),
    [
        ("isv.SMS_TEMPLATE_ILLEGAL", None, Rejected),
        ("isv.OUT_OF_SERVICE", None, NotTaken),
        ("InvalidAccessKeyId.NotFound", 404, NotTaken),
        ("Throttling.User", 503, Doubt),
        ("isv.SOMETHING_NEW", None, Doubt),
    ],
)
def test_codes_are_sorted_and_an_unknown_one_is_a_doubt(code, status, means):
    with pytest.raises(means, match="号 … 停"):
        aliyun._raise_by_code(code, f"号 {PHONE} 停", status)
