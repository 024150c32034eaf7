"""Facts of the 5S checks: not put right by the second check, and weak items (PEN-05).

As ``facts``: one query a clause, ``COLUMNS`` of every fact. Both speak of points that the second
check found not in order within its hours; the answer of that check is the fact. Not in order in
the first check already (it had the time until then): FIVE_S. In order there, or not looked at, and
looked at again as one of the department's weakest: WEAK_ITEM. So a fact falls under one of them.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Subquery, TimeField, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from apps.checklists.choices import ChecklistKind
from apps.penalties.models import Finding, FiveSPhoto
from apps.ssi.models import SsiPolicy
from apps.ssi.policy.rooms import SECOND_FROM, SECOND_UNTIL


def not_put_right(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-05: in the second check as the first had found it."""
    rows = _second(stores, first, last).filter(first__isnull=False)
    morning = Finding.objects.filter(pk=OuterRef("first"))
    return _facts(
        rows.annotate(
            first_at=Subquery(morning.values("at")),
            first_answer=Subquery(morning.values("answer")),
            first_text=Subquery(morning.values("answer__remark")),
        ),
        first_answer="first_answer",
        first_found_at="first_at",
        first_text="first_text",
        first_photos=_photos("first_answer"),
    )


def weak_items(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-05: one of the department's three weakest, not in order when it was looked at again."""
    return _facts(_second(stores, first, last).filter(first=None, spot=True))


def _hour(column: str, otherwise: Any) -> Coalesce:
    """An hour of the store's numbers that hold on the day of the check."""
    rows = SsiPolicy.objects.filter(
        store=OuterRef("store"), effective_from__lte=OuterRef("answer__run__on")
    )
    value = Subquery(rows.order_by("-effective_from").values(column)[:1])
    return Coalesce(value, Value(otherwise, output_field=TimeField()))


def _second(stores: Collection[int], first: date, last: date) -> Any:
    """What the second checks found not in order within their hours; ``first``: the finding of the
    same point in the first check of the day, if it stands and was there before those hours."""
    earlier = Finding.objects.filter(
        answer__run__store=OuterRef("store"),
        answer__run__kind=ChecklistKind.FIVE_S_FIRST,
        answer__run__on=OuterRef("answer__run__on"),
        answer__run__subject="",
        answer__item=OuterRef("answer__item"),
        answer__done=False,
        at__time__lt=OuterRef("begins"),
    )
    rows: Any = Finding.objects.filter(
        store__in=stores,
        answer__run__kind=ChecklistKind.FIVE_S_SECOND,
        answer__run__on__range=(first, last),
        answer__done=False,
    )
    rows = rows.annotate(
        begins=_hour("second_from", SECOND_FROM),
        ends=_hour("second_until", SECOND_UNTIL),
    ).annotate(first=Subquery(earlier.values("pk")[:1]))
    return rows.filter(at__time__gte=F("begins"), at__time__lte=F("ends"))


def _photos(answer: str) -> ArraySubquery:
    rows = FiveSPhoto.objects.filter(answer=OuterRef(answer)).order_by("pk")
    return ArraySubquery(rows.values(name=Cast("stored", CharField())))


def _facts(rows: Any, **evidence: Any) -> Any:
    return (
        rows.order_by()
        .annotate(
            fact=Concat(Value("check/"), Cast("answer", CharField())),
            proof_of_it=JSONObject(
                point="answer__item__text",
                **evidence,
                second_answer="answer",
                second_found_at="at",
                second_text="answer__remark",
                second_photos=_photos("answer"),
            ),
        )
        .values_list("store", "fact", "answer__run__on", "person", "proof_of_it")
    )
