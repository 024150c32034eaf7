"""The action guide by factor, and what it proposes where a factor is low (SSI-11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from apps.accounts.models import Store
from apps.ssi.models import Answer, FactorScore, GuideAction, Response, SurveyFactor, SurveyModel
from apps.ssi.policy.score import HIGHEST, POINTS
from apps.ssi.queries.honesty import numbers_of
from apps.ssi.supplied import SUPPLIED


@dataclass(frozen=True)
class Chapter:
    """What is known against the weaknesses of one factor; ``weight`` None: not asked now."""

    code: str
    name: str
    weight: Decimal | None
    lines: list[GuideAction]


def factor_names(store: Store, on: date) -> dict[str, tuple[str, Decimal | None]]:
    """Code → name and share of the index: first the buyers' factors asked on the day, by weight,
    then the lost buyers', then those of other models, without a share. Three queries."""
    rows = [SurveyModel.objects.in_force(store, on, of_buyers=asked) for asked in (True, False)]
    factors = SurveyFactor.objects.filter(model__in=[row for row in rows if row])
    asked: dict[str, tuple[str, Decimal | None]] = {}
    for factor in factors.order_by("-model__of_buyers", "-weight", "place"):
        asked.setdefault(factor.code, (factor.name, factor.weight))
    for model in SUPPLIED:
        for supplied in model.factors:
            asked.setdefault(supplied.code, (supplied.name, None))
    return asked


def lines(store: Store) -> QuerySet[GuideAction]:
    """The whole guide of the store, also what is not in use."""
    rows: QuerySet[GuideAction] = GuideAction.objects.filter(store=store)
    return rows.order_by("factor", "place", "pk")


def chapters(store: Store, on: date, *, only: Collection[str] = ()) -> list[Chapter]:
    """The guide by factor, the factors asked now first; ``only``: of these. Four queries."""
    by_code: dict[str, list[GuideAction]] = defaultdict(list)
    for line in lines(store):
        by_code[line.factor].append(line)
    names = factor_names(store, on)
    for code in by_code:
        names.setdefault(code, (code, None))
    return [
        Chapter(code, name, weight, by_code[code])
        for code, (name, weight) in names.items()
        if not only or code in only
    ]


@dataclass(frozen=True)
class Proposal:
    """A factor that is low, and what the guide says is done against it."""

    code: str
    name: str
    score: Decimal | float
    lines: list[GuideAction]


def proposals(
    store: Store, factors: Iterable[tuple[str, str, Decimal | float | None]], below: int
) -> list[Proposal]:
    """For (code, name, score) of factors: those whose score is below, the lowest first, each with
    the lines of the guide that are in use. One query, none when no factor is low."""
    low = [(code, name, score) for code, name, score in factors if score and score < below]
    if not low:
        return []
    found: dict[str, list[GuideAction]] = defaultdict(list)
    for line in lines(store).filter(is_active=True, factor__in=[code for code, *_rest in low]):
        found[line.factor].append(line)
    rows = [Proposal(code, name, score, found[code]) for code, name, score in low]
    return sorted(rows, key=lambda row: row.score)


def proposals_of(response: Response) -> list[Proposal]:
    """What the guide says to one survey: for its factors that are low, and for those in which a
    question failed. Four queries."""
    if response.on is None:
        return []
    numbers = numbers_of(response.store, response.on)
    failed = Answer.objects.filter(response=response, value__lte=numbers.low_question)
    codes = set(failed.values_list("question__factor__code", flat=True))
    scores = FactorScore.objects.filter(response=response).select_related("factor")
    factors = [
        (one.factor.code, one.factor.name, one.score)
        for one in scores
        if one.factor.code in codes or one.score < numbers.low_factor
    ]
    return proposals(response.store, factors, HIGHEST * POINTS + 1)
