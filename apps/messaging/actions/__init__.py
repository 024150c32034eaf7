"""Everything that changes the outbox and what comes back. What calls the providers: ``sending``."""

from apps.messaging.actions.batches import (
    call_off_batch,
    claim_many,
    give_back_many,
    mark_called_off,
    note_many_sent,
    pause_batch,
    queue_batch,
    resume_batch,
)
from apps.messaging.actions.incoming import finish_reply, note_receipts, note_reply
from apps.messaging.actions.many import Note, queue_many, take_back
from apps.messaging.actions.outbox import (
    add_defaults,
    add_template,
    claim_due,
    note_failed,
    note_not_taken,
    note_sent,
    note_stale,
    note_unknown,
    queue,
    set_quiet_hours,
    settle,
)

__all__ = [
    "Note",
    "add_defaults",
    "add_template",
    "call_off_batch",
    "claim_due",
    "claim_many",
    "finish_reply",
    "give_back_many",
    "mark_called_off",
    "note_failed",
    "note_many_sent",
    "note_not_taken",
    "note_receipts",
    "note_reply",
    "note_sent",
    "note_stale",
    "note_unknown",
    "pause_batch",
    "queue",
    "queue_batch",
    "queue_many",
    "resume_batch",
    "set_quiet_hours",
    "settle",
    "take_back",
]
