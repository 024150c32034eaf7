"""A survey model as it is asked: its factors, questions and standards in their order."""

from dataclasses import dataclass

from apps.ssi.models import SurveyFactor, SurveyQuestion, SurveyStandard
from apps.ssi.policy.score import Factor, Question


@dataclass(frozen=True)
class Sheet:
    """Everything that is asked by one model."""

    questions: tuple[SurveyQuestion, ...]  # each with its factor
    standards: tuple[SurveyStandard, ...]

    @property
    def factors(self) -> list[SurveyFactor]:
        return list({question.factor_id: question.factor for question in self.questions}.values())

    @property
    def scale(self) -> list[Factor]:
        """The factors as the score reads them; a question's code here is its pk (``key``)."""
        return [
            Factor(
                factor.code,
                factor.weight,
                tuple(
                    Question(key(q), q.weight) for q in self.questions if q.factor_id == factor.pk
                ),
            )
            for factor in self.factors
        ]

    @property
    def texts(self) -> list[str]:
        """What is read to the customer."""
        return [row.text for row in self.questions] + [row.text for row in self.standards]


def key(question: SurveyQuestion) -> str:
    """A question's own code is its factor's only; of a whole sheet this is unique."""
    return str(question.pk)


def sheet_of(model_id: int) -> Sheet:
    """Two queries."""
    questions = SurveyQuestion.objects.filter(factor__model=model_id).select_related("factor")
    standards = SurveyStandard.objects.filter(model=model_id)
    return Sheet(
        tuple(questions.order_by("factor__place", "factor_id", "place", "pk")),
        tuple(standards.order_by("place", "pk")),
    )
