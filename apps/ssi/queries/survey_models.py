"""Survey models: which is asked, which was, what they consist of (SSI-01, SSI-02)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, QuerySet

from apps.accounts.models import Store
from apps.care.choices import SURVEYS
from apps.care.models import Script
from apps.messaging.choices import TemplateKey
from apps.messaging.models import MessageTemplate
from apps.ssi.choices import ModelState, ResponseStatus
from apps.ssi.models import (
    Response,
    SsiPolicy,
    SurveyFactor,
    SurveyModel,
    SurveyQuestion,
)
from apps.ssi.policy.draft import Content, FactorDraft, QuestionDraft, StandardDraft
from apps.ssi.supplied import BY_CODE

IN_ORDER = list(ModelState)


@dataclass(frozen=True)
class Shown:
    """A model with its state on a day; ``until``: its last day, if another follows."""

    model: SurveyModel
    state: ModelState
    until: date | None
    responses: int  # finished

    @property
    def is_draft(self) -> bool:
        return self.state == ModelState.DRAFT


def factors_of(model: SurveyModel) -> QuerySet[SurveyFactor]:
    """The factors of ``model`` with their questions, in their order. Two queries."""
    questions = SurveyQuestion.objects.order_by("place")
    return model.factors.order_by("place").prefetch_related(Prefetch("questions", questions))


def models_of(store: Store, today: date) -> list[Shown]:
    """Every model of ``store``: in use first, buyers before lost buyers. Three queries."""
    done = Response.objects.filter(store=store, status=ResponseStatus.DONE).order_by()
    counted = dict(done.values_list("model").annotate(Count("pk")))
    models = SurveyModel.objects.filter(store=store).prefetch_related(
        Prefetch("factors", SurveyFactor.objects.order_by("place"))
    )
    begun = sorted((m.effective_from, m.pk, m) for m in models if m.effective_from)
    after: dict[int, date] = {}
    following: dict[bool, date] = {}
    for day, pk, model in reversed(begun):
        if model.of_buyers in following:
            after[pk] = following[model.of_buyers]
        following[model.of_buyers] = day
    found = [
        _shown(model, after.get(model.pk), counted.get(model.pk, 0), today) for model in models
    ]
    return sorted(found, key=_place)


def _shown(model: SurveyModel, after: date | None, responses: int, today: date) -> Shown:
    if model.effective_from is None:
        state = ModelState.SUPPLIED if model.code in BY_CODE else ModelState.DRAFT
    elif model.effective_from > today:
        state = ModelState.BEGINS
    elif after and after <= today:
        state = ModelState.SUPERSEDED
    else:
        state = ModelState.IN_USE
    return Shown(model, state, after - timedelta(days=1) if after else None, responses)


def _place(shown: Shown) -> tuple[int, bool, int, int]:
    day = shown.model.effective_from
    return (
        IN_ORDER.index(shown.state),
        not shown.model.of_buyers,
        -day.toordinal() if day else -shown.model.year,
        shown.model.pk,
    )


def shown(model: SurveyModel, today: date) -> Shown:
    """One model as the list shows it."""
    return next(one for one in models_of(model.store, today) if one.model.pk == model.pk)


def content_of(model: SurveyModel) -> Content:
    """What is asked by ``model``, as plain values. Three queries."""
    return Content(
        tuple(
            FactorDraft(
                factor.code,
                factor.name,
                factor.weight,
                tuple(QuestionDraft(q.code, q.text, q.weight) for q in factor.questions.all()),
            )
            for factor in factors_of(model)
        ),
        tuple(StandardDraft(one.code, one.text) for one in model.standards.order_by("place")),
    )


def not_taken_over(store: Store) -> bool:
    """Does the store lack a supplied model, numbers, or the words by which it is asked? Four
    queries at most."""
    have = SurveyModel.objects.filter(store=store, code__in=BY_CODE).count()
    scripts = Script.objects.filter(store=store, kind__in=SURVEYS).values("kind").distinct()
    texts = MessageTemplate.objects.filter(store=store, key=TemplateKey.SURVEY)
    return (
        have < len(BY_CODE)
        or scripts.count() < len(SURVEYS)
        or not SsiPolicy.objects.filter(store=store).exists()
        or not texts.exists()
    )
