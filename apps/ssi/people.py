"""What the desk needs of the surveys about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.core.erasing import FRESH, Personal, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Answer, Recall, Response, SurveyLink

LINKS = ((Response, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """The surveys that he answered to their end."""
    return _sources(customer=customer)


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return _sources(vehicle=vehicle)


def _sources(**about: Any) -> list[Source]:
    rows = Response.objects.filter(status=ResponseStatus.DONE, **about)
    return [Source("survey", "survey", rows.select_related("interviewer"), "ended_at", _told)]


def _told(row: Response) -> Told:
    """No score: who serves the customer reads this, too."""
    title = f"{_('SSI survey')} · {row.get_round_display()}"
    asked = str(row.interviewer) if row.interviewer else _("by the customer himself")
    link = ("call", row.call_id) if row.call_id else None
    return Told(title, asked, link)


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What ``old`` answered ``new`` answered (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


OF_RESPONSE = ("response__customer",)
PERSONAL = (
    Personal(Response, ("customer",), texts("complaint remark")),
    Personal(Answer, OF_RESPONSE, texts("word")),
    Personal(Recall, OF_RESPONSE, texts("remark")),
    Personal(SurveyLink, OF_RESPONSE, {"key": FRESH}),
)
PLAIN = {Response: "consultant_name"}


def duties(ids: Collection[int]) -> list[str]:
    return []


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Links that were sent open nothing any more."""
    links = SurveyLink.objects.filter(response__customer__in=ids, expires_at__gt=now)
    links.update(expires_at=now)


def pictures(ids: Collection[int]) -> list[Any]:
    return []
