"""What changes the messages, their texts and their hours."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.choices import CustomerKind, Purpose
from apps.customers.models import Customer
from apps.messaging import defaults, policy, queries
from apps.messaging.choices import Channel, Decision, MessageStatus
from apps.messaging.filling import TITLES
from apps.messaging.models import Message, MessagePolicy, MessageTemplate

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The quiet hours and message texts that a new store starts with; a second time adds what is
    missing."""
    if not MessagePolicy.objects.filter(store=store).exists():
        MessagePolicy.objects.create(store=store, effective_from=FROM_THE_START)
    have = set(MessageTemplate.objects.filter(store=store).values_list("key", "channel"))
    MessageTemplate.objects.bulk_create(
        MessageTemplate(
            store=store,
            effective_from=FROM_THE_START,
            purpose=Purpose.SERVICE,
            key=key,
            channel=channel,
            subject=subject,
            text=text,
        )
        for key, channel, subject, text in defaults.TEXTS
        if (key, channel) not in have
    )


@action
def queue(
    customer: Customer,
    *,
    key: str,
    dedupe_key: str,
    values: dict[str, str],
    now: datetime,
    channel: str = Channel.SMS,
    not_before: datetime | None = None,
) -> Message | None:
    """Write down a message to be sent; it goes out only if the caller's transaction commits.

    An e-mail without an address becomes an SMS (CARE-04). None without a good number or a
    text in force, or when the customer refuses (CARE-29). The same ``dedupe_key`` again, at
    the same moment too, returns the first row and writes nothing (I5).
    """
    mine = Message.objects.filter(store=customer.store_id, dedupe_key=dedupe_key)
    if (before := mine.first()) is not None:
        return before  # type: ignore[no-any-return]
    if channel == Channel.EMAIL and not customer.email:
        channel = Channel.SMS
    template = queries.template_in_force(customer.store, key, channel, timezone.localdate(now))
    to = queries.address_of(customer, channel)
    if template is None or not to or not allowed(customer, template.purpose):
        return None
    message = filled(template, customer, values)
    message.to, message.dedupe_key = to, dedupe_key
    message.queued_at, message.not_before = now, not_before or now
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return mine.get()  # type: ignore[no-any-return]


def filled(template: MessageTemplate, customer: Customer, values: dict[str, str]) -> Message:
    """Unsaved: what the template says to this customer."""
    known = _known_of(customer) | values
    return Message(
        store_id=customer.store_id,
        customer=customer,
        channel=template.channel,
        purpose=template.purpose,
        key=template.key,
        subject=" ".join(policy.fill(template.subject, known).split())[:120],
        text=policy.fill(template.text, known),
        provider_code=template.provider_code,
        values=policy.words_of(template.text, known),
        status=MessageStatus.QUEUED,
    )


def _known_of(customer: Customer) -> dict[str, str]:
    """The placeholders that need no caller."""
    person = customer.kind == CustomerKind.PERSON
    return {
        "name": customer.name,
        "title": TITLES.get(customer.gender, "") if person else "",
        "store": customer.store.name,
    }


def allowed(customer: Customer, purpose: str) -> bool:
    return policy.may_write(
        purpose,
        refuses_service=customer.refuses_service,
        accepts_marketing=customer.accepts_marketing,
    )


@action
def claim_due(*, now: datetime) -> Message | None:
    """Take the next message that may be sent and mark it *sending*; None when there is none.

    What another worker has locked is passed over. Who withdrew consent meanwhile gets
    nothing: the message is cancelled (SEC-02).
    """
    rows = queries.due(now).select_related("customer")
    while message := rows.select_for_update(skip_locked=True, of=("self",)).first():
        if allowed(message.customer, message.purpose):
            advance(message, MessageStatus.SENDING)
            message.sending_at = now
            message.save(update_fields=["status", "sending_at"])
            return message
        advance(message, MessageStatus.CANCELLED)
        message.error = _("The customer refuses messages of this purpose.")
        message.save(update_fields=["status", "error"])
    return None


def _same_sending(message: Message) -> Message | None:
    """The row, locked, if it is still in the very sending that ``message`` was read in.

    A late answer about an earlier sending must not undo what happened since.
    """
    row = locked(message)
    in_doubt = row.status in (MessageStatus.SENDING, MessageStatus.UNKNOWN)
    return row if in_doubt and row.sending_at == message.sending_at else None


