"""Who may open the pages of the outbox."""

from apps.accounts.choices import Role
from apps.messaging import actions
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message, Reply
from tests.access import Page
from tests.factories import NOW, make_customer

SEES = {Role.CARE_SPECIALIST, Role.CARE_MANAGER, Role.GENERAL_MANAGER}
HANDLES = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
KEEPS = {Role.CARE_MANAGER}
WRITES = KEEPS | {Role.SYSTEM_ADMINISTRATOR}


def make_message(store, *, status=MessageStatus.UNKNOWN, customer=None, now=NOW, **fields):
    """A message of the outbox in any state; in doubt unless said otherwise."""
    customer = customer or make_customer(store)
    message = actions.queue(
        customer, key="birthday", dedupe_key=f"test-{customer.pk}", values={}, now=now
    )
    fields |= {"status": status, "sending_at": now}
    Message.objects.filter(pk=message.pk).update(**fields)
    message.refresh_from_db()
    return message


def make_reply(store, *, customer=None, text="好的，谢谢", **fields):
    """What a customer wrote back to a message."""
    message = make_message(store, status=MessageStatus.SENT, customer=customer)
    return Reply.objects.create(
        store=store,
        customer=message.customer,
        message=message,
        number=message.to,
        text=text,
        at=NOW,
        provider_id=f"reply-{message.pk}",
        **fields,
    )


PAGES = {
    "messaging:message-list": Page(roles=SEES),
    "messaging:unknown-list": Page(roles=KEEPS),
    "messaging:message-settle": Page(
        "post", roles=KEEPS, make=make_message, data={"decision": "sent"}
    ),
    "messaging:reply-list": Page(roles=SEES),
    "messaging:reply-done": Page("post", roles=HANDLES, make=make_reply),
    "messaging:template-list": Page(roles=WRITES),
    "messaging:template-new": Page(roles=WRITES),
    "messaging:quiet-hours": Page(roles=WRITES),
}
