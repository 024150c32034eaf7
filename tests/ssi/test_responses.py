"""A survey is asked: begun, answered, broken off, finished, put right (SSI-03, 04, 07, 10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.choices import Role
from apps.accounts.models import Team, TeamMember
from apps.care.actions.results import Outcome, Talk, record
from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Attempt
from apps.complaints.models import AskedAgain, QuickResponse
from apps.core.errors import Refused
from apps.reception.models import CarModel
from apps.ssi.actions.responses import answer, correct, finish, judge, start, verify
from apps.ssi.actions.scoring import Given
from apps.ssi.choices import Mark, ResponseStatus, Round
from apps.ssi.models import (
    Answer,
    FactorScore,
    Response,
    SsiPolicy,
    StandardAnswer,
    SurveyModel,
    SurveyStandard,
)
from tests.factories import NOW, TODAY, make_user, make_vehicle
from tests.ssi.asked import (
    YESTERDAY,
    a_delivery,
    a_held_call,
    a_survey_call,
    asked_through,
    held,
    questions_of,
)
from tests.ssi.made import lost_purchase

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def call(store, other_store, specialist):
    asked_through(strange := a_held_call(other_store), strange.holder)
    return a_held_call(store, specialist)


def of(store):
    return Response.objects.filter(store=store)


def test_a_survey_begins_with_what_is_known_of_the_delivery(store, specialist):
    seller = make_user("seller", store, Role.SALES_CONSULTANT)
    team = Team.objects.create(store=store, name="一组")
    TeamMember.objects.create(store=store, user=seller, team=team, from_on=YESTERDAY)
    TeamMember.objects.create(store=store, user=seller, team=None, from_on=TODAY)
    model = CarModel.objects.create(store=store, brand="名爵", name="MG5")
    car = make_vehicle(store, model="MG5")
    delivery = a_delivery(store, vehicle=car, consultant="seller")
    call = a_held_call(store, specialist, delivery=delivery)

    response = start(call, by=specialist, now=NOW)

    assert (response.round, response.delivery, response.vehicle) == (Round.FIRST, delivery, car)
    assert (response.customer, response.call, response.store) == (car.owner, call, store)
    assert (response.consultant, response.consultant_name) == (seller, "seller")
    assert (response.team, response.car_model) == (team, model)
    assert (response.status, response.interviewer) == (ResponseStatus.OPEN, specialist)
    assert response.model == SurveyModel.objects.in_force(store, TODAY, of_buyers=True)
    assert response.started_at == NOW


def test_a_name_that_two_accounts_bear_is_nobodys(store, specialist):
    for name in ("a", "b"):
        person = make_user(name, store, Role.SALES_CONSULTANT)
        person.name = "王伟"
        person.save()
    delivery = a_delivery(store, consultant="王伟")

    response = start(a_held_call(store, specialist, delivery=delivery), by=specialist, now=NOW)

    assert (response.consultant, response.consultant_name, response.team) == (None, "王伟", None)


def test_a_lost_buyer_is_asked_by_the_model_of_lost_buyers(store, specialist):
    lost = lost_purchase(store)
    call = a_held_call(store, specialist)
    call.kind, call.cycle = CallKind.SSI_LOST, str(lost.pk)
    call.vehicle, call.customer = None, lost.customer
    call.save()

    response = asked_through(call, specialist)
    finish(call, by=specialist, now=LATER)

    response.refresh_from_db()
    assert (response.round, response.opportunity, response.delivery) == (Round.LOST, lost, None)
    assert (response.model.of_buyers, response.consultant) == (False, lost.consultant)
    assert response.score == Decimal("900.00")


def test_only_who_holds_the_call_begins_and_only_a_call_that_asks(
    store, specialist, other_specialist
):
    call = a_survey_call(store)
    with pytest.raises(Refused):
        start(call, by=specialist, now=NOW)
    held(call, specialist)
    with pytest.raises(Refused):
        start(call, by=other_specialist, now=NOW)
    call.kind = CallKind.MAINTENANCE
    call.save()
    with pytest.raises(Refused):
        start(call, by=specialist, now=NOW)
    assert not Response.objects.exists()


def test_it_is_broken_off_and_taken_up_again_by_another(call, store, specialist, other_specialist):
    response = start(call, by=specialist, now=NOW)
    first, second, *_others = questions_of(response)
    answer(call.pk, first.pk, 8, by=specialist, now=NOW + timedelta(seconds=20))
    again = NOW + timedelta(hours=3)
    later = Outcome(result=Result.CALL_LATER, again_at=again)
    record(by=specialist, now=NOW, claim=call.claim, talk=Talk(), outcomes={call.pk: later})
    with pytest.raises(Refused):
        answer(call.pk, second.pk, 8, by=specialist, now=again)

    call.refresh_from_db()
    held(call, other_specialist)
    same = start(call, by=other_specialist, now=again)
    answer(call.pk, second.pk, 7, by=other_specialist, now=again + timedelta(seconds=30))

    assert (same.pk, same.interviewer, same.started_at) == (response.pk, other_specialist, NOW)
    values = Answer.objects.filter(response=response).order_by("pk").values_list("value", flat=True)
    assert list(values) == [8, 7]


def test_an_answer_can_be_given_anew_and_does_not_have_to_apply(call, specialist):
    response = start(call, by=specialist, now=NOW)
    [question, *_others] = questions_of(response)

    answer(call.pk, question.pk, 3, word="没人理", by=specialist, now=NOW)
    answer(call.pk, question.pk, None, by=specialist, now=LATER)

    row = Answer.objects.get(response=response)
    assert (row.value, row.word, row.at) == (None, "", LATER)


@pytest.mark.parametrize(("value", "word"), [(0, ""), (11, ""), (4, ""), (1, "  ")])
def test_what_is_off_the_scale_or_low_without_a_word_is_refused(call, specialist, value, word):
    response = start(call, by=specialist, now=NOW)
    [question, *_others] = questions_of(response)

    with pytest.raises(Refused):
        answer(call.pk, question.pk, value, word=word, by=specialist, now=NOW)

    assert not Answer.objects.filter(response=response).exists()


def test_the_stores_number_says_which_answer_asks_for_a_word(call, store, specialist):
    SsiPolicy.objects.create(store=store, effective_from=TODAY, low_question=6)
    response = start(call, by=specialist, now=NOW)
    [question, *_others] = questions_of(response)

    with pytest.raises(Refused):
        answer(call.pk, question.pk, 6, by=specialist, now=NOW)
    answer(call.pk, question.pk, 7, by=specialist, now=NOW)


def test_a_question_or_standard_of_another_model_is_refused(call, store, specialist):
    start(call, by=specialist, now=NOW)
    other = SurveyModel.objects.get(store=store, code="published_2015")
    [foreign, *_others] = questions_of(Response(model=other))
    standard = SurveyStandard.objects.filter(model=other).first()

    with pytest.raises(Refused):
        answer(call.pk, foreign.pk, 9, by=specialist, now=NOW)
    with pytest.raises(Refused):
        judge(call.pk, {standard.pk: True}, by=specialist)


def test_who_was_asked_is_verified_and_standards_are_judged(call, specialist):
    response = start(call, by=specialist, now=NOW)
    [standard, other, *_others] = SurveyStandard.objects.filter(model=response.model)

    verify(call.pk, name=True, phone=False, car=None, by=specialist)
    judge(call.pk, {standard.pk: True, other.pk: None}, by=specialist)
    judge(call.pk, {standard.pk: False}, by=specialist)

    response.refresh_from_db()
    assert (response.name_right, response.phone_right, response.car_right) == (True, False, None)
    kept = StandardAnswer.objects.filter(response=response).order_by("standard__place")
    assert list(kept.values_list("standard", "kept")) == [(standard.pk, False), (other.pk, None)]


def test_the_end_scores_it_marks_it_and_settles_the_call(call, store, specialist):
    response = asked_through(call, specialist, 9, low={"delivery": 7})

    finish(call, remark="客户很满意", by=specialist, now=LATER)

    response.refresh_from_db()
    call.refresh_from_db()
    assert (response.status, response.on, response.ended_at) == (ResponseStatus.DONE, TODAY, LATER)
    # delivery weighs 22 of 100: 0.78 × 900 + 0.22 × 700
    assert response.score == Decimal("856.00")
    scores = FactorScore.objects.filter(response=response)
    delivery = scores.get(factor__code="delivery")
    assert (scores.count(), delivery.score) == (7, Decimal("700.00"))
    asked = len(questions_of(response))
    assert (response.spoken_seconds, response.marks) == (15 * asked, [])
    assert (response.remark, response.quick_response) == ("客户很满意", None)
    assert (call.status, call.result, call.holder) == (CallStatus.REACHED, Result.ANSWERED, None)
    attempt = Attempt.objects.get(call=call)
    assert (attempt.result, attempt.by, attempt.number) == (
        Result.ANSWERED,
        specialist,
        call.customer.main_phone,
    )
    assert attempt.script.kind == CallKind.SSI_FIRST


def test_without_any_answer_on_the_scale_there_is_no_score(call, specialist):
    response = asked_through(call, specialist, None)

    finish(call, by=specialist, now=LATER)

    response.refresh_from_db()
    assert (response.status, response.score) == (ResponseStatus.DONE, None)
    assert not FactorScore.objects.filter(response=response).exists()


def test_an_end_before_every_question_is_asked_changes_nothing(call, specialist):
    response = start(call, by=specialist, now=NOW)
    [question, *_others] = questions_of(response)
    answer(call.pk, question.pk, 9, by=specialist, now=NOW)

    with pytest.raises(Refused):
        finish(call, complaint="太慢", by=specialist, now=LATER)

    response.refresh_from_db()
    call.refresh_from_db()
    assert (response.status, response.complaint) == (ResponseStatus.OPEN, "")
    assert call.status == CallStatus.CLAIMED
    assert not Attempt.objects.filter(call=call).exists()


def test_the_result_key_alone_cannot_end_a_survey_call(call, specialist):
    outcome = {call.pk: Outcome(result=Result.ANSWERED)}
    with pytest.raises(Refused):
        record(by=specialist, now=NOW, claim=call.claim, talk=Talk(), outcomes=outcome)

    call.refresh_from_db()
    assert call.status == CallStatus.CLAIMED


def test_it_is_finished_once(call, store, specialist):
    asked_through(call, specialist)
    finish(call, by=specialist, now=LATER)
    call.refresh_from_db()

    with pytest.raises(Refused):
        finish(call, by=specialist, now=LATER)
    held(call, specialist)
    with pytest.raises(Refused):
        start(call, by=specialist, now=LATER)
    assert of(store).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row = of(store).get()
        row.pk, row.call = None, None
        row.save()


def test_low_answers_open_one_quick_response_with_the_failed_questions(call, store, specialist):
    response = asked_through(call, specialist, 9, low={"delivery": 4})
    failing = [q for q in questions_of(response) if q.factor.code == "delivery"]

    finish(call, by=specialist, now=LATER)

    [quick] = QuickResponse.objects.filter(store=store)
    assert (quick.origin, quick.department, quick.status) == ("survey", "sales", "approve")
    assert (quick.customer, quick.vehicle, quick.made_by) == (
        call.customer,
        call.vehicle,
        specialist,
    )
    asked = AskedAgain.objects.filter(response=quick)
    assert [(a.question, a.before) for a in asked] == [(q.text, 4) for q in failing]
    assert failing[0].text in quick.text and "太慢" in quick.text
    response.refresh_from_db()
    assert response.quick_response == quick


def test_a_factor_below_its_line_without_a_low_answer_opens_one_too(call, store, specialist):
    asked_through(call, specialist, 9, low={"deal": 5})

    finish(call, by=specialist, now=LATER)

    assert QuickResponse.objects.get(store=store).questions.count() == 3


def test_a_complaint_opens_one_though_everything_is_a_ten(call, store, specialist):
    response = asked_through(call, specialist, 10)

    finish(call, complaint="送的脚垫一直没到", by=specialist, now=LATER)

    quick = QuickResponse.objects.get(store=store)
    assert (quick.text, quick.questions.count()) == ("送的脚垫一直没到", 0)
    response.refresh_from_db()
    assert (response.score, response.marks) == (Decimal("1000.00"), [Mark.STRAIGHT_TENS])


def test_good_answers_open_none(call, store, specialist):
    asked_through(call, specialist, 6)
    finish(call, by=specialist, now=LATER)

    assert not QuickResponse.objects.filter(store=store).exists()


def test_answers_put_right_later_are_scored_anew_and_marked(call, store, specialist):
    response = asked_through(call, specialist, 9, low={"delivery": 4})
    finish(call, by=specialist, now=LATER)
    failing = [q for q in questions_of(response) if q.factor.code == "delivery"]

    correct(response, {q.pk: Given(9) for q in failing}, by=specialist, now=LATER)

    response.refresh_from_db()
    assert (response.score, response.marks) == (Decimal("900.00"), [Mark.CHANGED])
    assert QuickResponse.objects.filter(store=store).count() == 1
    with pytest.raises(Refused):
        correct(response, {failing[0].pk: Given(9)}, by=specialist, now=LATER)
    with pytest.raises(Refused):
        correct(response, {failing[0].pk: Given(12)}, by=specialist, now=LATER)


def test_old_responses_keep_their_model_and_score_when_a_new_model_starts(call, store, specialist):
    response = asked_through(call, specialist)
    finish(call, by=specialist, now=LATER)
    old = response.model
    SurveyModel.objects.filter(store=store, code="published_2015").update(effective_from=TODAY)

    new = start(a_held_call(store, specialist), by=specialist, now=LATER)

    response.refresh_from_db()
    assert (response.model, response.score) == (old, Decimal("900.00"))
    assert new.model.code == "published_2015"
