"""Finished survey responses, with the rows that the answering of a survey leaves behind."""

from datetime import datetime, timedelta

from apps.delivery.models import Delivery
from apps.reception.choices.opportunity import LostReason, OpportunityStatus
from apps.reception.choices.visit import Source
from apps.reception.models import Opportunity
from apps.ssi.choices import ResponseStatus, Round
from apps.ssi.models import (
    Answer,
    FactorScore,
    Response,
    StandardAnswer,
    SurveyModel,
    SurveyStandard,
)
from apps.ssi.policy.score import Factor, Question, score
from tests.factories import SHANGHAI, TODAY, make_customer, make_user, make_vehicle

USUAL = 8
BUYERS, LOST = "published_2023", "published_2023_lost"  # what a new store asks by


def model_of(store, code=BUYERS):
    return SurveyModel.objects.get(store=store, code=code)


def finished_response(
    store,
    answers=None,
    *,
    round=Round.FIRST,
    on=TODAY,
    model=None,
    standards=None,
    spoken_seconds=300,
    **fields,
):
    """A response that was finished at ten o'clock of day ``on``, with its scores.

    ``answers`` is a number for every question, or a mapping of a question's code (or of a
    factor's, for all its questions) to a number or None for *does not apply*; what is not named
    is 8. ``standards`` maps codes to True, False or None. ``fields`` are columns of Response,
    e.g. consultant, team, car_model, interviewer, marks, complaint, customer, delivery.
    """
    model = model or model_of(store, LOST if round == Round.LOST else BUYERS)
    factors = list(model.factors.prefetch_related("questions"))
    given = _given(factors, answers)
    found = score(
        [
            Factor(f.code, f.weight, tuple(Question(q.code, q.weight) for q in f.questions.all()))
            for f in factors
        ],
        given,
    )
    ended = datetime(on.year, on.month, on.day, 10, tzinfo=SHANGHAI)
    response = Response.objects.create(
        store=store,
        model=model,
        round=round,
        status=ResponseStatus.DONE,
        on=on,
        started_at=ended - timedelta(seconds=spoken_seconds),
        ended_at=ended,
        spoken_seconds=spoken_seconds,
        score=found.index,
        **_about(store, round, on, fields),
    )
    _answered(response, factors, given, found.factors, standards or {})
    return response


def _given(factors, answers):
    told = answers if isinstance(answers, dict) else {}
    other = USUAL if answers is None or isinstance(answers, dict) else answers
    return {
        question.code: told.get(question.code, told.get(factor.code, other))
        for factor in factors
        for question in factor.questions.all()
    }


def _about(store, round, on, fields):
    """Whom and what it is about: a delivery of two days before, or a purchase that was lost."""
    if fields.get("consultant"):
        fields.setdefault("consultant_name", fields["consultant"].name)
    if round == Round.LOST:
        wanted = fields.get("opportunity") or lost_purchase(store, **_lost_of(fields))
        return fields | {"opportunity": wanted, "customer": wanted.customer}
    given = fields.get("delivery") or _delivery(store, on, fields)
    return {"customer": given.customer, "vehicle": given.vehicle} | fields | {"delivery": given}


def _lost_of(fields):
    return {name: fields[name] for name in ("customer", "consultant") if fields.get(name)}


def lost_purchase(store, *, customer=None, consultant=None, closed_at=None, **fields):
    """An opportunity that the manager decided as lost."""
    consultant = consultant or store.people.filter(roles__contains=["sales_consultant"]).first()
    consultant = consultant or make_user(f"seller_{store.code}", store, "sales_consultant")
    closed_at = closed_at or datetime(2026, 11, 20, 17, tzinfo=SHANGHAI)
    return Opportunity.objects.create(
        store=store,
        customer=customer or make_customer(store),
        consultant=consultant,
        opened_by=consultant,
        opened_at=closed_at - timedelta(days=20),
        source=Source.WALK_IN,
        status=OpportunityStatus.LOST,
        lost_reason=LostReason.PRICE,
        closed_at=closed_at,
        **fields,
    )


def _delivery(store, on, fields):
    car = fields.get("vehicle") or make_vehicle(store, owner=fields.get("customer"))
    return Delivery.objects.create(
        store=store,
        vehicle=car,
        customer=fields.get("customer") or car.owner,
        delivered_on=on - timedelta(days=2),
        consultant=fields.get("consultant_name", ""),
    )


def _answered(response, factors, given, scores, standards):
    Answer.objects.bulk_create(
        Answer(
            store=response.store,
            response=response,
            question=question,
            value=given[question.code],
            at=response.ended_at,
        )
        for factor in factors
        for question in factor.questions.all()
    )
    FactorScore.objects.bulk_create(
        FactorScore(response=response, factor=factor, score=scores[factor.code])
        for factor in factors
        if scores[factor.code] is not None
    )
    StandardAnswer.objects.bulk_create(
        StandardAnswer(
            store=response.store, response=response, standard=asked, kept=standards[asked.code]
        )
        for asked in SurveyStandard.objects.filter(model=response.model_id, code__in=standards)
    )
