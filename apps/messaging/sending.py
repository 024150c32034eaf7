"""The sweep that empties the outbox: the only place that talks to the providers.

Each message, or part of a batch, is committed as *sending* before its provider is called,
outside every transaction, and its end is committed after. Whatever dies in between leaves a
row that says so, and that row is asked about, never sent again by guess (I5).
"""

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from apps.messaging import actions, queries
from apps.messaging.backends import Doubt, NotTaken, Rejected, backend_of
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Batch, Message

log = logging.getLogger(__name__)
MOST_AT_ONCE = 100_000  # messages of one pass
ASK_AT_ONCE = 500
PASS_FOR = 50  # seconds, so that a pass has ended before the next tick and long before STALE_AFTER
ASKING_FOR = 15  # seconds of a pass: a slow provider must not keep the rest from going out
# Of a batch as many are taken up as go out in this time: what a kill leaves in doubt, and what
# still goes out after a pause or a refusal, is not more.
LANE_FOR = 0.5  # seconds
LANE_FIRST, LANE_MOST = 20, 500  # messages
LANE_TOO_LONG = 30  # seconds, well before STALE_AFTER: the rest is surely not sent and waits again


class Answer(NamedTuple):
    """What the provider said of one message."""

    status: MessageStatus
    text: str  # its own number of a message that it has taken; else why not


def send_due(*, now: datetime, most: int = MOST_AT_ONCE) -> Counter[str]:
    """Ask about what is in doubt, then send what is due; how many ended in which status.

    What people wait for goes before the batches, and between their parts. Safe at any time,
    twice, and by several workers at once: a row is one worker's.
    """
    started = time.monotonic()
    actions.note_stale(now=now)
    ended = _ask_about_doubts(now, min(most, ASK_AT_ONCE))
    lanes = Lanes()
    while (left := most - ended.total()) > 0 and time.monotonic() - started < PASS_FOR:
        with transaction.atomic(durable=True):  # *sending* must be on disk before the call
            claimed = actions.claim_due(now=now)
        if claimed is not None:
            ended[_send(claimed, now).status] += 1
            continue
        passed = timedelta(seconds=int(time.monotonic() - started))  # quiet hours may begin
        sent = lanes.send_next(now=now, clock=now + passed, most=left)
        if not sent:
            break
        ended += sent
    while time.monotonic() - started < PASS_FOR and actions.mark_called_off():
        pass
    return ended


class Lanes:
    """The batches in turn, for one pass: each time as many messages as go out in half a second."""

    def __init__(self) -> None:
        self.last, self.many = 0, LANE_FIRST
        self.stuck: set[int] = set()  # not tried again in this pass: its gateway is down

    def send_next(self, *, now: datetime, clock: datetime, most: int) -> Counter[str]:
        """Send the next part of the next batch; empty when there is nothing to send."""
        while (batch := self._next(clock)) is not None:
            self.last, started = batch.pk, time.monotonic()
            with transaction.atomic(durable=True):
                claimed = actions.claim_many(batch, most=min(self.many, most), now=now)
            if claimed:
                ended = self._send(batch, claimed, now)
                took = max(time.monotonic() - started, 0.001)
                wanted = int(len(claimed) * LANE_FOR / took)
                self.many = max(1, min(wanted, 2 * self.many, LANE_MOST))
                return ended
            self.stuck.add(batch.pk)  # another worker has all that is left of it
        return Counter()

    def _next(self, clock: datetime) -> Batch | None:
        """The first after the last one, round and round; asked anew each time: one may be paused
        meanwhile."""
        there = [row for row in queries.lanes(clock) if row.pk not in self.stuck]
        return next((row for row in there if row.pk > self.last), there[0] if there else None)

    def _send(self, batch: Batch, claimed: list[Message], now: datetime) -> Counter[str]:
        ended: Counter[str] = Counter()
        sent, until = [], time.monotonic() + LANE_TOO_LONG
        for number, message in enumerate(claimed):
            answer = _call(message)
            if answer.status == MessageStatus.SENT:
                sent.append((message, answer.text))
            else:
                ended[_note(message, answer, now).status] += 1
            if answer.status == MessageStatus.QUEUED or time.monotonic() > until:
                self.stuck.add(batch.pk)
                actions.give_back_many(claimed[number + 1 :], sending=now)
                break
        if sent:
            actions.note_many_sent(sent, sending=now, now=now)
            ended[MessageStatus.SENT] += len(sent)
        return ended


def _send(message: Message, now: datetime) -> Message:
    return _note(message, _call(message), now)


def _call(message: Message) -> Answer:
    """Hand the message to its provider. *Queued*: surely not taken; *unknown*: a doubt."""
    try:
        return Answer(MessageStatus.SENT, backend_of(message.channel).send(message))
    except Rejected as refusal:
        return Answer(MessageStatus.FAILED, str(refusal))
    except NotTaken as failure:
        return Answer(MessageStatus.QUEUED, str(failure))
    except Doubt as doubt:
        log.warning("Message %s is in doubt: %s", message.pk, doubt)
        return Answer(MessageStatus.UNKNOWN, str(doubt))
    except Exception as doubt:
        log.exception("No answer for message %s", message.pk)
        return Answer(MessageStatus.UNKNOWN, f"{type(doubt).__name__}: {doubt}")


def _note(message: Message, answer: Answer, now: datetime) -> Message:
    if answer.status == MessageStatus.SENT:
        return actions.note_sent(message, now=now, provider_id=answer.text)
    if answer.status == MessageStatus.FAILED:
        return actions.note_failed(message, error=answer.text)
    if answer.status == MessageStatus.QUEUED:
        return actions.note_not_taken(message, now=now, error=answer.text)
    return actions.note_unknown(message, error=answer.text)


def _ask_about_doubts(now: datetime, most: int) -> Counter[str]:
    """Ask about each; how many ended in which status."""
    ended: Counter[str] = Counter()
    until = time.monotonic() + ASKING_FOR
    for message in queries.undecided(now)[:most]:
        if time.monotonic() > until:
            break
        ended[_ask(message, now).status] += 1
    return ended


def _ask(message: Message, now: datetime) -> Message:
    """Ask the provider what became of it; where it cannot say, a person must (settle)."""
    taken = None
    try:
        taken = backend_of(message.channel).lookup(message, now=now)
    except Doubt as silence:
        log.warning("Could not ask about message %s: %s", message.pk, silence)
    except Exception:
        log.exception("Could not ask about message %s", message.pk)
    if taken is True:
        return actions.note_sent(message, now=now)
    if taken is False:
        return actions.note_not_taken(message, now=now, error=_("The provider has not got it."))
    return message
