"""The page of marks, and interviewers beside each other (SSI-10)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from apps.accounts.choices import Role
from apps.desk.exporting import LISTINGS
from apps.ssi.choices import Mark, Round
from apps.ssi.models import Response
from apps.ssi.policy.honesty import Asked, above_the_others, notable
from apps.ssi.queries import honesty
from tests.factories import NOW, TODAY, make_user
from tests.ssi.made import finished_response

NOVEMBER = date(2026, 11, 1)
TENS, SHORT, CHANGED = (mark.value for mark in (Mark.STRAIGHT_TENS, Mark.TOO_SHORT, Mark.CHANGED))


def asked(number, mean):
    return Asked(number, Decimal(number * mean))


def test_by_how_much_one_is_above_all_the_others_together():
    others = [asked(20, 800), asked(40, 830)]  # 820 together
    assert above_the_others(asked(30, 900), others) == 80
    assert above_the_others(asked(30, 700), others) == -120


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (asked(29, 900), [asked(60, 800)]),
        (asked(30, 900), [asked(29, 800)]),
        (asked(30, 900), []),
        (asked(0, 0), [asked(30, 800)]),
    ],
)
def test_of_too_few_nothing_is_said(one, others):
    assert above_the_others(one, others) is None


def test_one_point_is_mood():
    assert [notable(8, again) for again in (8, 9, 7, 10, 6, None)] == [
        *(False, False, False, True, True, False)
    ]
    assert not notable(None, 3)


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        yield client


@pytest.mark.django_db
def test_marks_are_counted_by_who_asked_and_whose_customer_it_is(
    chief, store, other_store, specialist, other_specialist, manager
):
    seller = make_user("seller", store, Role.SALES_CONSULTANT)
    tens = finished_response(store, 10, interviewer=specialist, consultant=seller, marks=[TENS])
    both = finished_response(store, 10, interviewer=specialist, marks=[TENS, SHORT])
    finished_response(store, interviewer=other_specialist, consultant=seller)
    himself = finished_response(store, marks=[CHANGED])
    finished_response(store, on=date(2026, 10, 31), interviewer=specialist, marks=[TENS])
    finished_response(other_store, 10, marks=[TENS])

    page = chief.get(reverse("ssi:honesty"))

    (_i, _l, _n, by_asker), (_c, _l2, _n2, by_seller) = page.context["tables"]
    assert [(line.person, list(line.numbers.values())) for line in by_asker] == [
        (specialist, [2, 2, 2, 1, 0]),
        (None, [1, 1, 0, 0, 1]),
        (other_specialist, [1, 0, 0, 0, 0]),
    ]
    assert [(line.person, line.numbers["any"]) for line in by_seller] == [(None, 2), (seller, 1)]
    assert [row.pk for row, _marks in page.context["rows"]] == [himself.pk, both.pk, tens.pk]

    def rows(**address):
        found = chief.get(reverse("ssi:honesty"), address).context["rows"]
        return {row.pk for row, _marks in found}

    assert rows(mark=SHORT) == {both.pk}
    assert rows(mark="any", interviewer=specialist.pk) == {tens.pk, both.pk}
    assert rows(mark="any", interviewer=0) == {himself.pk}
    assert rows(mark="all", consultant=seller.pk) >= {tens.pk}
    assert rows(mark="any", consultant=0) == {both.pk, himself.pk}
    assert rows(month="2026-09") == set()
    lines = list(LISTINGS["ssi:honesty"].lines(honesty.marked(manager, {"mark": SHORT}, TODAY)))
    assert len(lines) == 2


def many(store, by, count, score, **fields):
    """One response as a pattern, then as many as asked with this score."""
    pattern = finished_response(store, interviewer=by, **fields)
    Response.objects.filter(pk=pattern.pk).update(score=score)
    for _n in range(count - 1):
        row = finished_response(store, interviewer=by, **fields)
        Response.objects.filter(pk=row.pk).update(score=score)


@pytest.mark.django_db
def test_one_interviewer_far_above_the_others_stands_out(
    chief, store, specialist, other_specialist, monkeypatch
):
    monkeypatch.setattr("apps.ssi.policy.honesty.FEWEST", 3)
    many(store, specialist, 3, Decimal(900))
    many(store, other_specialist, 2, Decimal(820))
    many(store, other_specialist, 1, Decimal(820), on=date(2026, 9, 1))  # three months
    many(store, None, 3, Decimal(500))  # by themselves: beside, not among the others
    many(store, specialist, 1, Decimal(999), round=Round.LOST)  # another model
    many(store, specialist, 1, Decimal(100), on=date(2026, 8, 31))

    found = {model.code: rows for model, rows in honesty.compared(store, NOVEMBER, 80)}

    assert [
        (row.person, row.number, row.mean, row.above, row.is_far) for row in found["published_2023"]
    ] == [
        (specialist, 3, 900, 80, True),
        (other_specialist, 3, 820, -80, False),
        (None, 3, 500, None, False),
    ]
    assert [(row.number, row.above) for row in found["published_2023_lost"]] == [(1, None)]
    assert not any(
        row.is_far for _model, rows in honesty.compared(store, NOVEMBER, 81) for row in rows
    )
    assertContains(chief.get(reverse("ssi:honesty")), "明显高于其他人")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_reads_as_much_for_one_as_for_three(
    chief, store, specialist, django_assert_num_queries, count
):
    for _n in range(count):
        finished_response(store, 10, interviewer=specialist, marks=[TENS])
    chief.get(reverse("ssi:honesty"))
    with django_assert_num_queries(14):
        assert len(chief.get(reverse("ssi:honesty")).context["rows"]) == count
