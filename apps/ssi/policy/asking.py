"""How a survey is asked: the time it took, and what of it calls for a quick response (SSI-04)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.ssi.policy.score import POINTS, Answers, Factor

LONGEST_PAUSE = timedelta(seconds=60)  # between two answers; what is longer was broken off


def spoken_seconds(begun: datetime, answered: Iterable[datetime]) -> int:
    """How long a customer was asked, over all sittings.

    The time from one answer to the next, from ``begun`` to the first; of a longer pause, in
    which the conversation was broken off or went elsewhere, no more than a minute counts.
    """
    moments = [begun, *sorted(at for at in answered if at > begun)]
    pairs = zip(moments, moments[1:], strict=False)
    spoken = sum((min(after - before, LONGEST_PAUSE) for before, after in pairs), timedelta())
    return int(spoken.total_seconds())


@dataclass(frozen=True)
class Failed:
    """What was answered so low that somebody must see to it: codes of factors and questions."""

    factors: tuple[str, ...]
    questions: tuple[str, ...]


def failed(
    factors: Sequence[Factor],
    answers: Answers,
    scores: Mapping[str, Decimal | None],
    *,
    low_factor: int,
    low_question: int,
) -> Failed:
    """The factors below ``low_factor`` (of 1000) and the questions to be asked again.

    A question fails by an answer of ``low_question`` or less; of a low factor without one, those
    of its questions fail that pull it below the line.
    """
    low, asked = [], []
    for factor in factors:
        given = {q.code: value for q in factor.questions if (value := answers.get(q.code))}
        worst = [code for code, value in given.items() if value <= low_question]
        points = scores.get(factor.code)
        if points is not None and points < low_factor:
            low.append(factor.code)
            worst = worst or [code for code, value in given.items() if value * POINTS < low_factor]
        asked += worst
    return Failed(tuple(low), tuple(asked))
