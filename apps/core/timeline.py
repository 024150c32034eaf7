"""One line of a customer's time-line, as every app's ``people.timeline`` gives it (CUS-06)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened between us and a customer."""

    at: datetime | date
    kind: str  # "message", "call", "visit" …: picks the icon
    title: str
    detail: str = ""
