"""Reading what Aliyun pushes: JSON arrays of receipts (SmsReport) and of replies (SmsUp).

Fields after help.aliyun.com/zh/sms/developer-reference/smsreport-2 and …/smsup-http. A row that
cannot be understood is left out and counted in the log: refusing the whole array would only make
Aliyun push it again.
"""

import json
import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from apps.core.errors import Refused
from apps.messaging.actions.incoming import Delivery

log = logging.getLogger(__name__)
MOST_BYTES = 2_000_000
Row = TypeVar("Row")


class Written(NamedTuple):
    """What somebody wrote back."""

    number: str
    text: str
    at: datetime
    provider_id: str


def receipts_of(body: bytes, now: datetime) -> list[Delivery]:
    """Refused when the body is no JSON array."""

    def read(row: dict[str, Any]) -> Delivery:
        good = row["success"] in (True, "true")
        said = " ".join(filter(None, (_text(row, "err_code"), _text(row, "err_msg"))))
        at = _time(row, "report_time", now)
        error = "" if good else said
        return Delivery(UUID(_text(row, "out_id")), at, good, error, _text(row, "biz_id"))

    return _each(body, read)


def replies_of(body: bytes, now: datetime) -> list[Written]:
    """Refused when the body is no JSON array. One without a sequence number gets one of its own
    words, so that it is still known when it comes again."""

    def read(row: dict[str, Any]) -> Written:
        number = re.sub(r"^86(?=1\d{10}$)", "", re.sub(r"\D", "", _text(row, "phone_number")))
        text, sent = _text(row, "content"), _text(row, "send_time")
        own = str(uuid5(NAMESPACE_URL, f"{number} {sent} {text}"))
        if not number:
            raise ValueError("no number")
        return Written(number, text, _time(row, "send_time", now), _text(row, "sequence_id") or own)

    return _each(body, read)


def _each(body: bytes, read: Callable[[dict[str, Any]], Row]) -> list[Row]:
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise Refused("not a JSON array")
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except (KeyError, TypeError, ValueError):
            continue
    if len(found) < len(rows):
        log.warning("%d of %d pushed rows cannot be read", len(rows) - len(found), len(rows))
    return found


def _text(row: dict[str, Any], name: str) -> str:
    """What PostgreSQL can hold: no NUL, no half of a character."""
    value = row.get(name)
    text = "" if value is None else str(value)
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _time(row: dict[str, Any], name: str, now: datetime) -> datetime:
    """Aliyun's times are Chinese; one that is missing or still to come is now."""
    text = _text(row, name)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"):
        try:
            return min(timezone.make_aware(datetime.strptime(text, form)), now)
        except ValueError:
            continue
    return now
