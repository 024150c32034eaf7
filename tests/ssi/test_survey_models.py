"""Survey models: copied, changed, begun, superseded, frozen (SSI-01, SSI-02)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, models, transaction
from django.urls import get_resolver

from apps.core.errors import Refused
from apps.ssi.actions import survey_models as acts
from apps.ssi.actions.defaults import add_defaults
from apps.ssi.choices import ModelState
from apps.ssi.models import Response, SsiPolicy, SurveyFactor, SurveyModel, SurveyQuestion
from apps.ssi.policy.draft import QuestionDraft, StandardDraft, faults_of
from apps.ssi.policy.score import Factor, Question, score
from apps.ssi.queries.survey_models import content_of, models_of, not_taken_over
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY
from tests.ssi.made import finished_response, model_of

pytestmark = pytest.mark.django_db
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=9)
HEAD = {"name": "本店模型", "year": 2026, "origin": "本店"}


@pytest.fixture
def draft(store):
    return acts.copy_model(model_of(store))


def states(store, on=TODAY):
    return {one.model.code: one.state for one in models_of(store, on)}


def reweighed(content, **weights):
    """The same content with other weights of its factors."""
    factors = tuple(
        replace(one, weight=Decimal(weights.get(one.code, one.weight))) for one in content.factors
    )
    return replace(content, factors=factors)


def test_a_copy_is_a_new_version_with_everything_of_the_first(store, other_store):
    first = model_of(store)

    second, third = acts.copy_model(first), acts.copy_model(first)
    of_copy = acts.copy_model(second)

    codes = [row.code for row in (second, third, of_copy)]
    assert codes == ["published_2023-2", "published_2023-3", "published_2023-4"]
    assert second.name == "2023年公布模型（购车客户） 第2版"
    assert of_copy.name == "2023年公布模型（购车客户） 第4版"
    assert content_of(second) == content_of(first) == content_of(of_copy)
    assert (second.effective_from, second.of_buyers, second.store) == (None, True, store)
    assert set(second.factors.values_list("published", flat=True)) == {True}
    assert SurveyModel.objects.filter(store=other_store).count() == 5  # nothing came there


def test_a_copy_tells_which_weights_the_store_set(store):
    copy = acts.copy_model(model_of(store, "decks_six"))

    own = list(copy.factors.filter(published=False).values_list("code", flat=True))
    assert own == ["timing", "facility", "paperwork"]


def test_a_draft_is_saved_by_what_changed_in_it(draft):
    before = {row.code: row.pk for row in SurveyQuestion.objects.filter(factor__model=draft)}
    content = reweighed(content_of(draft), online="15", before="8")
    online = content.factors[0]
    fresh = QuestionDraft("", "网页好不好找，您打几分？", Decimal(40))
    questions = (replace(online.questions[0], weight=Decimal(60)), fresh)
    content = replace(
        content,
        factors=(*content.factors[1:], replace(online, questions=questions)),
        standards=(StandardDraft("", "有没有送您出门？"), *content.standards[:2]),
    )

    acts.save_draft(draft, HEAD, content)

    draft.refresh_from_db()
    assert (draft.name, draft.year, draft.origin) == ("本店模型", 2026, "本店")
    found = content_of(draft)
    assert [one.code for one in found.factors] == [
        *("before", "reception", "facility", "drive", "deal", "delivery", "online"),
    ]
    assert found.factors[-1].questions == (questions[0], replace(fresh, code="online_3"))
    after = {row.code: row.pk for row in SurveyQuestion.objects.filter(factor__model=draft)}
    assert after["online_1"] == before["online_1"]  # the same row with another weight
    assert [one.code for one in found.standards] == ["own1", "greeted", "introduced"]
    own = set(draft.factors.filter(published=False).values_list("code", flat=True))
    assert own == {"online", "before"}

    acts.save_draft(draft, HEAD, reweighed(found, online="14", before="9"))
    assert not draft.factors.filter(published=False).exists()  # the printed weights again


def test_weights_that_do_not_sum_to_a_hundred_are_refused(draft):
    before = content_of(draft)
    with pytest.raises(Refused, match=r"因子：权重合计 100\.50，超出 100 共 0\.50"):
        acts.save_draft(draft, HEAD, reweighed(before, online="14.50"))
    factor = before.factors[0]
    uneven = replace(factor, questions=(replace(factor.questions[0], weight=Decimal("49.99")),))
    with pytest.raises(Refused, match=r"线上体验：权重合计 49\.99，距 100 还差 50\.01"):
        acts.save_draft(draft, HEAD, replace(before, factors=(uneven, *before.factors[1:])))
    empty = replace(factor, questions=())
    assert faults_of(replace(before, factors=(empty, *before.factors[1:]))) == [
        "“线上体验”还没有问题。"
    ]
    assert faults_of(replace(before, factors=())) == ["模型至少要有一个因子。"]

    draft.refresh_from_db()
    assert (content_of(draft), draft.name) == (before, "2023年公布模型（购车客户） 第2版")


def test_a_model_begins_on_its_day_and_ends_the_one_before(store, draft):
    acts.start_model(draft, TOMORROW, on=TODAY)

    assert SurveyModel.objects.in_force(store, TODAY, of_buyers=True) == model_of(store)
    assert SurveyModel.objects.in_force(store, TOMORROW, of_buyers=True) == draft
    assert SurveyModel.objects.in_force(store, TOMORROW, of_buyers=False).code.endswith("lost")
    assert states(store) == {
        "published_2023": ModelState.IN_USE,
        "published_2023_lost": ModelState.IN_USE,
        "published_2023-2": ModelState.BEGINS,
        "published_2015": ModelState.SUPPLIED,
        "source_eight": ModelState.SUPPLIED,
        "decks_six": ModelState.SUPPLIED,
    }
    assert list(states(store))[:3] == ["published_2023", "published_2023_lost", "published_2023-2"]
    later = {one.model.code: one for one in models_of(store, TOMORROW)}
    assert later["published_2023"].state == ModelState.SUPERSEDED
    assert (later["published_2023"].until, later["published_2023-2"].until) == (TODAY, None)
    assert later["published_2023-2"].state == ModelState.IN_USE


def test_what_cannot_begin_is_refused(store, draft):
    with pytest.raises(Refused, match="明天"):
        acts.start_model(draft, TODAY, on=TODAY)
    acts.start_model(draft, TOMORROW, on=TODAY)
    other = model_of(store, "published_2015")
    with pytest.raises(Refused, match="当天已有另一个模型"):
        acts.start_model(other, TOMORROW, on=TODAY)
    with pytest.raises(Refused, match="已经设定过"):
        acts.start_model(draft, LATER, on=TODAY)
    lost = model_of(store, "published_2023_lost")
    acts.start_model(acts.copy_model(lost), TOMORROW, on=TODAY)  # of others it may be the same day
    SurveyFactor.objects.filter(model=other, code="deal").update(weight=19)
    with pytest.raises(Refused, match="还差 1"):
        acts.start_model(other, LATER, on=TODAY)

    other.refresh_from_db()
    draft.refresh_from_db()
    assert (other.effective_from, draft.effective_from) == (None, TOMORROW)


def test_only_a_start_that_has_not_come_is_taken_back(store, draft):
    acts.start_model(draft, TOMORROW, on=TODAY)
    acts.withdraw_start(draft, on=TODAY)
    assert states(store)["published_2023-2"] == ModelState.DRAFT

    acts.start_model(draft, TOMORROW, on=TODAY)
    for begun in (draft, model_of(store)):
        with pytest.raises(Refused, match="尚未到来"):
            acts.withdraw_start(begun, on=TOMORROW)
    draft.refresh_from_db()
    assert draft.effective_from == TOMORROW


def test_only_a_draft_is_changed_or_deleted(store, draft):
    content = content_of(draft)
    for row in (model_of(store), model_of(store, "published_2015")):
        for act in (
            lambda row=row: acts.save_draft(row, HEAD, content),
            lambda row=row: acts.delete_draft(row),
        ):
            with pytest.raises(Refused, match="复制"):
                act()
    acts.start_model(draft, TOMORROW, on=TODAY)
    with pytest.raises(Refused, match="复制"):
        acts.delete_draft(draft)
    acts.withdraw_start(draft, on=TODAY)
    acts.delete_draft(draft)

    assert sorted(SurveyModel.objects.filter(store=store).values_list("code", flat=True)) == [
        *("decks_six", "published_2015", "published_2023", "published_2023_lost", "source_eight"),
    ]


def test_a_store_from_before_takes_over_what_it_lacks(store):
    assert not not_taken_over(store)
    SurveyModel.objects.filter(store=store).delete()
    SsiPolicy.objects.filter(store=store).delete()
    assert not_taken_over(store)

    add_defaults(store)
    add_defaults(store)

    assert not not_taken_over(store)
    assert SurveyModel.objects.filter(store=store).count() == 5
    assert SurveyModel.objects.in_force(store, TODAY, of_buyers=True) == model_of(store)


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_that_begin_a_model_on_one_day_the_second_is_refused(store):
    one, two = acts.copy_model(model_of(store)), acts.copy_model(model_of(store))

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts.start_model(one, TOMORROW, on=TODAY)
        second = pool.submit(closing, acts.start_model, two, TOMORROW, on=TODAY)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    with pytest.raises(Refused, match="当天已有另一个模型"):
        second.result()

    two.refresh_from_db()
    assert two.effective_from is None


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_unique_key_is_the_wall(store, monkeypatch):
    """The control: who does not wait is stopped by the database, with nothing written."""
    one, two = acts.copy_model(model_of(store)), acts.copy_model(model_of(store))
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_kw: self)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts.start_model(one, TOMORROW, on=TODAY)
        second = pool.submit(closing, acts.start_model, two, TOMORROW, on=TODAY)
        wait_until_someone_waits_for_a_lock()
    with pytest.raises(IntegrityError, match="one_a_day"):
        second.result()

    two.refresh_from_db()
    assert two.effective_from is None


@pytest.mark.django_db(transaction=True)
def test_who_saves_a_draft_that_begins_meanwhile_is_refused(store):
    draft = acts.copy_model(model_of(store))
    before = content_of(draft)
    typed = reweighed(before, online="15", before="8")

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts.start_model(draft, TOMORROW, on=TODAY)
        second = pool.submit(closing, acts.save_draft, draft, HEAD, typed)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    with pytest.raises(Refused, match="复制"):
        second.result()

    assert content_of(draft) == before


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_model_would_change_after_its_day_was_set(store, monkeypatch):
    """The control: the guard is the row's lock and nothing else."""
    draft = acts.copy_model(model_of(store))
    typed = reweighed(content_of(draft), online="15", before="8")
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_kw: self)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts.start_model(draft, TOMORROW, on=TODAY)
        second = pool.submit(closing, acts.save_draft, draft, HEAD, typed)
        wait_until_someone_waits_for_a_lock()
    second.result()

    draft.refresh_from_db()
    assert (draft.effective_from, content_of(draft)) == (TOMORROW, typed)


