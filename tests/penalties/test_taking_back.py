"""A rule, or numbers, that do not hold yet are taken back; the past is never changed (PEN-06)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.audit.queries import changes
from apps.core.errors import Refused
from apps.penalties.actions.rules import set_numbers, set_rule, withdraw_numbers, withdraw_rule
from apps.penalties.choices import Clause
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.queries.rules import regulation, spans
from tests.factories import NOW, SHANGHAI, TODAY, make_user
from tests.penalties.test_rules import NUMBERS, REMINDER, VALUES

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
LAST_SECOND = datetime(2026, 11, 23, 23, 59, 59, tzinfo=SHANGHAI)
BEGUN = LAST_SECOND + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def general(store):
    return make_user("general", store, Role.GENERAL_MANAGER)


@pytest.fixture
def coming(store, general):
    return set_rule(store, REMINDER, VALUES, from_day=TOMORROW, by=general, now=NOW)


def columns(row):
    return row.withdrawn_at, row.withdrawn_by, row.withdrawn_why


def test_a_rule_is_taken_back_up_to_the_last_second_before_its_day(
    store, other_store, general, coming
):
    theirs = set_rule(other_store, REMINDER, VALUES, from_day=TOMORROW, by=general, now=NOW)

    withdraw_rule(coming, why="金额打错了", by=general, now=LAST_SECOND)

    coming.refresh_from_db()
    assert columns(coming) == (LAST_SECOND, general, "金额打错了")
    assert Rule.objects.in_force(store, TOMORROW)[REMINDER].high_amount == 100
    assert Rule.objects.in_force(other_store, TOMORROW)[REMINDER] == theirs
    line = next(line for line in regulation(store, TODAY) if line.clause == REMINDER)
    assert line.coming == []
    assert [until for rule, until in spans(store) if rule.clause == REMINDER] == [None]
    named = {str(change.action) for change in changes(coming)}
    assert named & {"rule of penalties taken back before its day", "奖惩条款生效前撤回"}


def test_its_day_is_free_again(store, general, coming):
    withdraw_rule(coming, why="x", by=general, now=NOW)
    other = VALUES | {"high_amount": Decimal(90)}

    again = set_rule(store, REMINDER, other, from_day=TOMORROW, by=general, now=NOW)

    assert Rule.objects.in_force(store, TOMORROW)[REMINDER] == again


def test_a_day_that_has_begun_no_reason_and_a_second_time_are_refused(store, general, coming):
    for why, now in (("x", BEGUN), ("  ", NOW)):
        with pytest.raises(Refused):
            withdraw_rule(coming, why=why, by=general, now=now)
    coming.refresh_from_db()
    assert columns(coming) == (None, None, "")

    withdraw_rule(coming, why="x", by=general, now=NOW)
    with pytest.raises(Refused):
        withdraw_rule(coming, why="y", by=general, now=NOW)
    coming.refresh_from_db()
    assert coming.withdrawn_why == "x"


def test_sql_changes_nothing_and_takes_back_no_day_that_has_begun(store, general, coming):
    numbers = PenaltyPolicy.objects.get(store=store)
    back = {"withdrawn_by": general, "withdrawn_why": "x"}
    for change in (
        lambda: Rule.objects.filter(pk=coming.pk).update(high_amount=1),
        lambda: Rule.objects.filter(pk=coming.pk).update(withdrawn_at=BEGUN, **back),
        lambda: Rule.objects.filter(pk=coming.pk).update(withdrawn_at=NOW, withdrawn_by=general),
        lambda: Rule.objects.filter(pk=coming.pk).delete(),
        lambda: PenaltyPolicy.objects.filter(pk=numbers.pk).update(explain_days=9),
        lambda: PenaltyPolicy.objects.filter(pk=numbers.pk).update(withdrawn_at=NOW, **back),
        lambda: PenaltyPolicy.objects.filter(pk=numbers.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    withdraw_rule(coming, why="x", by=general, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rule.objects.filter(pk=coming.pk).update(withdrawn_at=None)


def test_numbers_are_taken_back_likewise(store, other_store, general):
    coming = set_numbers(store, NUMBERS, from_day=TOMORROW, now=NOW)
    with pytest.raises(Refused):
        withdraw_numbers(coming, why="x", by=general, now=BEGUN)
    assert PenaltyPolicy.objects.in_force(store, TOMORROW) == coming

    withdraw_numbers(coming, why="先不改", by=general, now=LAST_SECOND)

    assert PenaltyPolicy.objects.in_force(store, TOMORROW).explain_days == 3
    assert set_numbers(store, NUMBERS, from_day=TOMORROW, now=NOW) != coming


def test_it_is_taken_back_by_the_page_and_stays_to_be_read(client, store, general, coming):
    numbers = set_numbers(store, NUMBERS, from_day=TOMORROW, now=NOW)
    client.force_login(general)
    for page, name, row in (
        ("penalties:rules", "penalties:rule-withdraw", coming),
        ("penalties:numbers", "penalties:numbers-withdraw", numbers),
    ):
        there = reverse(name, args=[row.pk])
        assertContains(client.get(reverse(page)), there)
        assert client.post(there, {"why": ""}).status_code == 422
        assertRedirects(client.post(there, {"why": "金额打错了"}), reverse(page))
        assert client.post(there, {"why": "又一次"}).status_code == 409
        assertContains(client.get(reverse(page)), "金额打错了")
        assertNotContains(client.get(reverse(page)), there)
    holding = Rule.objects.get(store=store, clause=Clause.BIRTHDAY)
    there = reverse("penalties:rule-withdraw", args=[holding.pk])
    assert client.post(there, {"why": "x"}).status_code == 409


def test_who_only_reads_is_not_offered_it(client, store, general, coming):
    client.force_login(make_user("reads", store, Role.RECEPTIONIST))
    there = reverse("penalties:rule-withdraw", args=[coming.pk])
    assertNotContains(client.get(reverse("penalties:rules")), there)
    assert client.post(there, {"why": "x"}).status_code == 403
    coming.refresh_from_db()
    assert columns(coming) == (None, None, "")
    assert coming.effective_from == date(2026, 11, 24)
