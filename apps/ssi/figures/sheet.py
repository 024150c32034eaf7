"""The month's sheet of the index, whole: what the meeting looks at (SSI-05, SSI-08, SSI-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.accounts.models import Store, Team, User
from apps.reception.models import CarModel
from apps.ssi.figures import scores
from apps.ssi.figures.means import Beside, Mean
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import Span
from apps.ssi.models import (
    OfficialScore,
    SsiPolicy,
    SurveyFactor,
    SurveyModel,
    SurveyQuestion,
    SurveyStandard,
)
from apps.ssi.policy.score import Factor, Gain, gains


@dataclass(frozen=True)
class OfFactor:
    factor: SurveyFactor
    found: Beside
    gain: Gain | None

    @property
    def room(self) -> int:
        """Whole points by which its score can be raised."""
        mean = self.found.now.mean
        return 0 if mean is None else int(1000 - mean)


@dataclass(frozen=True)
class OfQuestion:
    question: SurveyQuestion
    found: Beside


@dataclass(frozen=True)
class OfStandard:
    standard: SurveyStandard
    kept: scores.Kept


@dataclass(frozen=True)
class Ranked:
    """A team, consultant, car model or store. ``rank`` is None where the answers are too few."""

    key: Any
    name: str
    found: Beside
    rank: int | None = None


@dataclass(frozen=True)
class Sheet:
    """``model`` is what the sheet is about; ``models`` those with answers in this time."""

    span: Span
    models: list[tuple[SurveyModel, int]]
    model: SurveyModel | None
    index: Beside
    trend: list[tuple[SurveyModel, dict[date, Mean]]]
    factors: list[OfFactor]
    questions: list[OfQuestion]
    standards: list[OfStandard]
    teams: list[Ranked]
    consultants: list[Ranked]
    car_models: list[Ranked]
    official: list[OfficialScore]
    numbers: SsiPolicy


def numbers_of(store: Store, span: Span, today: date) -> SsiPolicy:
    """The store's numbers that hold for these months: on their last day, or today."""
    found: SsiPolicy | None = SsiPolicy.objects.in_force(store, min(span.last, today))
    return found or SsiPolicy()


def sheet(store: Store, scope: Scope, span: Span, today: date, *, by: int) -> Sheet:
    """The sheet of ``scope.model``; without answers to it, of the last model of its kind.

    ``by``: points that each factor would be raised (SSI-09). The queries are as many, however
    many answers.
    """
    numbers = numbers_of(store, span, today)
    months = scores.by_month(scope.but(model=None), span)
    known = SurveyModel.objects.in_bulk(months)
    counted = {pk: scores.of_span(of, span) for pk, of in months.items()}
    used = sorted(
        (known[pk] for pk, found in counted.items() if found.now.n),
        key=lambda model: (not model.of_buyers, model.effective_from or date.min),
    )
    model = _chosen(used, scope)
    scope = scope.but(model=model.pk if model else 0)
    groups = scores.by_groups(scope, span) if model else scores.Groups({}, {}, {})
    return Sheet(
        span=span,
        models=[(one, counted[one.pk].now.n) for one in used],
        model=model,
        index=counted[model.pk] if model else Beside(),
        trend=[
            (known[pk], {month: of[month] for month in span.trend if month in of})
            for pk, of in sorted(months.items(), key=lambda pair: min(pair[1]))
            if model and known[pk].of_buyers == model.of_buyers
        ],
        factors=_factors(model, scope, span, numbers, by),
        questions=_questions(model, scope, span, numbers),
        standards=_standards(model, scope, span),
        teams=_named(groups.teams, Team),
        consultants=_consultants(groups.consultants),
        car_models=_named(groups.car_models, CarModel),
        official=_official(store, span),
        numbers=numbers,
    )


def _chosen(used: list[SurveyModel], scope: Scope) -> SurveyModel | None:
    """The model asked for; else the last one in use of its kind, of buyers when none was."""
    asked = next((model for model in used if model.pk == scope.model), None)
    if asked or not used:
        return asked
    other = SurveyModel.objects.filter(pk=scope.model or 0, store__in=scope.stores).first()
    kind = [model for model in used if model.of_buyers == (other is None or other.of_buyers)]
    return kind[-1] if kind else None


def _factors(
    model: SurveyModel | None, scope: Scope, span: Span, numbers: SsiPolicy, by: int
) -> list[OfFactor]:
    """Those with the most points still to be won first."""
    if model is None:
        return []
    found = scores.by_factor(scope, span, numbers.low_factor)
    factors = list(model.factors.all())
    told = {gain.code: gain for gain in won(factors, found, by)}
    lines = [OfFactor(one, found.get(one.pk, Beside()), told.get(one.code)) for one in factors]
    return sorted(lines, key=lambda line: -(line.gain.to_win if line.gain else -1))


def won(factors: list[SurveyFactor], found: dict[int, Beside], by: int) -> list[Gain]:
    """What raising each factor by ``by`` points of its score would give (SSI-09)."""
    means = {one.code: found.get(one.pk, Beside()).now.mean for one in factors}
    return gains(
        [Factor(one.code, one.weight, ()) for one in factors],
        {code: None if mean is None else Decimal(repr(mean)) for code, mean in means.items()},
        Decimal(by),
    )


def _questions(
    model: SurveyModel | None, scope: Scope, span: Span, numbers: SsiPolicy
) -> list[OfQuestion]:
    if model is None:
        return []
    found = scores.by_question(scope, span, numbers.low_question)
    asked = SurveyQuestion.objects.filter(factor__model=model).select_related("factor")
    return [OfQuestion(one, found.get(one.pk, Beside())) for one in asked]


def _standards(model: SurveyModel | None, scope: Scope, span: Span) -> list[OfStandard]:
    if model is None:
        return []
    found = scores.by_standard(scope, span)
    asked = SurveyStandard.objects.filter(model=model, pk__in=found).order_by("place")
    return [OfStandard(one, found[one.pk]) for one in asked]


def _named(found: dict[Any, Beside], named: Any) -> list[Ranked]:
    names = named.objects.in_bulk([pk for pk in found if pk])
    return ranked(Ranked(pk, str(names[pk]) if pk else "", its) for pk, its in found.items())


def _consultants(found: dict[tuple[int | None, str], Beside]) -> list[Ranked]:
    people = User.objects.in_bulk([pk for pk, _name in found if pk])
    return ranked(
        Ranked((pk, name), str(people[pk]) if pk else name, its)
        for (pk, name), its in found.items()
    )


def ranked(lines: Iterable[Ranked]) -> list[Ranked]:
    """Those with enough answers by their mean; after them those with too few, without a rank.

    Who has no answers now is left out.
    """
    there = [line for line in lines if line.found.now.n]
    sure = [line for line in there if not line.found.now.few]
    sure.sort(key=lambda line: (-(line.found.now.mean or 0), line.name))
    few = sorted(
        (line for line in there if line.found.now.few),
        key=lambda line: (-line.found.now.n, line.name),
    )
    return [
        Ranked(line.key, line.name, line.found, rank) for rank, line in enumerate(sure, 1)
    ] + few


def _official(store: Store, span: Span) -> list[OfficialScore]:
    """Of the year of the span and the one before, the newest first."""
    years = (span.month.year - 1, span.month.year)
    return list(OfficialScore.objects.filter(store=store, year__in=years))
