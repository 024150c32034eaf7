"""E-mail against a real local SMTP server."""

import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller

from apps.messaging import actions
from apps.messaging.choices import Channel, MessageStatus
from apps.messaging.sending import send_due
from tests.factories import make_customer


class Post:
    """An SMTP server that keeps what it gets; ``answers`` overrides what it says to DATA."""

    def __init__(self):
        self.got, self.answer = [], "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250") or self.answer == "hang up":
            self.got.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.answer == "hang up":
            server.transport.close()
            return "250 nobody hears this"
        return self.answer


@pytest.fixture
def post(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "演示店客服 <care@shop.example>"
    yield handler
    server.stop()


def put(store, now, to="owner@example.invalid"):
    return actions.queue(
        make_customer(store, "张三丰", email=to),
        key="maintenance",
        channel=Channel.EMAIL,
        dedupe_key="call-1",
        values={"plate": "沪A12345", "date": "2026年12月18日"},
        now=now,
    )


def test_an_e_mail_arrives_in_chinese_with_our_reference(store, now, post):
    message = put(store, now)
    assert send_due(now=now) == {"sent": 1}
    [mail] = post.got
    assert mail["Message-ID"] == f"<{message.reference}@shop.example>"
    assert (mail["To"], mail["Subject"].strip()) == (
        "owner@example.invalid",
        "上海演示店：您的爱车沪A12345保养提醒",
    )
    assert mail.get_content().splitlines() == message.text.splitlines()
    assert send_due(now=now) == {}
    assert len(post.got) == 1


def test_an_unknown_mailbox_is_a_final_refusal(store, now, post):
    message = put(store, now, "nobody@example.invalid")
    assert send_due(now=now) == {"failed": 1}
    message.refresh_from_db()
    assert "550" in message.error


def test_a_busy_server_is_tried_later(store, now, post):
    put(store, now)
    post.answer = "451 come back later"
    assert send_due(now=now) == {"queued": 1}
    assert post.got == []


def test_a_server_that_hangs_up_after_the_text_leaves_a_doubt(store, now, post):
    message = put(store, now)
    post.answer = "hang up"
    assert send_due(now=now) == {"unknown": 1}
    message.refresh_from_db()
    assert message.status == MessageStatus.UNKNOWN
    assert len(post.got) == 1


def test_no_server_at_all_is_tried_later(store, now, post, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    put(store, now)
    assert send_due(now=now) == {"queued": 1}


def test_the_trial_writes_mail_into_files(store, now, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    message = put(store, now)
    assert send_due(now=now) == {"sent": 1}
    [file] = tmp_path.iterdir()
    assert str(message.reference) in file.read_text()
