"""What the desk needs of the quick responses about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.complaints.choices import OPEN_STEPS, Step
from apps.complaints.models import AskedAgain, QuickResponse, StepTaken
from apps.core.erasing import Personal, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle

LINKS = ((QuickResponse, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """When each matter was written down, and when it was ended."""
    return _sources(customer=customer)


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return _sources(vehicle=vehicle)


def _sources(**about: Any) -> list[Source]:
    rows = QuickResponse.objects.filter(**about)
    return [
        Source("response", "complaint", rows, "made_at", _made),
        Source("response_end", "complaint", rows, "ended_at", _ended),
    ]


def _made(row: QuickResponse) -> Told:
    title = f"{_('Quick response')} · {row.get_origin_display()}"
    return Told(title, row.text, (f"{row.department}_response", row.pk))


def _ended(row: QuickResponse) -> Told:
    title = f"{_('Quick response')} · {row.get_status_display()}"
    return Told(title, row.measure, (f"{row.department}_response", row.pk))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What was said by ``old`` was said by ``new`` (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


PERSONAL = (
    Personal(QuickResponse, ("customer",), texts("text measure")),
    Personal(StepTaken, ("response__customer",), texts("text")),
)
PLAIN = {AskedAgain: "question"}


def duties(ids: Collection[int]) -> list[str]:
    return []


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nobody can be asked again: what is open is dropped."""
    rows = QuickResponse.objects.filter(customer__in=ids, status__in=OPEN_STEPS)
    rows.update(status=Step.DROPPED, ended_at=now, due_at=None)


def pictures(ids: Collection[int]) -> list[Any]:
    return []
