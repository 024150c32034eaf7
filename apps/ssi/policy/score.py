"""The index of 1000 points and its factors (SSI-01, SSI-07).

Answers are whole numbers from 1 to 10, None for *does not apply*. Weights are per cent as
Decimal. Everything inside is exact (fractions); what leaves is rounded once, half up, to 0.01.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

LOWEST, HIGHEST = 1, 10  # of an answer
POINTS = 100  # a point of the scale, of the index
WHOLE = Decimal(100)

Answers = Mapping[str, int | None]  # code of the question → answer


@dataclass(frozen=True)
class Question:
    """One question of the scale and its share of its factor, in per cent."""

    code: str
    weight: Decimal


@dataclass(frozen=True)
class Factor:
    """One factor, its share of the index in per cent, and its questions."""

    code: str
    weight: Decimal
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Score:
    """``index`` from 100 to 1000 and each factor's score likewise; None without an answer."""

    index: Decimal | None
    factors: dict[str, Decimal | None]


def score(factors: Sequence[Factor], answers: Answers) -> Score:
    """The scores of one response.

    A question that does not apply gives its weight to the answered ones of its factor, a
    factor without an answer gives its to the others, pro rata. Raises ValueError for an
    answer outside the scale.
    """
    exact = {factor.code: factor_mean(factor, answers) for factor in factors}
    weights = {factor.code: Fraction(factor.weight) for factor in factors}
    return Score(_points(weighted(exact, weights)), {code: _points(m) for code, m in exact.items()})


def factor_mean(factor: Factor, answers: Answers) -> Fraction | None:
    """The weighted mean of the answered questions, 1 to 10; None when none was answered."""
    given = {}
    for question in factor.questions:
        answer = answers.get(question.code)
        if answer is not None and not LOWEST <= answer <= HIGHEST:
            raise ValueError(f"{question.code}: {answer} is not between {LOWEST} and {HIGHEST}")
        given[question.code] = None if answer is None else Fraction(answer)
    return weighted(given, {q.code: Fraction(q.weight) for q in factor.questions})


def weighted(
    values: Mapping[str, Fraction | None], weights: Mapping[str, Fraction]
) -> Fraction | None:
    """The mean of the values that are there, by their weights; None when none is."""
    there = {code: value for code, value in values.items() if value is not None}
    whole = sum((weights[code] for code in there), Fraction(0))
    if not whole:
        return None
    total = sum((weights[code] * value for code, value in there.items()), Fraction(0))
    return total / whole


def _points(mean: Fraction | None) -> Decimal | None:
    return None if mean is None else half_up(mean * POINTS)


def half_up(value: Fraction) -> Decimal:
    """To 0.01, exactly half goes up."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def refuse_weights(weights: Sequence[Decimal]) -> Decimal:
    """What is missing to 100 per cent; 0 when the weights are right (SSI-01)."""
    return WHOLE - sum(weights, Decimal(0))


@dataclass(frozen=True)
class Gain:
    """What raising one factor would give (SSI-09)."""

    code: str
    to_win: Decimal  # points of the index still to be won by this factor
    raised: Decimal  # points that raising its score by the asked number gives


def gains(
    factors: Sequence[Factor], scores: Mapping[str, Decimal | None], by: Decimal
) -> list[Gain]:
    """The factors by the points still to be won, the most first.

    ``scores`` are factor scores (100 to 1000), ``by`` how many points of its own score each
    would be raised, never over 1000. A factor without a score wins nothing.
    """
    whole = sum((f.weight for f in factors if scores.get(f.code) is not None), Decimal(0))
    found = []
    for factor in factors:
        now = scores.get(factor.code)
        if now is None or not whole:
            continue
        share = Fraction(factor.weight) / Fraction(whole)
        room = Fraction(1000) - Fraction(now)
        step = min(room, Fraction(by))
        found.append(Gain(factor.code, half_up(share * room), half_up(share * step)))
    return sorted(found, key=lambda gain: -gain.to_win)
