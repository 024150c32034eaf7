"""A quick response from who heard it to who closes it (SSI-04)."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.choices import Role
from apps.complaints import actions
from apps.complaints.choices import Origin, RootCause, Step
from apps.complaints.models import QuickResponse, StepTaken
from apps.core.errors import Refused
from tests.factories import SHANGHAI, make_customer, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
HOUR = timedelta(hours=1)


@pytest.fixture
def cast(store):
    return {
        "care": make_user("care", store, Role.CARE_SPECIALIST),
        "chief": make_user("chief", store, Role.CARE_MANAGER),
        "sales": make_user("sales", store, Role.SALES_MANAGER),
        "consultant": make_user("consultant", store, Role.SALES_CONSULTANT),
        "service": make_user("service", store, Role.SERVICE_MANAGER),
    }


@pytest.fixture
def matter(store, cast):
    return actions.open_response(
        make_customer(store),
        origin=Origin.SURVEY,
        department="sales",
        text="交车等了两个小时",
        by=cast["care"],
        now=NOW,
        questions={"完成整个交车过程所用的时间": 4, "按约定的时间交车": 3},
    )


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_it_goes_its_whole_way_and_each_step_has_its_clock(matter, cast):
    assert (matter.status, local(matter.due_at)) == (Step.APPROVE, "11-25 12:00")
    matter = actions.approve(matter, by=cast["sales"], now=NOW + HOUR)
    # 24 h of working time from 11:00: 6.5 + 9 + 8.5
    assert (matter.status, local(matter.due_at)) == (Step.HANDLE, "11-27 17:00")
    matter = actions.accept(matter, by=cast["consultant"], now=NOW + 2 * HOUR)
    assert matter.handler == cast["consultant"]
    matter = actions.handle(
        matter,
        measure="上门致歉，交车流程重排",
        root_cause=RootCause.TIME,
        by=cast["consultant"],
        now=NOW + 3 * HOUR,
    )
    assert (matter.status, local(matter.due_at)) == (Step.CONTACT, "11-25 17:00")
    first, second = matter.questions.all()
    matter = actions.ask_again(
        matter,
        satisfied=True,
        answers={first.pk: 8, second.pk: 9},
        text="表示满意",
        by=cast["chief"],
        now=NOW + 4 * HOUR,
    )
    assert [(q.before, q.after) for q in matter.questions.all()] == [(4, 8), (3, 9)]
    matter = actions.close(matter, by=cast["sales"], now=NOW + 5 * HOUR)
    assert (matter.status, matter.due_at, matter.ended_at) == (Step.CLOSED, None, NOW + 5 * HOUR)
    assert list(StepTaken.objects.values_list("step", "became", "by__username")) == [
        ("approve", "handle", "sales"),
        ("handle", "contact", "consultant"),
        ("contact", "close", "chief"),
        ("close", "closed", "sales"),
    ]


def test_who_is_not_satisfied_goes_back_to_the_department(matter, cast):
    actions.approve(matter, by=cast["sales"], now=NOW)
    for round_ in (1, 2):
        matter = actions.handle(
            matter, measure="致歉", root_cause="time", by=cast["sales"], now=NOW + round_ * HOUR
        )
        assert matter.rounds == round_
        matter = actions.ask_again(
            matter, satisfied=False, answers={}, text="仍不满意", by=cast["chief"], now=NOW
        )
        assert matter.status == Step.HANDLE


def test_nobody_approves_what_he_made(store, cast):
    boss = make_user("boss", store, Role.SALES_MANAGER, Role.CARE_MANAGER)
    matter = actions.open_response(
        make_customer(store),
        origin=Origin.COMPLAINT,
        department="sales",
        text="投诉",
        by=boss,
        now=NOW,
    )
    with pytest.raises(Refused, match="另一位经理"):
        actions.approve(matter, by=boss, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuickResponse.objects.update(approved_by=boss)
    assert not StepTaken.objects.exists()
    assert actions.approve(matter, by=cast["sales"], now=NOW).approved_by == cast["sales"]


@pytest.mark.parametrize("who", ["care", "chief", "consultant", "service"])
def test_only_the_manager_of_the_department_approves(matter, cast, who):
    with pytest.raises(Refused, match="不由您|另一位经理"):
        actions.approve(matter, by=cast[who], now=NOW)
    matter.refresh_from_db()
    assert (matter.status, matter.approved_by) == (Step.APPROVE, None)


def test_a_step_that_was_taken_already_is_refused(matter, cast):
    actions.approve(matter, by=cast["sales"], now=NOW)
    with pytest.raises(Refused, match="待处理"):
        actions.approve(matter, by=cast["sales"], now=NOW)
    assert StepTaken.objects.count() == 1


def test_it_is_not_closed_before_every_failed_question_was_asked_again(matter, cast):
    actions.approve(matter, by=cast["sales"], now=NOW)
    actions.handle(matter, measure="致歉", root_cause="time", by=cast["sales"], now=NOW)
    first = matter.questions.first()
    with pytest.raises(Refused, match="每个低分问题"):
        actions.ask_again(
            matter, satisfied=True, answers={first.pk: 8}, text="", by=cast["chief"], now=NOW
        )
    first.refresh_from_db()
    assert first.after is None


def test_what_is_sent_back_is_mended_or_dropped_with_a_reason(matter, cast):
    matter = actions.send_back(matter, why="写明是哪位顾问", by=cast["sales"], now=NOW)
    matter = actions.mend(matter, text="等了两个小时，顾问去接别的客户", by=cast["care"], now=NOW)
    assert (matter.status, matter.text) == (Step.APPROVE, "等了两个小时，顾问去接别的客户")
    actions.send_back(matter, why="不属实", by=cast["sales"], now=NOW)
    with pytest.raises(Refused, match="简要写明"):
        actions.drop(matter, why=" ", by=cast["care"], now=NOW)
    assert actions.drop(matter, why="客户说打错了", by=cast["care"], now=NOW).status == Step.DROPPED


def test_a_late_step_escalates_once_and_the_next_step_begins_anew(matter, cast):
    assert actions.escalate(now=NOW + 2 * HOUR) == 0  # due at this very moment
    assert actions.escalate(now=NOW + 2 * HOUR + timedelta(seconds=1)) == 1
    assert actions.escalate(now=NOW + 3 * HOUR) == 0
    matter.refresh_from_db()
    assert local(matter.escalated_at) == "11-25 12:00"
    matter = actions.approve(matter, by=cast["sales"], now=NOW + 3 * HOUR)
    assert matter.escalated_at is None
    assert matter.steps.get().was_late
