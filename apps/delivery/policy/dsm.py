"""When a DSM record is due, what it needs, and when it is at fault (DEL-06, PEN-07)."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from apps.delivery.choices.dsm import Fault, Needed

FRESH_FOR = timedelta(days=7)  # a delivery told later than this is history and gets no record
DAY = timedelta(days=1)


class Known(NamedTuple):
    """What the archive holds of the buyer."""

    company: bool = False
    contact: bool = False
    phone: bool = False
    birthday: bool = False
    id_number: bool = False
    address: bool = False


def is_owed(delivered_on: date, told_on: date) -> bool:
    """Whether a delivery that is told on ``told_on`` gets a record: old ones accuse nobody."""
    return told_on - delivered_on <= FRESH_FOR


def due_at(delivered_on: date, by: time) -> datetime:
    """Complete at this moment: the day after the delivery, ``by`` of the store's numbers."""
    return timezone.make_aware(datetime.combine(delivered_on + DAY, by))


def missing(known: Known | None) -> list[Needed]:
    """What is lacking, in the order of the form; all of a person if the buyer is not known.

    A company needs the name of who speaks for it, and has neither birthday nor ID number.
    """
    known = known or Known()
    left_out = {Needed.BIRTHDAY, Needed.ID_NUMBER} if known.company else {Needed.CONTACT}
    return [need for need in Needed if need not in left_out and not getattr(known, need.value)]


def fault(
    due_at: datetime,
    entered_at: datetime | None,
    sent_back_at: datetime | None,
    now: datetime,
    *,
    accepted_so: bool = False,
) -> Fault | None:
    """Late: complete, but after the limit. Incomplete: not complete when the limit passed, and
    still not, or what was entered in time was sent back, or it was accepted with something
    missing (``accepted_so``). One fact, one fault, and none before the limit (PEN-06)."""
    if now <= due_at or not accepted_so and (entered_at or now) <= due_at:
        return None
    return Fault.INCOMPLETE if entered_at is None or sent_back_at or accepted_so else Fault.LATE


def born(id_number: str) -> date | None:
    """The birthday inside an ID number of 18 characters; None if there is none."""
    try:
        return datetime.strptime("".join(id_number.split())[6:14], "%Y%m%d").date()
    except ValueError:
        return None
