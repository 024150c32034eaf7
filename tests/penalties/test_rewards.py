"""The reward for satisfaction with the delivery: off at first, to the point and the answer
(PEN-09)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.desk import invariants
from apps.penalties.actions import life, sheets
from apps.penalties.actions.detect import detect, detect_clause
from apps.penalties.actions.rules import set_numbers, set_rule
from apps.penalties.choices import Clause, SignedHow
from apps.penalties.models import Penalty, Rule, SheetEntry
from apps.penalties.queries.proposals import for_me, month_sums, to_decide
from apps.ssi.choices import Round
from apps.ssi.figures.buyers import deliveries_by_consultant
from apps.ssi.models import FactorScore, SurveyModel
from tests.factories import SHANGHAI, make_user
from tests.ssi.made import finished_response

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
BEFORE = datetime(2026, 10, 20, 9, tzinfo=SHANGHAI)
LAST_MINUTE = datetime(2026, 11, 30, 23, 59, tzinfo=SHANGHAI)
OVER = LAST_MINUTE + timedelta(minutes=1)
VALUES = {
    "is_on": True,
    "low_amount": Decimal(200),
    "high_amount": Decimal(300),
    "text": "交车满意度达到900分的，奖励200至300元。",
}


@pytest.fixture
def general(store):
    return make_user("general", store, Role.GENERAL_MANAGER)


@pytest.fixture
def seller(store):
    return make_user("gu_wen", store, Role.SALES_CONSULTANT)


@pytest.fixture
def rule(store, general):
    with time_machine.travel(BEFORE, tick=False):
        return set_rule(
            store, Clause.REWARD, VALUES, from_day=date(2026, 10, 21), by=general, now=BEFORE
        )


def answers(store, seller, *delivery, on=date(2026, 11, 12), **fields):
    """One response each; the points of the delivery's factor as they are given."""
    for points in delivery:
        response = finished_response(store, on=on, consultant=seller, **fields)
        FactorScore.objects.filter(response=response, factor__code="delivery").update(
            score=Decimal(points)
        )


def found(store, now=OVER):
    detect_clause(Clause.REWARD, [store.pk], first=FIRST, last=LAST, now=now)
    rows = Penalty.objects.filter(clause=Clause.REWARD).exclude(status="withdrawn")
    return [
        (row.fact, row.person.username, row.event_on, row.amount) for row in rows.order_by("pk")
    ]


def test_nobody_is_rewarded_until_the_store_turns_it_on(store, seller):
    answers(store, seller, *["1000"] * 9)

    assert not Rule.objects.get(store=store, clause=Clause.REWARD).is_on
    assert found(store) == []


def test_a_consultant_at_the_line_is_rewarded_once_and_one_cent_under_it_is_not(
    store, other_store, seller, rule
):
    under = make_user("under", store, Role.SALES_CONSULTANT)
    answers(store, seller, "900.00", "900.00", "900.00", "1000.00", "800.00")
    answers(store, under, "900.00", "900.00", "900.00", "1000.00", "799.95")  # a mean of 899.99
    answers(store, None, *["1000"] * 9)
    answers(other_store, make_user("stranger", other_store), *["1000"] * 9)

    reward = (f"2026-11/{seller.pk}", "gu_wen", LAST, Decimal("200.00"))
    assert found(store) == [reward]
    assert found(store) == [reward]
    row = Penalty.objects.get()
    factor = FactorScore.objects.filter(factor__code="delivery").first().factor_id
    assert (row.is_reward, row.rule, row.status) == (True, rule, "proposed")
    assert row.evidence == {
        **{"month": "2026-11", "points": "900.00", "points_from": 900, "answers": 5},
        **{"answers_least": 5, "marked": 0, "factor": factor},
    }


@pytest.mark.parametrize(("count", "rewarded"), [(4, 0), (5, 1)])
def test_fewer_answers_than_the_store_asks_for_say_nothing(store, seller, rule, count, rewarded):
    answers(store, seller, *["950"] * count)

    assert len(found(store)) == rewarded


def test_the_month_is_that_of_the_store_and_over(store, seller, rule):
    answers(store, seller, "950", "950", "950", on=FIRST)
    answers(store, seller, "950", "950", on=LAST)
    answers(store, seller, "100", on=FIRST - timedelta(days=1))
    answers(store, seller, "100", on=LAST + timedelta(days=1))

    assert found(store, now=LAST_MINUTE) == []
    assert len(found(store)) == 1


