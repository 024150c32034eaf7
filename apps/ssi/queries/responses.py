"""Which survey responses a person sees, and one of them with everything that was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from apps.core.dates import month_end
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Answer, FactorScore, Response, StandardAnswer, SurveyFactor
from apps.ssi.models.response import ResponseQuerySet

SHOWN = ("customer", "vehicle", "car_model", "consultant", "team", "interviewer", "model", "store")


def seen_by(user: Any) -> ResponseQuerySet:
    rows: ResponseQuerySet = Response.objects.visible_to(user)
    return rows


def asked_for(user: Any, asked: Mapping[str, Any]) -> Any:
    """The finished ones that the filter names, the newest first."""
    rows: Any = seen_by(user).filter(status=ResponseStatus.DONE)
    if store := asked.get("store"):
        rows = rows.filter(store=store)
    if month := asked.get("month"):
        rows = rows.filter(on__range=(month, month_end(month)))
    if model := asked.get("model"):
        rows = rows.filter(model=model)
    if round := asked.get("round"):
        rows = rows.filter(round=round)
    if consultant := asked.get("consultant"):
        rows = rows.filter(consultant=None if consultant == "none" else consultant)
    if interviewer := asked.get("interviewer"):
        rows = rows.filter(interviewer=None if interviewer == "customer" else interviewer)
    if mark := asked.get("mark"):
        rows = rows.exclude(marks=[]) if mark == "any" else rows.filter(marks__contains=[mark])
    if asked.get("low"):
        rows = rows.filter(quick_response__isnull=False)
    return rows.select_related(*SHOWN).order_by("-on", "-pk")


def page_of(rows: Any, after: Response | None, size: int) -> tuple[list[Response], int | None]:
    """One page after a row, and the pk of its last row when more follow."""
    if after is not None and after.on is not None:
        rows = rows.filter(Q(on__lt=after.on) | Q(on=after.on, pk__lt=after.pk))
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


@dataclass(frozen=True)
class OfFactor:
    factor: SurveyFactor
    score: Decimal | None
    answers: list[Answer]


def answers_of(response: Response) -> list[OfFactor]:
    """Factor by factor, in the order in which it was asked. Two queries."""
    scores = dict(FactorScore.objects.filter(response=response).values_list("factor", "score"))
    rows = Answer.objects.filter(response=response).select_related("question__factor")
    found: dict[int, OfFactor] = {}
    for answer in rows.order_by("question__factor__place", "question__place", "pk"):
        factor = answer.question.factor
        of = found.setdefault(factor.pk, OfFactor(factor, scores.get(factor.pk), []))
        of.answers.append(answer)
    return list(found.values())


def standards_of(response: Response) -> list[StandardAnswer]:
    rows = StandardAnswer.objects.filter(response=response).select_related("standard")
    return list(rows.order_by("standard__place", "pk"))