@pytest.mark.django_db(transaction=True)
def test_two_take_the_supplied_models_over_at_once(store):
    SurveyModel.objects.filter(store=store).delete()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        add_defaults(store)
        second = pool.submit(closing, add_defaults, store)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    second.result()

    assert SurveyModel.objects.filter(store=store).count() == 5


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_who_takes_them_over_fails(store, monkeypatch):
    SurveyModel.objects.filter(store=store).delete()
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_kw: self)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        add_defaults(store)
        second = pool.submit(closing, add_defaults, store)
        wait_until_someone_waits_for_a_lock()
    with pytest.raises(IntegrityError, match="code_once"):
        second.result()

    assert SurveyModel.objects.filter(store=store).count() == 5


# Frozen at first use (must show 3)

RAW = {
    "the weight of a factor": "UPDATE ssi_surveyfactor SET weight = 50 WHERE model_id = {model}",
    "the name of a factor": "UPDATE ssi_surveyfactor SET name = 'x' WHERE model_id = {model}",
    "a factor more": (
        "INSERT INTO ssi_surveyfactor (store_id, model_id, place, code, name, weight, published)"
        " VALUES ({store}, {model}, 9, 'more', 'x', 1, false)"
    ),
    "a factor from elsewhere": (
        "UPDATE ssi_surveyfactor SET model_id = {model} WHERE id = {foreign}"
    ),
    "a factor to elsewhere": "UPDATE ssi_surveyfactor SET model_id = {other} WHERE id = {factor}",
    "a factor less": "DELETE FROM ssi_surveyfactor WHERE model_id = {model}",
    "the text of a question": "UPDATE ssi_surveyquestion SET text = 'x' WHERE factor_id = {factor}",
    "the weight of a question": (
        "UPDATE ssi_surveyquestion SET weight = 1 WHERE factor_id = {factor}"
    ),
    "a question more": (
        "INSERT INTO ssi_surveyquestion (store_id, factor_id, place, code, text, weight)"
        " VALUES ({store}, {factor}, 9, 'more', 'x', 1)"
    ),
    "a question from elsewhere": (
        "UPDATE ssi_surveyquestion SET factor_id = {factor} WHERE factor_id = {foreign}"
    ),
    "a question less": "DELETE FROM ssi_surveyquestion WHERE factor_id = {factor}",
    "the text of a standard": "UPDATE ssi_surveystandard SET text = 'x' WHERE model_id = {model}",
    "a standard more": (
        "INSERT INTO ssi_surveystandard (store_id, model_id, place, code, text)"
        " VALUES ({store}, {model}, 9, 'more', 'x')"
    ),
    "a standard less": "DELETE FROM ssi_surveystandard WHERE model_id = {model}",
    "its day": "UPDATE ssi_surveymodel SET effective_from = NULL WHERE id = {model}",
    "its customers": (
        "UPDATE ssi_surveymodel SET of_buyers = false, effective_from = NULL WHERE id = {model}"
    ),
    "the whole model": "DELETE FROM ssi_surveymodel WHERE id = {model}",
}


