"""What was found, in words: the evidence of a proposal as a person reads it (PEN-06)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.choices import Slot
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.penalties.models import Penalty

LEFT_OUT = (
    *("attempts", "call", "calls", "dsm", "appointment", "campaigns", "factor"),
    *("first_answer", "second_answer", "first_photos", "second_photos"),
)  # shown by themselves, or as a link


@dataclass(frozen=True)
class Try:
    """One dialling of a call."""

    at: datetime | None
    slot: str
    result: str
    counted: bool


def lines(row: Penalty) -> list[tuple[str, str]]:
    """Heading and value of each thing found, in the order of the headings; what has no words of
    its own is shown as it is, last."""
    words = _headings()
    order = {name: place for place, name in enumerate(words)}
    return [
        (words.get(name, name), _said(name, value))
        for name, value in sorted(
            row.evidence.items(), key=lambda one: order.get(one[0], len(order))
        )
        if name not in LEFT_OUT and value not in (None, "", [], {})
    ]


def tries(row: Penalty) -> list[Try]:
    return [
        Try(
            _moment(one.get("at")),
            _label(Slot, one.get("slot")),
            _label(Result, one.get("result")),
            bool(one.get("counted")),
        )
        for one in row.evidence.get("attempts") or []
    ]


def photos(row: Penalty) -> list[tuple[str, str]]:
    """(which check, name of the picture) of each photo of the two 5S checks."""
    checks = (("first_photos", _("First check")), ("second_photos", _("Second check")))
    return [(label, name) for key, label in checks for name in row.evidence.get(key) or []]


def _headings() -> dict[str, str]:
    return {
        "kind": pgettext("evidence", "Call"),
        "opens_on": _("To be called from"),
        "due_on": _("To be called until"),
        "ended_at": _("Ended at"),
        "status": _("How it ended"),
        "end_reason": _("Why it ended"),
        "due_at": _("Due at"),
        "entered_at": _("Complete at"),
        "sent_back_why": _("Sent back because"),
        "accepted_why": _("Accepted with something missing"),
        "month": _("Month"),
        "due": _("Own calls due"),
        "reminded": _("Reminded in time"),
        "line": _("Line in %"),
        "least": _("Judged from so many calls"),
        "accepted_incomplete": _("Accepted although incomplete"),
        "done": _("Went out"),
        "wanted": _("Asked for"),
        "hand_over_by": _("To be handed over until"),
        "accepted_at": _("Taken over at"),
        "points": _("Mean of the delivery"),
        "points_from": _("Rewarded from points on"),
        "answers": _("Answers"),
        "answers_least": _("Judged from so many answers"),
        "marked": _("Of these marked as doubtful"),
        "starts_at": _("Appointment"),
        "made_at": _("Made at"),
        "booked_at": _("Booked at"),
        "handed_over_at": _("Handed over at"),
        "point": _("Point"),
        "first_found_at": _("First check: found at"),
        "first_text": _("First check: remark"),
        "second_found_at": _("Second check: found at"),
        "second_text": _("Second check: remark"),
    }


CHOICES: dict[str, Any] = {"kind": CallKind, "status": CallStatus, "end_reason": EndReason}


def _said(name: str, value: Any) -> str:
    if name in CHOICES:
        return _label(CHOICES[name], value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and name.endswith(("_at", "_on", "_by")):
        moment = _moment(value) if "T" in value or " " in value else None
        if moment is not None:
            return f"{moment:%Y-%m-%d %H:%M}"
        return str(parse_date(value) or value)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return str(value)


def _label(choices: Any, value: Any) -> str:
    return str(dict(choices.choices).get(value, value or "—"))


def _moment(value: Any) -> datetime | None:
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is None:
        return None
    return timezone.localtime(moment) if moment.tzinfo else moment
