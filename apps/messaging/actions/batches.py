"""Many messages of one text: written in one statement, taken up and noted many at once.

A batch is a lane of its own (CARE-06): to pause it, or to call it off, is one row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import connection
from django.db.models import CharField, DateTimeField, F, IntegerField, JSONField, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _

from apps.core.actions import action
from apps.core.rows import insert_from
from apps.customers.choices import Purpose
from apps.customers.models import Customer
from apps.messaging import policy, queries
from apps.messaging.actions.outbox import allowed
from apps.messaging.choices import Channel, MessageStatus, TemplateKey
from apps.messaging.filling import fill_in_sql, words_in_sql
from apps.messaging.models import Batch, Message

CALL_OFF_AT_ONCE = 5_000


@action
def queue_batch(
    batch: Batch,
    people: QuerySet[Customer],
    text: str,
    *,
    purpose: Purpose,
    about: str,
    now: datetime,
    known: Mapping[str, Any] | None = None,
    provider_code: str = "",
) -> int:
    """An SMS to each of ``people`` in the lane ``batch``, in one statement; how many.

    ``people`` are annotated with ``to`` and let themselves be written to. ``known``: placeholder
    → expression over a customer, beside name, title and store. The same again writes nothing:
    ``about`` and the customer are the key, and a number gets one (I5). Refused like
    ``policy.check_text``.
    """
    policy.check_text(text, purpose)
    words = words_in_sql(text, known or {})
    columns = {
        "customer": F("pk"),
        "batch": Value(batch.pk, output_field=IntegerField()),
        "channel": Value(Channel.SMS.value),
        "purpose": Value(purpose.value),
        "key": Value(TemplateKey.CAMPAIGN.value),
        "text": fill_in_sql(text, words),
        "values": JSONObject(**words) if words else Value({}, JSONField()),
        "provider_code": Value(provider_code),
        "dedupe_key": Concat(Value(f"{about}:"), Cast("pk", CharField())),
        "reference": RandomUUID(),
        "not_before": Value(now, output_field=DateTimeField()),
        "queued_at": Value(now, output_field=DateTimeField()),
    }
    found: Any = people
    new = insert_from(found.values("store", "to", **columns), Message)
    Batch.objects.filter(pk=batch.pk).update(total=F("total") + new)
    return new


@action
def pause_batch(batch: Batch, *, now: datetime) -> None:
    """Nothing of it is taken up any more; what is being sent right now goes out."""
    Batch.objects.filter(pk=batch.pk, paused_at=None).update(paused_at=now)


@action
def resume_batch(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(paused_at=None)


@action
def call_off_batch(batch: Batch, *, now: datetime) -> None:
    """Nothing of it is taken up ever again. What waits is marked by ``mark_called_off``."""
    Batch.objects.filter(pk=batch.pk, cancelled_at=None).update(cancelled_at=now)


@action
def mark_called_off() -> int:
    """Some thousands of the messages that wait in batches called off: *cancelled*."""
    waiting = Message.objects.filter(
        batch__in=queries.called_off_batches(), status=MessageStatus.QUEUED
    )
    some = waiting.order_by("pk").values("pk")[:CALL_OFF_AT_ONCE]
    return waiting.filter(pk__in=some).update(
        status=MessageStatus.CANCELLED, error=_("The campaign was called off.")
    )


@action
def claim_many(batch: Batch, *, most: int, now: datetime) -> list[Message]:
    """Take the next messages of a lane and mark them *sending*; none when none may go.

    As ``claim_due``: what another worker has locked is passed over, who withdrew consent
    meanwhile gets nothing (SEC-02), and a lane that was paused or called off gives nothing.
    """
    rows = queries.of_lane(batch, now).select_related("customer")
    while found := list(rows.select_for_update(skip_locked=True, of=("self",))[:most]):
        refused = [row.pk for row in found if not allowed(row.customer, row.purpose)]
        going = [row for row in found if row.pk not in set(refused)]
        if refused:
            Message.objects.filter(pk__in=refused).update(
                status=MessageStatus.CANCELLED,
                error=_("The customer refuses messages of this purpose."),
            )
        if going:
            Message.objects.filter(pk__in=[row.pk for row in going]).update(
                status=MessageStatus.SENDING, sending_at=now
            )
            for row in going:
                row.status, row.sending_at = MessageStatus.SENDING, now
            return going
    return []


NOTE_SENT = """
    UPDATE messaging_message AS row SET status = 'sent', sent_at = %(now)s, error = '',
           provider_id = coalesce(nullif(said.provider_id, ''), row.provider_id)
      FROM unnest(%(ids)s::bigint[], %(theirs)s::text[]) AS said (id, provider_id)
     WHERE row.id = said.id AND row.status IN ('sending', 'unknown')
       AND row.sending_at = %(sending)s"""


@action
def note_many_sent(sent: Sequence[tuple[Message, str]], *, sending: datetime, now: datetime) -> int:
    """The provider has taken these, each with its own number of it; how many were noted.

    As ``note_sent``: a late answer about an earlier sending (``sending``) changes nothing.
    """
    ids = [message.pk for message, _number in sent]
    rows = Message.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update().values_list("pk"))  # in one order, as receipts take them
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE_SENT,
            {
                "ids": ids,
                "theirs": [number[:64] for _message, number in sent],
                "sending": sending,
                "now": now,
            },
        )
        return int(cursor.rowcount)


@action
def give_back_many(messages: Sequence[Message], *, sending: datetime) -> int:
    """These were taken up and surely not sent: they wait again. A late answer changes nothing."""
    rows = Message.objects.filter(
        pk__in=[message.pk for message in messages],
        status=MessageStatus.SENDING,
        sending_at=sending,
    )
    return rows.update(status=MessageStatus.QUEUED, sending_at=None)
