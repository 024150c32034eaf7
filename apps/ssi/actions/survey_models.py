"""Survey models: a copy is changed, begins on a day, and is then superseded (SSI-01, SSI-02).

What somebody has answered is frozen by database triggers besides (``models/survey.py``).
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.ssi.models import SurveyFactor, SurveyModel, SurveyQuestion, SurveyStandard
from apps.ssi.policy.draft import Content, FactorDraft, base_of, faults_of, free_code
from apps.ssi.queries.survey_models import content_of
from apps.ssi.supplied import BY_CODE, is_published, version_name


@action
def copy_model(model: SurveyModel) -> SurveyModel:
    """A new version to be changed, ``<code>-2`` or the next free number; it is not in use."""
    store: Store = locked(model.store)
    base, number = base_of(model.code), 2
    taken = set(SurveyModel.objects.filter(store=store).values_list("code", flat=True))
    while f"{base}-{number}" in taken:
        number += 1
    copy = SurveyModel.objects.create(
        store=store,
        code=f"{base}-{number}",
        name=version_name(model.name, number),
        year=model.year,
        origin=model.origin,
        of_buyers=model.of_buyers,
    )
    _write(copy, content_of(model))
    return copy


@action
def save_draft(model: SurveyModel, head: dict[str, Any], content: Content) -> SurveyModel:
    """Name, year and origin, factors, questions and standards of a model that is not in use.

    A weight is called published while it is the one that the origin printed. Refused: a model
    that is supplied, begins or has begun; weights that do not sum to 100 (SSI-01).
    """
    model = _draft(model)
    if faults := faults_of(content):
        raise Refused(" ".join(faults))
    model.name, model.year, model.origin = head["name"], head["year"], head["origin"]
    model.save(update_fields=["name", "year", "origin"])
    _write(model, content)
    return model


@action
def start_model(model: SurveyModel, effective_from: date, *, on: date) -> SurveyModel:
    """From this day on the store asks by ``model``; the one before it is superseded that day.

    Refused: a day that has begun, one on which another begins for the same customers, a model
    that began before (copy it), weights that do not sum to 100.
    """
    if effective_from <= on:
        raise Refused(_("Choose a day from tomorrow on: today is asked by the model in use."))
    rivals = SurveyModel.objects.filter(store=model.store_id, of_buyers=model.of_buyers)
    rows = {row.pk: row for row in rivals.order_by("pk").select_for_update()}
    if model.pk not in rows:
        raise Refused(_("It is not there any more: somebody changed it meanwhile. Load it again."))
    model = rows[model.pk]
    if model.effective_from is not None:
        raise Refused(_("This model has a day of its own already."))
    if any(row.effective_from == effective_from for row in rows.values()):
        raise Refused(_("Another model begins on that day. Choose another day."))
    if faults := faults_of(content_of(model)):
        raise Refused(" ".join(faults))
    model.effective_from = effective_from
    model.save(update_fields=["effective_from"])
    return model


@action
def withdraw_start(model: SurveyModel, *, on: date) -> SurveyModel:
    """Take back a start that has not come. Refused: one that has, since it was asked by it."""
    model = locked(model)
    if model.effective_from is None or model.effective_from <= on:
        raise Refused(_("Only a start that has not come can be taken back."))
    model.effective_from = None
    model.save(update_fields=["effective_from"])
    return model


@action
def delete_draft(model: SurveyModel) -> None:
    """A copy that is not wanted. Refused: a model that is supplied, begins or has begun."""
    _draft(model).delete()


def _draft(model: SurveyModel) -> SurveyModel:
    model = locked(model)
    if model.code in BY_CODE:
        raise Refused(_("A supplied model stays as it is. Copy it and change the copy."))
    if model.effective_from is not None:
        raise Refused(
            _("A model that begins or has begun is not changed. Copy it and change the copy.")
        )
    return model


def _write(model: SurveyModel, content: Content) -> None:
    """Make the rows of ``model`` what ``content`` says; rows are known by their code."""
    have = {row.code: row for row in model.factors.all()}
    kept = {factor.code for factor in content.factors if factor.code}
    model.factors.exclude(code__in=kept).delete()
    taken = set(have) | kept
    for place, factor in enumerate(content.factors, 1):
        code = factor.code or free_code("own", taken)
        taken.add(code)
        values = {
            "place": place,
            "name": factor.name,
            "weight": factor.weight,
            "published": is_published(base_of(model.code), code, factor.weight),
        }
        row = _put(SurveyFactor, have.get(code), values, model=model, code=code)
        _write_questions(model, row, factor)
    standards = {row.code: row for row in model.standards.all()}
    kept = {one.code for one in content.standards if one.code}
    model.standards.exclude(code__in=kept).delete()
    taken = set(standards) | kept
    for place, one in enumerate(content.standards, 1):
        code = one.code or free_code("own", taken)
        taken.add(code)
        values = {"place": place, "text": one.text}
        _put(SurveyStandard, standards.get(code), values, model=model, code=code)


def _write_questions(model: SurveyModel, row: SurveyFactor, factor: FactorDraft) -> None:
    have = {one.code: one for one in row.questions.all()}
    kept = {question.code for question in factor.questions if question.code}
    row.questions.exclude(code__in=kept).delete()
    taken = set(have) | kept
    for place, question in enumerate(factor.questions, 1):
        code = question.code or free_code(f"{row.code}_", taken)
        taken.add(code)
        values = {"place": place, "text": question.text, "weight": question.weight}
        _put(SurveyQuestion, have.get(code), values, factor=row, code=code, store=model.store)


def _put(kind: Any, row: Any, values: dict[str, Any], **key: Any) -> Any:
    """Save ``row`` if it differs from ``values``, or make it; the history keeps what changed."""
    if row is None:
        store = key.get("store") or key["model"].store
        return kind.objects.create(**{**key, "store": store}, **values)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return row
