"""The sweep that empties the outbox: once each, whatever dies (I5, CARE-06)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from pathlib import Path
from threading import Event

import pytest

from apps.core.errors import Refused
from apps.messaging import actions, backends, tasks
from apps.messaging.choices import Decision, MessageStatus
from apps.messaging.models import Message, MessagePolicy
from apps.messaging.policy import STALE_AFTER
from apps.messaging.sending import send_due
from tests.concurrency import closing
from tests.factories import make_customer
from tests.messaging.gateways import Killed

GATEWAYS = "tests.messaging.gateways."
LATER = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def sms_file(settings, tmp_path):
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    return settings.SMS_FILE


def put(store, now, number=1, **fields):
    customer = fields.pop("customer", None) or make_customer(store)
    fields = {"key": "first_service", "dedupe_key": f"call-{number}", "values": {}} | fields
    return actions.queue(customer, now=now, **fields)


def went_out(file: Path) -> list[str]:
    return [json.loads(line)["reference"] for line in file.read_text().splitlines()]


def status(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_what_is_due_goes_out_once(store, now, sms_file):
    message = put(store, now)
    assert send_due(now=now) == {"sent": 1}
    assert send_due(now=now) == {}
    assert went_out(sms_file) == [str(message.reference)]
    assert (status(message), message.sent_at) == (MessageStatus.SENT, now)


def test_the_gateway_gets_number_and_text(store, now, sms_file):
    message = put(store, now, customer=make_customer(store, phone="13900000005"))
    send_due(now=now)
    assert json.loads(sms_file.read_text()) == {
        "reference": str(message.reference),
        "to": "13900000005",
        "text": message.text,
    }


def test_a_message_waits_for_its_time(store, now, sms_file):
    message = put(store, now, not_before=now + timedelta(minutes=1))
    assert send_due(now=now) == {}
    assert send_due(now=now + timedelta(minutes=1)) == {"sent": 1}
    assert status(message) == MessageStatus.SENT


@pytest.mark.parametrize(
    ("clock", "sent"), [("20:59", 1), ("21:00", 0), ("23:59", 0), ("07:59", 0), ("08:00", 1)]
)
def test_nothing_goes_out_in_the_quiet_hours(store, now, sms_file, clock, sent):
    put(store, now - timedelta(days=1))
    hour, minute = map(int, clock.split(":"))
    assert send_due(now=now.replace(hour=hour, minute=minute))["sent"] == sent


def test_quiet_hours_are_a_stores_own_from_their_day_on(store, other_store, now, sms_file):
    for number, place in enumerate([store, other_store]):
        put(place, now, number)
    row = {"quiet_from": time(9), "quiet_until": time(11)}
    MessagePolicy.objects.create(store=store, effective_from=now.date(), **row)
    MessagePolicy.objects.create(
        store=other_store, effective_from=now.date() + timedelta(days=1), **row
    )
    send_due(now=now)
    assert Message.objects.get(status=MessageStatus.SENT).store == other_store


def test_consent_withdrawn_meanwhile_cancels_the_message(store, now, sms_file):
    message = put(store, now)
    message.customer.refuses_service = True
    message.customer.save()
    assert send_due(now=now) == {}
    assert status(message) == MessageStatus.CANCELLED
    assert not sms_file.exists()


def test_killed_after_the_gateway_took_it_it_is_found_there_and_not_sent_again(
    store, now, sms_file, settings
):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "KilledAfterSending"
    with pytest.raises(Killed):
        send_due(now=now)
    assert status(message) == MessageStatus.SENDING

    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    assert send_due(now=now + STALE_AFTER - timedelta(seconds=1)) == {}  # it may be on its way
    assert status(message) == MessageStatus.SENDING
    assert send_due(now=now + LATER) == {"sent": 1}
    assert send_due(now=now + 2 * LATER) == {}
    assert went_out(sms_file) == [str(message.reference)]
    assert status(message) == MessageStatus.SENT


def test_killed_before_the_gateway_took_it_it_is_sent_later(store, now, sms_file, settings):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "KilledBeforeSending"
    with pytest.raises(Killed):
        send_due(now=now)

    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    assert send_due(now=now + LATER) == {"queued": 1}
    assert send_due(now=now + 2 * LATER) == {"sent": 1}
    assert went_out(sms_file) == [str(message.reference)]


def test_a_time_out_is_unknown_until_the_provider_says(store, now, sms_file, settings):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "TimesOutAfterSending"
    assert send_due(now=now) == {"unknown": 1}
    assert send_due(now=now + LATER) == {"sent": 1}
    assert went_out(sms_file) == [str(message.reference)]
    assert status(message) == MessageStatus.SENT


def test_who_cannot_be_asked_leaves_it_to_a_person(store, now, settings, manager):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "Mute"
    send_due(now=now)
    for minutes in (5, 60, 60 * 48):
        send_due(now=now + timedelta(minutes=minutes))
    assert status(message) == MessageStatus.UNKNOWN

    actions.settle(message, Decision.SENT, by=manager, now=now + LATER)

    assert (status(message), message.sent_at) == (MessageStatus.SENT, now)
    with pytest.raises(Refused, match="已发送"):
        actions.settle(message, Decision.AGAIN, by=manager, now=now + LATER)
    assert status(message) == MessageStatus.SENT


@pytest.mark.parametrize(
    ("decision", "then", "sent"),
    [(Decision.AGAIN, MessageStatus.QUEUED, 1), (Decision.CANCEL, MessageStatus.CANCELLED, 0)],
)
def test_a_person_who_knows_it_was_not_sent_decides(
    store, now, settings, manager, sms_file, decision, then, sent
):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "Mute"
    send_due(now=now)
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"

    actions.settle(message, decision, by=manager, now=now)

    assert status(message) == then
    assert send_due(now=now)["sent"] == sent
    assert sms_file.exists() == bool(sent)


def test_a_gateway_that_is_down_is_tried_again_for_a_day(store, now, settings):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "Down"
    assert send_due(now=now) == {"queued": 1}
    assert send_due(now=now) == {}
    assert send_due(now=now + LATER) == {"queued": 1}
    assert send_due(now=now + timedelta(hours=24)) == {"failed": 1}
    assert (status(message), message.error) == (MessageStatus.FAILED, "connection refused")


def test_a_refusal_of_the_gateway_is_final(store, now, settings):
    message = put(store, now)
    settings.SMS_BACKEND = GATEWAYS + "Strict"
    assert send_due(now=now) == {"failed": 1}
    assert send_due(now=now + LATER) == {}
    assert (status(message), message.error) == (MessageStatus.FAILED, "number on the black list")


def test_a_late_answer_about_an_earlier_sending_changes_nothing(store, now, settings, sms_file):
    put(store, now)
    first = actions.claim_due(now=now)
    actions.note_not_taken(first, now=now, error="")
    second = actions.claim_due(now=now + LATER)

    actions.note_not_taken(first, now=now + LATER, error="late")
    actions.note_failed(first, error="late")

    assert (status(second), second.sending_at) == (MessageStatus.SENDING, now + LATER)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_message_once(store, now, sms_file, monkeypatch):
    """The first sweep stands in the gateway while the second runs to its end."""
    slow, fast = put(store, now, 1), put(store, now, 2)
    inside, go_on = Event(), Event()
    send = backends.FileBackend.send

    def wait_with_the_first(self, message):
        if message == slow:
            inside.set()
            assert go_on.wait(5)
        return send(self, message)

    monkeypatch.setattr(backends.FileBackend, "send", wait_with_the_first)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(closing, send_due, now=now)
        assert inside.wait(5)
        assert send_due(now=now) == {"sent": 1}
        go_on.set()
        assert first.result(5) == {"sent": 1}
    assert sorted(went_out(sms_file)) == sorted([str(slow.reference), str(fast.reference)])


@pytest.mark.django_db(transaction=True)
def test_sending_is_on_disk_before_the_gateway_is_called(store, now, monkeypatch):
    message = put(store, now)
    seen = []

    def look(self, _message):
        with ThreadPoolExecutor(1) as other:
            seen.append(other.submit(closing, Message.objects.get, pk=message.pk).result().status)
        return ""

    monkeypatch.setattr(backends.FileBackend, "send", look)
    send_due(now=now)
    assert seen == [MessageStatus.SENDING]


def test_a_pass_is_bounded(store, now, sms_file):
    for number in range(3):
        put(store, now, number)
    assert send_due(now=now, most=2) == {"sent": 2}
    assert send_due(now=now, most=2) == {"sent": 1}


def test_the_tick_sends(store, sms_file, time_machine, now):
    put(store, now)
    time_machine.move_to(now)
    tasks.send.delay()
    assert len(went_out(sms_file)) == 1


def test_a_torn_last_line_is_no_message_and_is_left_alone(store, now, sms_file):
    message = put(store, now)
    torn = '{"reference": "' + str(message.reference) + '", "to": "139'
    sms_file.write_text(torn)
    gateway = backends.FileBackend()
    assert gateway.lookup(message, now=now) is False
    send_due(now=now)
    assert gateway.lookup(message, now=now) is True
    assert sms_file.read_text().startswith(torn + "\n{")
