"""The manager asks a random few customers again (SSI-10)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import InternalError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.care.policy import drawn
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from apps.desk.waiting import my_recalls
from apps.ssi.actions.recalls import draw_missing, draw_recalls, miss_recall, write_recall
from apps.ssi.models import Answer, Recall, RecallAnswer, RecallSample, SsiPolicy
from apps.ssi.queries import recalls
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, SHANGHAI, TODAY, make_user
from tests.ssi.made import finished_response
from tests.ssi.pages_honesty import OCTOBER, a_recall

pytestmark = pytest.mark.django_db
IN_OCTOBER = date(2026, 10, 14)
DRAWN_AT = datetime(2026, 11, 1, 7, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        yield client


def interviews(store, by, count, **fields):
    return [
        finished_response(store, on=IN_OCTOBER, interviewer=by, **fields) for _n in range(count)
    ]


def answers_of(recall, value=8):
    """The same answer to every question; a mapping of places overrides."""
    asked = Answer.objects.filter(response=recall.response).order_by("question_id")
    return {answer.question_id: value for answer in asked}


def one_drawn(store, by):
    """The only interview of October, drawn."""
    interviews(store, by, 1)
    draw_recalls(store, OCTOBER, seed=7, now=DRAWN_AT)
    return Recall.objects.get(store=store)


def test_the_share_of_the_months_interviews_is_drawn_by_lot(store, other_store, specialist):
    rows = interviews(store, specialist, 21)
    himself = finished_response(store, on=IN_OCTOBER)
    refuses = interviews(store, specialist, 1)[0]
    refuses.customer.refuses_service = True
    refuses.customer.save()
    finished_response(store, on=date(2026, 11, 1), interviewer=specialist)
    finished_response(store, on=date(2026, 9, 30), interviewer=specialist)
    strange = interviews(other_store, make_user("far", other_store, Role.CARE_SPECIALIST), 1)[0]

    sample = draw_recalls(store, OCTOBER, seed=7, now=DRAWN_AT)

    assert sample.population == [row.pk for row in rows]
    assert (sample.share, sample.seed, sample.drawn_at) == (5, 7, DRAWN_AT)
    found = list(Recall.objects.values_list("response", flat=True).order_by("response"))
    assert found == drawn(7, sample.population, 5)
    assert len(found) == 2  # 5 % of 21 is more than one
    assert {himself.pk, refuses.pk, strange.pk}.isdisjoint(found)


def test_a_month_is_drawn_once_and_never_changed(store, specialist):
    interviews(store, specialist, 3)
    first = draw_recalls(store, OCTOBER, seed=7, now=DRAWN_AT)

    assert draw_recalls(store, OCTOBER, seed=8, now=DRAWN_AT) is None

    assert list(RecallSample.objects.values_list("pk", "seed")) == [(first.pk, 7)]
    assert Recall.objects.count() == 1
    for change in ({"seed": 8}, {"population": []}, {"share": 1}):
        with pytest.raises(InternalError), transaction.atomic():
            RecallSample.objects.update(**change)


def test_a_month_that_has_not_ended_is_refused(store, specialist):
    interviews(store, specialist, 1)
    with pytest.raises(Refused):
        draw_recalls(store, OCTOBER, seed=7, now=datetime(2026, 10, 31, 23, tzinfo=SHANGHAI))
    assert not RecallSample.objects.exists()


def test_the_stores_share_of_the_first_day_decides(store, specialist):
    SsiPolicy.objects.create(store=store, effective_from=date(2026, 11, 1), recall_percent=0)
    SsiPolicy.objects.create(store=store, effective_from=date(2026, 11, 2), recall_percent=100)
    interviews(store, specialist, 2)

    assert draw_recalls(store, OCTOBER, seed=7, now=DRAWN_AT + 3 * DAY).share == 0
    assert not Recall.objects.exists()


def test_the_clock_draws_the_months_that_are_missing(store, other_store, specialist):
    interviews(store, specialist, 1)
    assert draw_missing(now=DRAWN_AT) == 2
    assert draw_missing(now=DRAWN_AT + DAY) == 0
    assert draw_missing(now=datetime(2027, 1, 4, tzinfo=SHANGHAI)) == 4
    assert len(set(RecallSample.objects.values_list("seed", flat=True))) == 6
    assert Recall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_draw_once(store, specialist):
    interviews(store, specialist, 3)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first = draw_recalls(store, OCTOBER, seed=1, now=DRAWN_AT)
        second = pool.submit(closing, draw_recalls, store, OCTOBER, seed=2, now=DRAWN_AT)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    assert second.result() is None
    assert list(RecallSample.objects.values_list("pk", "seed")) == [(first.pk, 1)]
    assert Recall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_write_one_re_call(store, specialist, manager):
    recall = one_drawn(store, specialist)
    other = make_user("other", store, Role.CARE_MANAGER)
    facts = {"was_called": True, "remark": "", "now": NOW}
    nines, ones = answers_of(recall, 9), answers_of(recall, 1)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        write_recall(recall, answers=nines, by=manager, **facts)
        second = pool.submit(closing, write_recall, recall, answers=ones, by=other, **facts)
        wait_until_someone_waits_for_a_lock()
    with pytest.raises(Refused):
        second.result()

    recall.refresh_from_db()
    assert recall.by == manager
    assert set(RecallAnswer.objects.values_list("value", flat=True)) == {9}
    assert RecallAnswer.objects.count() == len(nines)


def test_the_manager_asks_again_on_a_blank_form(chief, store, specialist, manager):
    recall = one_drawn(store, specialist)
    Answer.objects.filter(response=recall.response).update(value=3)
    page = chief.get(reverse("ssi:recall", args=[recall.pk]))
    assertContains(page, "保存后才显示首次回答。")
    assert "checked" not in page.content.decode().split("<main")[1]
    assert page.context["pairs"] == []

    answers = {f"q-{pk}": "8" for pk in answers_of(recall)}
    first, second, *_rest = answers
    answers |= {first: "n", second: "4"}
    answer = chief.post(
        reverse("ssi:recall", args=[recall.pk]),
        answers | {"was_called": "yes", "remark": "客户很客气"},
    )

    assertRedirects(answer, reverse("ssi:recall", args=[recall.pk]))
    recall.refresh_from_db()
    assert (recall.status, recall.was_called, recall.by, recall.at, recall.remark) == (
        *("done", True, manager, NOW),
        "客户很客气",
    )
    values = list(RecallAnswer.objects.order_by("question_id").values_list("value", flat=True))
    assert values == [None, 4] + [8] * (len(answers) - 2)
    pairs = chief.get(reverse("ssi:recall", args=[recall.pk])).context["pairs"]
    by_id = {pair.again: pair.differs for pair in pairs}
    assert by_id == {None: False, 4: False, 8: True}  # 3 and 4 are one point apart
    assert len(pairs) == len(answers)


def test_a_question_left_out_is_asked_for(chief, store, specialist):
    recall = one_drawn(store, specialist)
    answers = {f"q-{pk}": "8" for pk in answers_of(recall)}
    answers.popitem()

    answer = chief.post(reverse("ssi:recall", args=[recall.pk]), answers | {"was_called": "yes"})

    assert answer.status_code == 422
    assertContains(answer, "这道题也要再问一遍。", status_code=422)
    recall.refresh_from_db()
    assert (recall.status, RecallAnswer.objects.count()) == ("open", 0)
    with pytest.raises(Refused):
        write_recall(
            recall, was_called=True, answers={}, remark="", by=make_user("m", store), now=NOW
        )


def test_whom_nobody_asked_has_no_answers(chief, store, specialist, manager):
    recall = one_drawn(store, specialist)
    answers = {f"q-{pk}": "8" for pk in answers_of(recall)}

    chief.post(reverse("ssi:recall", args=[recall.pk]), answers | {"was_called": "no"})

    recall.refresh_from_db()
    assert (recall.status, recall.was_called, RecallAnswer.objects.count()) == ("done", False, 0)
    page = chief.get(reverse("ssi:recalls"), {"what": "not_asked"})
    assert [row.pk for row in page.context["rows"]] == [recall.pk]


def test_who_was_not_reached_may_be_asked_later(chief, store, specialist, manager):
    recall = one_drawn(store, specialist)
    assert my_recalls(manager, TODAY).count() == 1
    missed = reverse("ssi:recall-missed", args=[recall.pk])
    assertRedirects(chief.post(missed, {"remark": "关机"}), reverse("ssi:recalls"))
    assert my_recalls(manager, TODAY).count() == 0
    recall.refresh_from_db()
    assert (recall.status, recall.by, recall.remark) == ("not_reached", manager, "关机")
    assert chief.post(missed).status_code == 409

    write_recall(
        recall, was_called=True, answers=answers_of(recall), remark="", by=manager, now=NOW
    )
    with pytest.raises(Refused):
        miss_recall(recall, remark="", by=manager, now=NOW)
    recall.refresh_from_db()
    assert recall.status == "done"


def test_who_does_not_want_to_be_called_waits_for_nobody(chief, store, specialist, manager):
    recall = one_drawn(store, specialist)
    recall.response.customer.refuses_service = True
    recall.response.customer.save()

    assert not my_recalls(manager, TODAY).exists()
    assertContains(chief.get(reverse("ssi:recall", args=[recall.pk])), "请勿致电")


def test_nobody_checks_his_own_interview(chief, store, manager):
    recall = one_drawn(store, manager)
    assert my_recalls(manager, TODAY).count() == 0
    page = chief.get(reverse("ssi:recall", args=[recall.pk]))
    assertContains(page, "须由另一位经理复核。")

    answers = {f"q-{pk}": "8" for pk in answers_of(recall)}
    answer = chief.post(reverse("ssi:recall", args=[recall.pk]), answers | {"was_called": "yes"})
    assert answer.status_code == 409
    recall.refresh_from_db()
    assert (recall.status, RecallAnswer.objects.count()) == ("open", 0)


def test_a_general_manager_reads_and_does_not_write(client, store, specialist):
    recall = one_drawn(store, specialist)
    boss = make_user("boss", store, Role.GENERAL_MANAGER)
    client.force_login(boss)

    page = client.get(reverse("ssi:recall", args=[recall.pk]))
    assertContains(page, "尚未致电")
    assertNotContains(page, "scale-step")
    sent = client.post(reverse("ssi:recall", args=[recall.pk]), {"was_called": "no"})
    assert sent.status_code == 403
    recall.refresh_from_db()
    assert recall.status == "open"
    assert not my_recalls(boss, TODAY).exists()


def test_differences_are_counted_by_interviewer(
    chief, store, specialist, other_specialist, manager
):
    SsiPolicy.objects.create(store=store, effective_from=OCTOBER, recall_percent=100)
    interviews(store, specialist, 2, answers=10)
    interviews(store, other_specialist, 1, answers=8)
    draw_recalls(store, OCTOBER, seed=7, now=DRAWN_AT)
    high, open_one, same = Recall.objects.order_by("response_id")
    for recall, value in ((high, 7), (same, 9)):
        answers = answers_of(recall, value)
        answers[min(answers)] = None
        write_recall(recall, was_called=True, answers=answers, remark="", by=manager, now=NOW)

    lines = recalls.findings(store, OCTOBER)

    questions = Answer.objects.filter(response=high.response).count() - 1
    assert [(str(line.person), line.questions, line.shift) for line in lines] == [
        ("li_na", questions, 3.0),
        ("wang_min", questions, -1.0),
    ]
    assert lines[0].numbers == {
        **{"drawn": 2, "open": 1, "done": 1, "not_reached": 0, "not_asked": 0, "differs": 1}
    }
    assert lines[1].numbers["differs"] == 0
    page = chief.get(reverse("ssi:recalls"), {"what": "differs", "person": specialist.pk})
    assert [row.pk for row in page.context["rows"]] == [high.pk]
    assert page.context["sums"]["drawn"] == 3
    rows = LISTINGS["ssi:recalls"].rows(manager, {"what": "open"}, TODAY)
    lines = list(LISTINGS["ssi:recalls"].lines(rows))
    assert [line[4] for line in lines[1:]] == ["li_na"]
    assert open_one.response.customer.main_phone not in str(lines)


def test_a_month_without_a_draw_says_so(chief, store):
    assertContains(chief.get(reverse("ssi:recalls")), "这个月没有抽查")
    page = chief.get(reverse("ssi:recalls"), {"month": "2026-11"})
    assertContains(page, "2026-12-01")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_reads_as_much_for_one_as_for_three(
    chief, store, django_assert_num_queries, count
):
    for _n in range(count):
        a_recall(store)
    chief.get(reverse("ssi:recalls"))
    with django_assert_num_queries(12):
        assert len(chief.get(reverse("ssi:recalls")).context["rows"]) == count
