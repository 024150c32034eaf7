"""What a new store starts with (SSI-02)."""

from datetime import date

from apps.accounts.models import Store
from apps.care.actions import defaults as care
from apps.checklists.actions import add_default
from apps.core.actions import action
from apps.core.moves import locked
from apps.messaging import actions as messaging
from apps.ssi.guide_supplied import GUIDE
from apps.ssi.models import (
    GuideAction,
    SsiPolicy,
    SurveyFactor,
    SurveyModel,
    SurveyQuestion,
    SurveyStandard,
)
from apps.ssi.rooms_supplied import ROOMS
from apps.ssi.supplied import START_WITH, SUPPLIED, SuppliedModel, equal_weights

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The numbers of surveys, the supplied models with the scripts and the message by which they
    are asked, the action guide and the checks of rooms; a second time adds what is missing, and
    two at once wait for each other."""
    locked(store)
    messaging.add_defaults(store)
    care.add_defaults(store)
    SsiPolicy.objects.get_or_create(store=store, effective_from=FROM_THE_START)
    have = set(SurveyModel.objects.filter(store=store).values_list("code", flat=True))
    for supplied in SUPPLIED:
        if supplied.code not in have:
            _add(store, supplied)
    _add_guide(store)
    _add_rooms(store)


def _add_guide(store: Store) -> None:
    """Factors of which the store has a line already, in use or not, are its own business."""
    have = set(GuideAction.objects.filter(store=store).values_list("factor", flat=True))
    GuideAction.objects.bulk_create(
        GuideAction(store=store, factor=factor, place=place, weakness=weakness, action=against)
        for factor, lines in GUIDE.items()
        if factor not in have
        for place, (weakness, against) in enumerate(lines, 1)
    )


def _add_rooms(store: Store) -> None:
    for kind, points in ROOMS.items():
        add_default(store, kind, points)


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
    _add_questions(model, supplied)
    SurveyStandard.objects.bulk_create(
        SurveyStandard(store=store, model=model, place=place, code=code, text=text)
        for place, (code, text) in enumerate(supplied.standards, 1)
    )


def _add_questions(model: SurveyModel, supplied: SuppliedModel) -> None:
    factors = SurveyFactor.objects.bulk_create(
        SurveyFactor(
            store_id=model.store_id,
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
            store_id=model.store_id,
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
