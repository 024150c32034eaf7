"""The sweep that empties the outbox: the only place that talks to the providers.

Each message is committed as *sending* before its provider is called, outside every
transaction, and its end is committed after. Whatever dies in between leaves a row that says
so, and that row is asked about, never sent again by guess (I5).
"""

import logging
import time
from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.messaging import actions, queries
from apps.messaging.backends import Doubt, NotTaken, Rejected, backend_of
from apps.messaging.models import Message

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500  # messages of one pass
PASS_FOR = 45  # seconds, so that a pass has ended before the next tick and long before STALE_AFTER
ASKING_FOR = 15  # seconds of a pass: a slow provider must not keep the rest from going out


def send_due(*, now: datetime, most: int = MOST_AT_ONCE) -> Counter[str]:
    """Ask about what is in doubt, then send what is due; how many ended in which status.

    Safe at any time, twice, and by several workers at once: a row is one worker's.
    """
    until = time.monotonic() + PASS_FOR
    actions.note_stale(now=now)
    ended = _ask_about_doubts(now, most)
    for _number in range(most):
        if time.monotonic() > until:
            break
        with transaction.atomic(durable=True):  # *sending* must be on disk before the call
            claimed = actions.claim_due(now=now)
        if claimed is None:
            break
        ended[_send(claimed, now).status] += 1
    return ended


def _send(message: Message, now: datetime) -> Message:
    try:
        provider_id = backend_of(message.channel).send(message)
    except Rejected as refusal:
        return actions.note_failed(message, error=str(refusal))
    except NotTaken as failure:
        return actions.note_not_taken(message, now=now, error=str(failure))
    except Doubt as doubt:
        log.warning("Message %s is in doubt: %s", message.pk, doubt)
        return actions.note_unknown(message, error=str(doubt))
    except Exception as doubt:
        log.exception("No answer for message %s", message.pk)
        return actions.note_unknown(message, error=f"{type(doubt).__name__}: {doubt}")
    return actions.note_sent(message, now=now, provider_id=provider_id)


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
