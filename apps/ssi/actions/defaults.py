"""What a new store starts with (SSI-02)."""

from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.ssi.models import (
    SsiPolicy,
    SurveyFactor,
    SurveyModel,
    SurveyQuestion,
    SurveyStandard,
)
from apps.ssi.supplied import START_WITH, SUPPLIED, SuppliedModel, equal_weights

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The numbers of surveys and the supplied models; a second time adds what is missing."""
    SsiPolicy.objects.get_or_create(store=store, effective_from=FROM_THE_START)
    have = set(SurveyModel.objects.filter(store=store).values_list("code", flat=True))
    for supplied in SUPPLIED:
        if supplied.code not in have:
            _add(store, supplied)


def _add(store: Store, supplied: SuppliedModel) -> None:
    begins = FROM_THE_START if supplied.code in START_WITH else None
    if begins and SurveyModel.objects.in_force(store, date.max, of_buyers=supplied.of_buyers):
        begins = None  # the store asks by another already
    model = SurveyModel.objects.create(
        store=store,
        code=supplied.code,
        name=supplied.name,
        year=supplied.year,
        origin=supplied.origin,
        of_buyers=supplied.of_buyers,
        effective_from=begins,
    )
    factors = SurveyFactor.objects.bulk_create(
        SurveyFactor(
            store=store,
            model=model,
            place=place,
            code=factor.code,
            name=factor.name,
            weight=factor.weight,
            published=factor.published,
        )
        for place, factor in enumerate(supplied.factors, 1)
    )
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            store=store,
            factor=row,
            place=place,
            code=f"{factor.code}_{place}",
            text=text,
            weight=weight,
        )
        for row, factor in zip(factors, supplied.factors, strict=True)
        for place, (text, weight) in enumerate(
            zip(factor.questions, equal_weights(len(factor.questions)), strict=True), 1
        )
    )
    SurveyStandard.objects.bulk_create(
        SurveyStandard(store=store, model=model, place=place, code=code, text=text)
        for place, (code, text) in enumerate(supplied.standards, 1)
    )
