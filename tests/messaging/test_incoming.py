"""What Aliyun pushes: receipts and replies, twice, late, in disorder and by strangers."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.core.timeline import newest
from apps.customers.actions import record_consent
from apps.messaging import actions, backends, people, policy
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message, Reply
from apps.messaging.sending import send_due
from tests.concurrency import closing
from tests.factories import NOW, make_customer
from tests.messaging.aliyun_stub import receipt
from tests.messaging.pages import make_message, make_reply

RECEIPTS = "/messaging/aliyun/receipts/?token=secret"
REPLIES = "/messaging/aliyun/replies/?token=secret"
PHONE = "13912345678"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def callbacks(settings, time_machine, tmp_path):
    settings.ALIYUN_SMS_CALLBACK_TOKEN = "secret"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


@pytest.fixture
def message(store):
    return make_message(store, customer=make_customer(store, "张三丰", PHONE))


def post(client, url, rows):
    return client.post(url, json.dumps(rows), content_type="application/json")


def of(message, *, delivered=True, after=SECOND, **change):
    taken = {"PhoneNumbers": message.to, "BizId": "7^0", "OutId": str(message.reference), "at": NOW}
    return receipt(taken, delivered=delivered, after=after) | change


def state(message):
    message.refresh_from_db()
    return (message.status, message.receipt_status, message.receipt_error)


# --- receipts ---


def test_a_receipt_is_written_down_and_thanked_for(client, message):
    Message.objects.update(status=MessageStatus.SENT, sent_at=NOW)

    answer = post(client, RECEIPTS, [of(message)])

    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    assert state(message) == ("sent", "delivered", "")
    assert (message.provider_id, message.received_at) == ("7^0", NOW + SECOND)


@pytest.mark.parametrize("status", MessageStatus)
def test_a_receipt_proves_that_it_went_out_whatever_was_thought(client, message, status):
    Message.objects.update(status=status)
    post(client, RECEIPTS, [of(message)])
    assert state(message) == ("sent", "delivered", "")


def test_what_a_receipt_has_shown_is_not_sent_again(client, message, settings):
    """It was queued once more, since nobody knew; then the receipt came."""
    Message.objects.update(status=MessageStatus.QUEUED, sending_at=None)
    post(client, RECEIPTS, [of(message)])
    assert send_due(now=NOW + timedelta(hours=1)) == {}
    assert not settings.SMS_FILE.exists()


def test_a_failure_is_shown_with_its_reason(client, message, specialist):
    post(client, RECEIPTS, [of(message, delivered=False)])
    assert state(message) == ("sent", "undelivered", "MK:0001 用户停机")
    client.force_login(specialist)
    page = client.get("/messaging/messages/?receipt_status=undelivered")
    assertContains(page, "未送达")
    assertContains(page, "MK:0001 用户停机")
    assertNotContains(client.get("/messaging/messages/?receipt_status=delivered"), "张三丰")


@pytest.mark.parametrize(
    ("receipts", "then"),
    [
        ([(True, 1), (True, 1)], ("sent", "delivered", "")),
        ([(True, 2), (False, 1)], ("sent", "delivered", "")),
        ([(True, 1), (False, 2)], ("sent", "delivered", "")),
        ([(False, 2), (True, 1)], ("sent", "delivered", "")),
        ([(False, 1), (False, 1)], ("sent", "undelivered", "MK:0001 用户停机")),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_twice_late_or_in_disorder_ends_the_same(client, message, receipts, then, together):
    rows = [of(message, delivered=good, after=after * SECOND) for good, after in receipts]
    for part in [rows] if together else [[row] for row in rows]:
        post(client, RECEIPTS, part)
    assert state(message) == then


def test_of_two_failures_the_later_one_counts(client, message):
    for minutes, words in ((2, "later"), (1, "earlier")):
        row = of(message, delivered=False, after=minutes * SECOND, err_code=words, err_msg="")
        post(client, RECEIPTS, [row])
    assert state(message) == ("sent", "undelivered", "later")


def test_the_same_receipt_again_writes_nothing(client, message, django_assert_num_queries):
    post(client, RECEIPTS, [of(message)])
    with django_assert_num_queries(3):  # savepoint, look, release
        actions.note_receipts(
            [actions.incoming.Delivery(message.reference, NOW + SECOND, True, "", "7^0")]
        )


def test_a_batch_costs_the_same_however_long(client, store, django_assert_max_num_queries):
    costs = []
    for count in (1, 3):
        rows = [of(make_message(store)) for _ in range(count)]
        with django_assert_max_num_queries(8) as asked:
            post(client, RECEIPTS, rows)
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert Message.objects.filter(receipt_status="delivered").count() == 4


def test_a_receipt_of_nothing_of_ours_is_thanked_for_and_noted(client, message, caplog):
    row = of(message, out_id=str(uuid4()))
    with caplog.at_level(logging.WARNING):
        assert post(client, RECEIPTS, [row]).status_code == 200
    assert "1 receipts are of no message of ours" in caplog.text
    assert PHONE not in caplog.text
    assert state(message) == ("unknown", "", "")


@pytest.mark.parametrize(
    "bad", [{"out_id": "x"}, {"out_id": None}, "text", 7, None, {"success": 1, "out_id": []}]
)
def test_a_row_that_cannot_be_read_does_not_hold_up_the_others(client, message, bad):
    row = of(message) | bad if isinstance(bad, dict) else bad
    assert post(client, RECEIPTS, [row, of(message)]).status_code == 200
    assert state(message) == ("sent", "delivered", "")


def test_words_that_no_database_holds_are_left_out(client, message):
    row = of(message, delivered=False, err_code="a\0b", err_msg="\ud800" + "长" * 400)
    assert post(client, RECEIPTS, [row]).status_code == 200
    assert state(message)[2] == ("ab " + "长" * 400)[:200]


def test_a_time_to_come_is_now(client, message):
    post(client, RECEIPTS, [of(message, report_time="2099-01-01 00:00:00")])
    message.refresh_from_db()
    assert message.received_at == timezone.now()


@pytest.mark.parametrize("url", [RECEIPTS, REPLIES])
@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"\xff", b"[" * 100_000])
def test_what_is_no_array_is_refused(client, db, url, body):
    assert client.post(url, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("url", [RECEIPTS, REPLIES])
def test_too_much_at_once_is_refused(client, db, url):
    body = b"[" + b" " * 2_000_000 + b"]"
    assert client.post(url, body, content_type="application/json").status_code == 413


@pytest.mark.parametrize("name", ["aliyun-receipts", "aliyun-replies"])
@pytest.mark.parametrize("token", ["?token=wrong", "", "?token=", "?token=秘密"])
def test_without_the_token_there_is_nothing_here(client, message, settings, name, token):
    url = reverse(f"messaging:{name}") + token
    assert post(client, url, [of(message)]).status_code == 404
    settings.ALIYUN_SMS_CALLBACK_TOKEN = ""
    assert post(client, url, [of(message)]).status_code == 404
    assert state(message) == ("unknown", "", "")


def test_aliyun_needs_no_csrf_token_and_may_only_post(client, message):
    client.handler.enforce_csrf_checks = True
    assert post(client, RECEIPTS, [of(message)]).status_code == 200
    assert client.get(RECEIPTS).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_receipt_may_come_before_the_sender_says_sent(client, store, monkeypatch):
    """The sender stands in the gateway while the receipt comes in."""
    message = actions.queue(
        make_customer(store), key="birthday", dedupe_key="one", values={}, now=NOW
    )
    inside, go_on = Event(), Event()

    def slow(self, _message):
        inside.set()
        assert go_on.wait(5)
        return "from the sender"

    monkeypatch.setattr(backends.FileBackend, "send", slow)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(closing, send_due, now=NOW)
        assert inside.wait(5)
        assert post(client, RECEIPTS, [of(message)]).status_code == 200
        go_on.set()
        sending.result(5)
    assert state(message) == ("sent", "delivered", "")
    assert message.provider_id == "7^0"


# --- replies ---


def said(text, number=PHONE, sequence="1", at="2026-11-23 10:05:00"):
    return {
        "phone_number": number,
        "content": text,
        "send_time": at,
        "sign_name": "演示店",
        "dest_code": "1234",
        "sequence_id": sequence,
    }


def marketing(customer):
    customer.refresh_from_db()
    return customer.accepts_marketing


@pytest.fixture
def willing(message):
    customer = message.customer
    record_consent(customer, "marketing", "given", "购车合同", by=None, now=NOW)
    return customer


def test_a_reply_is_kept_for_the_customer_it_came_from(client, message):
    assert post(client, REPLIES, [said("明天下午过来")]).json()["code"] == 0
    reply = Reply.objects.get()
    assert (reply.customer, reply.message, reply.text) == (
        message.customer,
        message,
        "明天下午过来",
    )
    assert (reply.refuses, reply.at) == (False, NOW + timedelta(minutes=5))


@pytest.mark.parametrize("number", ["+8613912345678", "8613912345678", " 13912345678"])
def test_a_number_is_known_in_every_way_of_writing_it(client, message, number):
    post(client, REPLIES, [said("好", number=number)])
    assert Reply.objects.get().number == PHONE


def test_the_same_reply_again_is_one(client, willing):
    for _again in range(2):
        post(client, REPLIES, [said("T"), said("T")])
    assert Reply.objects.count() == 1
    assert willing.consents.filter(state="withdrawn").count() == 1


def test_a_reply_without_a_number_of_its_own_is_one_too(client, message):
    for _again in range(2):
        post(client, REPLIES, [said("好", sequence=None)])
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("T", True),
        ("td", True),
        ("Ｔ", True),
        ("R", True),
        ("退订", True),
        (" 退订。谢谢！", True),
        ("请退订", True),
        ("回复R退订", True),
        ("不要再发短信了", True),
        ("拒收", True),
        ("好的", False),
        ("Tuesday", False),
        ("我不退订，我要预约", False),
        ("退", True),
        ("", False),
        ("？", False),
    ],
)
def test_what_counts_as_a_refusal(text, refuses):
    assert policy.refuses(text) is refuses


def test_a_refusal_stops_marketing_at_once_and_says_where_it_was_said(client, willing):
    assert marketing(willing) is True
    post(client, REPLIES, [said("退订")])
    assert marketing(willing) is False
    newest_word = willing.consents.first()
    assert (newest_word.source, newest_word.at, newest_word.by) == (
        "短信回复",
        NOW + timedelta(minutes=5),
        None,
    )
    willing.refresh_from_db()
    assert willing.refuses_service is False


def test_it_holds_for_everybody_in_the_store_with_that_number(client, store, other_store, willing):
    spouse = make_customer(store, "李四娘", PHONE)
    neighbour = make_customer(store, "王五", "13900000001")
    foreign = make_customer(other_store, "他店客户", PHONE)
    for customer in (spouse, neighbour, foreign):
        record_consent(customer, "marketing", "given", "购车合同", by=None, now=NOW)

    post(client, REPLIES, [said("T")])

    assert [marketing(c) for c in (willing, spouse, neighbour, foreign)] == [
        False,
        False,
        True,
        True,
    ]


def test_consent_given_after_the_refusal_was_written_stands(client, willing):
    """The push is late: the customer has said yes since."""
    later = NOW + timedelta(minutes=30)
    record_consent(willing, "marketing", "given", "到店签字", by=None, now=later)
    post(client, REPLIES, [said("T")])
    assert marketing(willing) is True


def test_a_reply_from_nowhere_is_thanked_for_and_not_kept(client, message, caplog):
    with caplog.at_level(logging.WARNING):
        answer = post(client, REPLIES, [said("T", number="13700000000")])
    assert answer.status_code == 200
    assert "nothing was sent to" in caplog.text
    assert "13700000000" not in caplog.text
    assert Reply.objects.count() == 0


def test_a_reply_belongs_to_the_last_message_to_that_number(client, store, other_store, message):
    last = make_message(other_store, customer=make_customer(other_store, "他店客户", PHONE))
    post(client, REPLIES, [said("好")])
    assert Reply.objects.get().message == last


def test_the_list_shows_what_is_to_be_done(client, store, other_store, specialist):
    customer = make_customer(store, "张三丰", PHONE)
    make_reply(store, customer=customer, text="明天来")
    make_reply(other_store, customer=make_customer(other_store, "他店客户"))
    client.force_login(specialist)

    page = client.get("/messaging/replies/")

    assertContains(page, "明天来")
    assertContains(page, "139****5678")
    assertNotContains(page, PHONE)
    assertNotContains(page, "他店客户")


def test_who_is_done_with_a_reply_ticks_it_off_once(client, store, specialist, manager):
    reply = make_reply(store, text="明天来")
    client.force_login(specialist)
    url = reverse("messaging:reply-done", args=[reply.pk])

    for _double_click in range(2):
        assertRedirects(client.post(url, {"form_token": uuid4()}), "/messaging/replies/")

    actions.finish_reply(reply, by=manager, now=NOW + timedelta(days=1))
    reply.refresh_from_db()
    assert (reply.done_by, reply.done_at) == (specialist, timezone.now())
    assertNotContains(client.get("/messaging/replies/"), "明天来")
    assertContains(client.get("/messaging/replies/?show=all"), "明天来")


def test_refusals_can_be_looked_at_alone(client, store, specialist):
    make_reply(store, text="明天来")
    make_reply(store, customer=make_customer(store), text="TD", refuses=True)
    client.force_login(specialist)
    page = client.get("/messaging/replies/?show=refusals")
    assertContains(page, "TD")
    assertNotContains(page, "明天来")


def test_the_list_of_replies_costs_the_same_however_long(
    client, store, specialist, django_assert_max_num_queries
):
    client.force_login(specialist)
    client.get("/messaging/replies/")
    costs = []
    for rows in (1, 3):
        while Reply.objects.count() < rows:
            make_reply(store, customer=make_customer(store), text="明天来")
        with django_assert_max_num_queries(12) as asked:
            assertContains(client.get("/messaging/replies/"), "明天来", count=rows)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_time_line_has_replies_and_what_became_of_messages(store, now):
    customer = make_customer(store, "张三丰", PHONE)
    make_reply(store, customer=customer, text="TD", refuses=True)
    Message.objects.update(receipt_status="delivered", received_at=now, sent_at=now)

    lines = newest(people.timeline(customer), limit=10)

    assert [(line.title, line.detail[:2]) for line in lines] == [
        ("短信退订", "TD"),
        ("短信 · 生日祝福 · 已送达", "【上"),
    ]


# --- five minutes ---


@pytest.mark.parametrize("killed_after", range(0, 60, 7))
def test_a_doubt_is_before_a_person_within_five_minutes(store, message, killed_after):
    """Killed at any second of a minute; ticks come once a minute and a pass takes 45 s."""
    sent_at = NOW + timedelta(seconds=killed_after)
    Message.objects.update(status=MessageStatus.SENDING, sending_at=sent_at)
    tick = NOW
    while Message.objects.filter(status=MessageStatus.SENDING).exists():
        tick += timedelta(minutes=1)
        send_due(now=tick)
    message.refresh_from_db()
    shown = tick + timedelta(seconds=45)
    assert shown - sent_at <= timedelta(minutes=5)
    assert tick - sent_at >= policy.STALE_AFTER


def test_one_silent_provider_does_not_hide_what_was_broken_off(store, message, monkeypatch):
    """The answers about others take all the time there is: it is shown all the same."""
    monkeypatch.setattr("apps.messaging.sending.ASKING_FOR", -1)
    Message.objects.update(status=MessageStatus.SENDING, sending_at=NOW)
    send_due(now=NOW + policy.STALE_AFTER)
    message.refresh_from_db()
    assert message.status == MessageStatus.UNKNOWN
    assert message.error != ""
