"""The ways out of the house. A backend is chosen by its dotted path (SMS_BACKEND).

A backend has ``send(message)``, which returns the provider's own number of it (or nothing) when
the provider has taken the message, and ``lookup(message)``: True when the provider has it, False
when it surely has not, None when it cannot say. ``Rejected`` means never, ``NotTaken`` means
surely not this time; every other exception leaves a doubt, and doubt is never sent again by
guess. ``Message.reference`` is what both sides know a message by.
"""

import fcntl
import json
import logging
import os
import smtplib
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string

from apps.messaging.choices import Channel
from apps.messaging.models import Message

log = logging.getLogger(__name__)


class Rejected(Exception):
    """The provider refuses this message for good."""


class NotTaken(Exception):
    """The provider could not be reached: it surely has not got the message."""


class Doubt(Exception):
    """It may have been taken. Its text has no personal data in it."""


class Backend(Protocol):
    needs_code: bool  # whether it sends only texts with a template code of the provider

    def send(self, message: Message) -> str: ...

    def lookup(self, message: Message, *, now: datetime) -> bool | None: ...


class ConsoleBackend:
    """Says in the log that a message went out; the number is masked there too (SEC-01)."""

    needs_code = False

    def send(self, message: Message) -> str:
        to, long = message.to, len(message.text)
        log.info("SMS %s to %s****%s: %d characters", message.reference, to[:3], to[-4:], long)
        return ""

    def lookup(self, message: Message, *, now: datetime) -> bool | None:
        return None


class FileBackend:
    """One JSON line a message in ``SMS_FILE``: the gateway of trial and tests.

    The line is written whole and flushed to disk before ``send`` returns, and writers take
    turns, so the file always says truly what went out.
    """

    needs_code = False

    def __init__(self) -> None:
        self.path = Path(settings.SMS_FILE)

    def send(self, message: Message) -> str:
        said = {"reference": str(message.reference), "to": message.to, "text": message.text}
        line = json.dumps(said, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            out = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as failure:
            raise NotTaken(str(failure)) from failure
        try:
            fcntl.flock(out, fcntl.LOCK_EX)
            os.write(out, f"{self._end_torn_line(out)}{line}\n".encode())
            os.fsync(out)
        finally:
            os.close(out)
        return ""

    @staticmethod
    def _end_torn_line(out: int) -> str:
        """A line break if a power cut left the last line without one."""
        size = os.fstat(out).st_size
        return "\n" if size and os.pread(out, 1, size - 1) != b"\n" else ""

    def lookup(self, message: Message, *, now: datetime) -> bool | None:
        try:
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                fcntl.flock(lines, fcntl.LOCK_SH)
                start, end = f'{{"reference": "{message.reference}"', "}\n"
                return any(line.startswith(start) and line.endswith(end) for line in lines)
        except FileNotFoundError:
            return False


class EmailBackend:
    """E-mail through Django's own backend (EMAIL_URL); the Message-ID is our reference."""

    needs_code = False

    def send(self, message: Message) -> str:
        sender = settings.DEFAULT_FROM_EMAIL
        domain = sender.rpartition("@")[2].rstrip(">")
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        mail = EmailMessage(
            message.subject,
            message.text,
            sender,
            [message.to],
            connection=connection,
            headers={"Message-ID": f"<{message.reference}@{domain}>"},
        )
        try:
            mail.message()
        except ValueError as bad:  # an address or subject that cannot stand in a header
            raise Rejected(str(bad)) from bad
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as failure:
            raise NotTaken(str(failure)) from failure
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            _raise_by_code(codes[0] if codes else 550, refusal)
        except smtplib.SMTPResponseException as refusal:
            _raise_by_code(refusal.smtp_code, refusal)
        finally:
            connection.close()
        return ""

    def lookup(self, message: Message, *, now: datetime) -> bool | None:
        return None  # SMTP cannot be asked


def _raise_by_code(code: int, refusal: Exception) -> None:
    """5xx is for good; 4xx asks to try later; both mean that it was not taken."""
    raise (Rejected if code >= 500 else NotTaken)(str(refusal)) from refusal


def backend_of(channel: str) -> Backend:
    """The backend for a channel, made anew so that it reads the settings of now."""
    if channel == Channel.EMAIL:
        return EmailBackend()
    backend: Backend = import_string(settings.SMS_BACKEND)()
    return backend
