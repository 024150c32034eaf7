"""The responses behind each number of the index (SSI-05: all drill down to the answers)."""

from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import Span
from apps.ssi.models import SsiPolicy

OF_RESPONSE = ("customer", "vehicle", "consultant", "team", "car_model", "interviewer", "model")
KEPT = {"yes": True, "no": False, "unknown": None}


def behind(scope: Scope, span: Span, asked: dict[str, Any], numbers: SsiPolicy) -> QuerySet[Any]:
    """The responses that a number counts, the newest first; ``value``: what it is made of.

    ``asked``: factor, question or standard (a row's pk), ``low`` (only what is low), ``kept``
    (yes, no, unknown). Nothing of these: the index itself.
    """
    rows: Any = scope.responses(span.first, span.last)
    if asked.get("factor"):
        rows = _of(rows, "factor_scores", "factor", asked["factor"], "score")
        if asked.get("low"):
            rows = rows.filter(value__lt=numbers.low_factor)
    elif asked.get("question"):
        rows = _of(rows, "answers", "question", asked["question"], "value")
        if asked.get("low"):
            rows = rows.filter(value__lte=numbers.low_question)
    elif asked.get("standard"):
        kept = KEPT.get(asked.get("kept", ""), ...)
        told = Q(standards__standard=asked["standard"])
        rows = rows.annotate(its=FilteredRelation("standards", condition=told))
        rows = rows.filter(its__isnull=False).annotate(value=F("its__kept"))
        if kept is not ...:
            rows = (
                rows.filter(its__kept=kept)
                if kept is not None
                else rows.filter(its__kept__isnull=True)
            )
    found: QuerySet[Any] = rows.select_related(*OF_RESPONSE).order_by("-on", "-pk")
    return found


def _of(rows: Any, many: str, name: str, pk: int, column: str) -> Any:
    """With ``value`` from the one row of ``many`` about ``pk``; those without are left out."""
    told = Q(**{f"{many}__{name}": pk})
    rows = rows.annotate(its=FilteredRelation(many, condition=told))
    return rows.filter(**{f"its__{column}__isnull": False}).annotate(value=F(f"its__{column}"))
