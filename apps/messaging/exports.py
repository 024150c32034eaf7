"""The lists of this app that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.messaging import queries
from apps.messaging.forms import MessageFilter, ReplyFilter


def _messages(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = MessageFilter(asked)
    form.is_valid()  # what cannot be understood is left out, as on the page
    return queries.messages_asked(user, form.cleaned_data)


MESSAGE = (
    (_("Customer"), lambda row: row.customer),
    (_("Store"), lambda row: row.store),
    (_("For"), lambda row: row.get_key_display()),
    (_("Channel"), lambda row: row.get_channel_display()),
    (_("To"), lambda row: masked(row.to)),
    (_("Status"), lambda row: row.get_status_display()),
    (_("Queued at"), lambda row: row.queued_at),
    (_("Sent at"), lambda row: row.sent_at),
    (_("Text"), lambda row: " ".join(filter(None, [row.subject, row.told]))),
    (_("Receipt"), lambda row: row.get_receipt_status_display()),
    (_("Remark"), lambda row: row.error or row.receipt_error),
)


def _replies(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = ReplyFilter(asked)
    form.is_valid()
    return queries.replies_asked(user, form.cleaned_data)


REPLY = (
    (_("Customer"), lambda row: row.customer),
    (_("Store"), lambda row: row.store),
    (_("Number"), lambda row: masked(row.number)),
    (_("Received at"), lambda row: row.at),
    (_("Reply"), lambda row: row.text),
    (_("Refusal"), lambda row: _("yes") if row.refuses else ""),
    (_("In answer to"), lambda row: row.message.told),
    (_("Done by"), lambda row: row.done_by),
    (_("Done at"), lambda row: row.done_at),
)
LISTINGS = {
    "messaging:message-list": Listing(
        _("SMS and e-mail"), "messaging.view_message", _messages, MESSAGE
    ),
    "messaging:reply-list": Listing(_("SMS replies"), "messaging.view_message", _replies, REPLY),
    "messaging:unknown-list": Listing(
        _("Messages without answer"),
        "messaging.settle_message",
        lambda user, asked, today: queries.unknown_messages(user),
        MESSAGE,
    ),
    "messaging:template-list": Listing(
        _("Message texts"),
        "messaging.change_template",
        lambda user, asked, today: queries.texts_on(user.store, today),
        (
            (_("For"), lambda row: row.get_key_display()),
            (_("Channel"), lambda row: row.get_channel_display()),
            (_("Purpose"), lambda row: row.get_purpose_display()),
            (_("In force from"), lambda row: row.effective_from),
            (_("Subject"), lambda row: row.subject),
            (_("Text"), lambda row: row.text),
            (_("Template code at the provider"), lambda row: row.provider_code),
        ),
    ),
}
