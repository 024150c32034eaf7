"""The re-calls of a month, and marked responses, as files (SSI-10, DATA-03)."""

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.ssi.choices import Mark
from apps.ssi.queries import honesty, recalls

RECALLS = {
    "ssi:recalls": Listing(
        _("Re-calls"),
        "ssi.view_honesty",
        recalls.asked_for,
        (
            (_("Customer"), lambda row: row.response.customer),
            (_("Phone"), lambda row: masked(row.response.customer.main_phone)),
            (_("Day"), lambda row: row.response.on),
            (_("Round"), lambda row: row.response.get_round_display()),
            (_("Interviewer"), lambda row: row.response.interviewer),
            (_("Status"), lambda row: row.get_status_display()),
            (_("Says that he was asked"), lambda row: row.was_called),
            (_("Answers differ"), lambda row: row.does_differ),
            (_("Called by"), lambda row: row.by),
            (_("Re-called at"), lambda row: row.at),
            (_("Remark"), lambda row: row.remark),
        ),
    ),
    "ssi:honesty": Listing(
        _("Marks of doubt"),
        "ssi.view_honesty",
        honesty.marked,
        (
            (_("Customer"), lambda row: row.customer),
            (_("Day"), lambda row: row.on),
            (_("Round"), lambda row: row.get_round_display()),
            (_("Interviewer"), lambda row: row.interviewer),
            (_("Sales consultant"), lambda row: row.consultant or row.consultant_name),
            (_("internal SSI"), lambda row: row.score),
            (_("Marks"), lambda row: "、".join(str(Mark(mark).label) for mark in row.marks)),
            (_("Seconds asked"), lambda row: row.spoken_seconds),
        ),
    ),
}