@action
def note_stale(*, now: datetime) -> int:
    """Whoever was sending these is gone: *unknown*, so that people see them. One statement."""
    return queries.stale(now).update(
        status=MessageStatus.UNKNOWN, error=_("The sending was broken off.")
    )


@action
def note_sent(message: Message, *, now: datetime, provider_id: str = "") -> Message:
    """The provider has taken it. A late answer changes nothing."""
    row = _same_sending(message)
    if row is None:
        return message
    advance(row, MessageStatus.SENT)
    row.sent_at, row.error = now, ""
    row.provider_id = provider_id[:64] or row.provider_id
    row.save(update_fields=["status", "sent_at", "error", "provider_id"])
    return row


@action
def note_failed(message: Message, *, error: str) -> Message:
    """The provider refuses it: it will never go out. A late answer changes nothing."""
    row = _same_sending(message)
    if row is None:
        return message
    advance(row, MessageStatus.FAILED)
    row.error = error[:300]
    row.save(update_fields=["status", "error"])
    return row


@action
def note_unknown(message: Message, *, error: str) -> Message:
    """No answer: it may have gone out, so nobody sends it again by guess (I5)."""
    row = _same_sending(message)
    if row is None or row.status == MessageStatus.UNKNOWN:
        return message
    advance(row, MessageStatus.UNKNOWN)
    row.error = error[:300]
    row.save(update_fields=["status", "error"])
    return row


@action
def note_not_taken(message: Message, *, now: datetime, error: str) -> Message:
    """The provider surely did not take it: tried again later, for a day at most."""
    row = _same_sending(message)
    if row is None:
        return message
    if now - row.queued_at >= policy.GIVE_UP_AFTER:
        advance(row, MessageStatus.FAILED)
    else:
        advance(row, MessageStatus.QUEUED)
        row.not_before, row.sending_at = now + policy.TRY_AGAIN_IN, None
    row.error = error[:300]
    row.save(update_fields=["status", "error", "sending_at", "not_before"])
    return row


@action
def settle(message: Message, decision: Decision, *, by: User, now: datetime) -> Message:
    """A person has found out what became of a message without an answer.

    Refused when it is not unknown (any more). *Again* keeps the row and its reference, so
    a provider that knows the reference still can refuse a second copy.
    """
    message = locked(message)
    if message.status != MessageStatus.UNKNOWN:
        raise Refused(
            _("Nothing is to be settled: this message is %(status)s.")
            % {"status": message.get_status_display()}
        )
    if decision == Decision.SENT:
        advance(message, MessageStatus.SENT)
        message.sent_at = message.sending_at
    elif decision == Decision.AGAIN:
        advance(message, MessageStatus.QUEUED)
        message.not_before, message.sending_at = now, None
    else:
        advance(message, MessageStatus.CANCELLED)
    message.error = _("Settled by %(person)s.") % {"person": by}
    message.save(update_fields=["status", "sent_at", "not_before", "sending_at", "error"])
    return message


@action
def add_template(
    store: Store,
    *,
    key: str,
    channel: str,
    purpose: str,
    subject: str,
    text: str,
    effective_from: date,
    now: datetime,
    provider_code: str = "",
) -> MessageTemplate:
    """A new text from a coming day on; the one in force until then stays as it was.

    Refused: a day that has begun (what was sent would no longer match), a second text for
    the same day, a placeholder nobody fills, marketing without a way to refuse (CARE-29).
    """
    _refuse_begun(effective_from, now)
    policy.check_text(subject)
    policy.check_text(text, purpose)
    if channel == Channel.EMAIL and not subject:
        raise Refused(_("An e-mail needs a subject."))
    template, new = MessageTemplate.objects.get_or_create(
        store=store,
        key=key,
        channel=channel,
        effective_from=effective_from,
        defaults={
            "purpose": purpose,
            "subject": subject,
            "text": text,
            "provider_code": provider_code,
        },
    )
    if not new:
        raise Refused(_("There is a text from that day already. Choose another day."))
    return template


@action
def set_quiet_hours(
    store: Store, *, quiet_from: time, quiet_until: time, effective_from: date, now: datetime
) -> MessagePolicy:
    """Other quiet hours from a coming day on (CARE-06). Refused for a day that has begun."""
    _refuse_begun(effective_from, now)
    row, new = MessagePolicy.objects.get_or_create(
        store=store,
        effective_from=effective_from,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until},
    )
    if not new:
        raise Refused(_("There are quiet hours from that day already. Choose another day."))
    return row


def _refuse_begun(effective_from: date, now: datetime) -> None:
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
