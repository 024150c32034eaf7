"""When somebody is to be asked again (REC-03, REC-10)."""

from datetime import date, datetime, timedelta
from typing import Any

from apps.reception.choices.opportunity import ClockKind, Level


def follow_up_on(level: str, contacted_on: date, numbers: Any) -> date:
    """The day of the next contact: H, A, B, C after their days (REC-03)."""
    return contacted_on + timedelta(days=getattr(numbers, f"level_{Level(level).value}_days"))


def agreed_on(day: date, contacted_on: date, latest: date) -> bool:
    """May the next contact be on ``day``? After this one, and not after what the level says."""
    return contacted_on < day <= latest


def due_at(kind: str, since: datetime, numbers: Any) -> datetime:
    """Until when a promised contact is to be made, hours by the clock (REC-10)."""
    hours = {
        ClockKind.THANKS: numbers.thanks_within_hours,
        ClockKind.DRIVE_CALL: numbers.drive_call_within_hours,
        ClockKind.ENQUIRY: numbers.enquiry_within_hours,
    }
    return since + timedelta(hours=hours[ClockKind(kind)])
