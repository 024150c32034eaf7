"""What a survey model consists of, as plain values, and when it can be asked (SSI-01, SSI-02)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.ssi.policy.score import refuse_weights

MOST_FACTORS, MOST_QUESTIONS, MOST_STANDARDS = 12, 12, 20


@dataclass(frozen=True)
class QuestionDraft:
    """One question; without a code a new one."""

    code: str
    text: str
    weight: Decimal


@dataclass(frozen=True)
class FactorDraft:
    code: str
    name: str
    weight: Decimal
    questions: tuple[QuestionDraft, ...]


@dataclass(frozen=True)
class StandardDraft:
    code: str
    text: str


@dataclass(frozen=True)
class Content:
    """Everything of a model that is asked and counted, in its order."""

    factors: tuple[FactorDraft, ...]
    standards: tuple[StandardDraft, ...]


def told_sum(weights: Sequence[Decimal]) -> str:
    """What is wrong with weights that do not sum to exactly 100 per cent; "" when they do."""
    missing = refuse_weights(weights)
    if not missing:
        return ""
    words = {"sum": f"{sum(weights, Decimal(0)):.2f}", "by": f"{abs(missing):.2f}"}
    if missing > 0:
        return _("The weights sum to %(sum)s: %(by)s are missing to 100.") % words
    return _("The weights sum to %(sum)s: %(by)s more than 100.") % words


def faults_of(content: Content) -> list[str]:
    """Why these factors and questions cannot be asked; nothing when they can (SSI-01)."""
    if not content.factors:
        return [_("A model needs at least one factor.")]
    found = []
    if wrong := told_sum([factor.weight for factor in content.factors]):
        found.append(_("Factors: %(wrong)s") % {"wrong": wrong})
    for factor in content.factors:
        if not factor.questions:
            found.append(_("%(factor)s has no question.") % {"factor": factor.name})
        elif wrong := told_sum([question.weight for question in factor.questions]):
            found.append(_("%(factor)s: %(wrong)s") % {"factor": factor.name, "wrong": wrong})
    return found


def free_code(beginning: str, taken: Collection[str]) -> str:
    """The first of ``beginning``1, 2, 3 … that nothing has yet."""
    number = 1
    while f"{beginning}{number}" in taken:
        number += 1
    return f"{beginning}{number}"


def base_of(code: str) -> str:
    """The code of the supplied model from which a version comes: ``x`` of ``x-2``."""
    return code.rsplit("-", 1)[0]
