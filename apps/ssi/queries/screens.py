"""What the survey screen shows: where the survey stands, and what is asked next (SSI-03)."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from apps.ssi.models import Answer, Response, StandardAnswer, SurveyQuestion, SurveyStandard

WHO, STANDARDS, END = "who", "standards", "end"


@dataclass(frozen=True)
class Screen:
    """``questions`` carry ``value``, ``word`` and whether they were ``answered``."""

    response: Response
    questions: list[Any]
    step: str  # WHO, STANDARDS, END, or the pk of a question

    @property
    def question(self) -> Any:
        return next((q for q in self.questions if str(q.pk) == self.step), None)

    @property
    def left(self) -> list[Any]:
        return [q for q in self.questions if not q.answered]

    @property
    def done(self) -> int:
        return len(self.questions) - len(self.left)

    @property
    def number(self) -> int:
        return [str(q.pk) for q in self.questions].index(self.step) + 1

    @property
    def steps(self) -> list[str]:
        return [WHO, *(str(q.pk) for q in self.questions), STANDARDS, END]

    @property
    def back(self) -> str:
        place = self.steps.index(self.step)
        return self.steps[place - 1] if place else ""

    @property
    def factors(self) -> list[tuple[Any, list[Any]]]:
        rows = groupby(self.questions, key=lambda question: question.factor)
        return [(factor, list(questions)) for factor, questions in rows]


def screen_of(response: Response, *, step: str = "", after: int | None = None) -> Screen:
    """At ``step``; else at what comes ``after`` a question; else where it was broken off.
    One query."""
    given = Answer.objects.filter(response=response, question=OuterRef("pk"))
    rows = SurveyQuestion.objects.filter(factor__model=response.model_id).select_related("factor")
    questions = list(
        rows.annotate(
            answered=Exists(given),
            value=Subquery(given.values("value")[:1]),
            word=Subquery(given.values("word")[:1]),
        ).order_by("factor__place", "factor_id", "place", "pk")
    )
    screen = Screen(response, questions, WHO)
    if step in screen.steps:
        return Screen(response, questions, step)
    return Screen(response, questions, _next(screen, after))


def _next(screen: Screen, after: int | None) -> str:
    if after is None and screen.response.name_right is None and not screen.done:
        return WHO
    places = [question.pk for question in screen.questions]
    start = places.index(after) + 1 if after in places else 0
    following = [*screen.questions[start:], *screen.questions[:start]]
    return next((str(q.pk) for q in following if not q.answered), STANDARDS)


def standards_of(response: Response) -> list[Any]:
    """Each with ``kept``, ``answered``, and the name of its ``field``. One query."""
    given = StandardAnswer.objects.filter(response=response, standard=OuterRef("pk"))
    rows = SurveyStandard.objects.filter(model=response.model_id)
    found = rows.annotate(answered=Exists(given), kept=Subquery(given.values("kept")[:1]))
    standards: list[Any] = list(found.order_by("place", "pk"))
    for standard in standards:
        standard.field = f"s{standard.pk}"
    return standards