@pytest.mark.parametrize("what", RAW)
def test_nothing_of_a_model_in_use_changes_by_sql(store, other_store, what):
    used, other = model_of(store), model_of(store, "published_2015")
    ids = {
        "store": store.pk,
        "model": used.pk,
        "other": other.pk,
        "factor": used.factors.earliest("place").pk,
        "foreign": other.factors.get(code="start").pk,
    }
    statement = RAW[what].format(**ids)
    finished_response(other_store)  # what others answered freezes theirs, not this
    before = content_of(used)
    with transaction.atomic(), connection.cursor() as cursor:  # until then it is allowed
        cursor.execute(statement)
        transaction.set_rollback(True)
    finished_response(store)

    with (
        pytest.raises(InternalError, match="in use"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert content_of(used) == before
    used.refresh_from_db()
    assert used.of_buyers and used.effective_from


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.save(),
        lambda model: model.delete(),
        lambda model: model.factors.update(weight=50),
        lambda model: model.factors.first().delete(),
        lambda model: model.factors.create(
            store=model.store, place=9, code="more", name="x", weight=1, published=False
        ),
        lambda model: SurveyQuestion.objects.filter(factor__model=model).update(text="x"),
        lambda model: SurveyQuestion.objects.bulk_create(
            [SurveyQuestion(store=model.store, factor=model.factors.first(), place=9, weight=1)]
        ),
        lambda model: model.standards.all().delete(),
    ],
)
def test_nothing_of_a_model_in_use_changes_by_the_orm(store, change):
    finished_response(store)
    model, before = model_of(store), content_of(model_of(store))

    with (
        pytest.raises((InternalError, models.ProtectedError), match="in use|protected"),
        transaction.atomic(),
    ):
        change(model)

    assert content_of(model_of(store)) == before


def test_there_is_no_admin_by_which_a_model_could_be_changed():
    found = str(get_resolver().reverse_dict) + str(get_resolver().namespace_dict)
    assert "admin" not in found


def test_a_response_keeps_its_model_and_its_score_when_another_begins(store, draft):
    answers = {"online": 9, "delivery": 4, "delivery_2": None, "deal": None}
    response = finished_response(store, answers)
    old = model_of(store)
    assert response.score is not None
    acts.save_draft(draft, HEAD, reweighed(content_of(draft), online="4", delivery="32"))
    with time_machine.travel(NOW, tick=False):
        acts.start_model(draft, TOMORROW, on=TODAY)

    stored = Response.objects.get()
    given = {a.question.code: a.value for a in stored.answers.select_related("question")}
    assert (stored.model, stored.score) == (old, response.score)
    assert by(old, given).index == stored.score
    assert by(draft, given).index != stored.score  # by the new weights it would be another


def by(model, answers):
    factors = [
        Factor(f.code, f.weight, tuple(Question(q.code, q.weight) for q in f.questions))
        for f in content_of(model).factors
    ]
    return score(factors, answers)