def test_the_numbers_of_the_months_last_day_draw_the_line(store, general, seller, rule):
    answers(store, seller, *["940"] * 6)
    numbers = {
        **{"explain_days": 3, "least_calls": 10, "repeated_from": 3, "month_limit_amount": 500},
        **{"reward_points": 941, "reward_answers": 6},
    }
    set_numbers(store, numbers, from_day=date(2026, 12, 1), now=BEFORE)
    assert len(found(store)) == 1

    set_numbers(store, numbers, from_day=LAST, now=BEFORE)
    assert found(store) == []
    assert Penalty.objects.get().reason == "事实已更正，不再成立"

    set_numbers(
        store, numbers | {"reward_points": 940}, from_day=LAST + timedelta(days=9), now=BEFORE
    )
    assert found(store) == []


def test_lost_buyers_and_an_older_survey_are_in_no_mean(store, seller, rule):
    answers(store, seller, *["950"] * 5)
    old = SurveyModel.objects.filter(store=store, of_buyers=True, effective_from=None).first()
    SurveyModel.objects.filter(pk=old.pk).update(effective_from=date(1999, 1, 1))
    answers(store, seller, "100", "100", model=SurveyModel.objects.get(pk=old.pk))
    finished_response(store, 1, round=Round.LOST, consultant=seller, on=FIRST)

    [one] = deliveries_by_consultant(store.pk, FIRST, LAST)
    assert (one.consultant, one.answers, one.mean) == (seller.pk, 5, 950)
    assert len(found(store)) == 1


def test_a_low_score_is_never_a_deduction(store, seller, rule):
    answers(store, seller, *["100"] * 9)

    detect(first=FIRST, last=LAST, now=OVER, stores=[store])

    assert not Penalty.objects.exists()


def test_a_reward_that_gives_nothing_is_refused(store, general):
    day = date(2026, 12, 1)
    for amount in (Decimal(0), Decimal("0.00")):
        with pytest.raises(Refused):
            values = VALUES | {"low_amount": amount, "high_amount": amount}
            set_rule(store, Clause.REWARD, values, from_day=day, by=general, now=BEFORE)
    off = VALUES | {"is_on": False, "low_amount": Decimal(0), "high_amount": Decimal(0)}
    set_rule(store, Clause.REWARD, off, from_day=day, by=general, now=BEFORE)
    assert Rule.objects.filter(store=store, clause=Clause.REWARD).count() == 2


def test_it_lives_as_a_deduction_does_and_stands_above_zero_on_the_sheet(
    store, general, seller, manager, rule
):
    """Nobody waits for an explanation, and it is in no sum of deductions."""
    office = make_user("office", store, Role.ADMINISTRATION)
    answers(store, seller, *["950"] * 5)
    found(store)
    row = Penalty.objects.get()
    assert list(to_decide(manager, OVER.date())) == [row]
    assert list(for_me(seller, OVER.date())) == []
    with pytest.raises(Refused):
        life.confirm(row, amount=Decimal("300.01"), by=manager, now=OVER, reason="x")

    row = life.confirm(row, amount=Decimal(300), by=manager, now=OVER, reason="连续三个月")
    assert month_sums([row])[row.pk].amount == 0
    life.sign(row, how=SignedHow.OFFENDER, now=OVER)
    life.issue(row, by=office, now=OVER)
    sheets.close_month(store, FIRST, by=office, now=OVER)

    entry = SheetEntry.objects.get()
    assert (entry.kind, entry.person, entry.amount) == ("reward", seller, Decimal(300))
    assert invariants.no_month_but_of_its_entries() == []


def test_the_page_shows_the_reward_and_leads_to_the_answers(client, store, seller, manager, rule):
    answers(store, seller, *["950"] * 5)
    found(store)
    row = Penalty.objects.get()
    with time_machine.travel(OVER, tick=False):
        client.force_login(manager)
        page = client.get(reverse("penalties:proposal", args=[row.pk]))
        assertContains(page, "950.00")
        assertContains(page, f"consultant={seller.pk}")
        answered = client.get(
            reverse("ssi:score-rows"),
            {"month": "2026-11", "consultant": seller.pk, "factor": row.evidence["factor"]},
        )
        assertContains(answered, "950", count=5)
        client.force_login(seller)
        own = client.get(reverse("penalties:proposal", args=[row.pk]))
        assertContains(own, "950.00")
        assertNotContains(own, reverse("penalties:proposal-explain", args=[row.pk]))
