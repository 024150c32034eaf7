"""The regulation is read by everybody and changed from a coming day on, never the past (PEN-06)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from apps.penalties.actions.rules import set_numbers, set_rule
from apps.penalties.choices import Clause
from apps.penalties.forms.rules import NumbersForm, RuleForm
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.queries.rules import regulation, spans
from apps.penalties.wording import EVIDENCE, WHO
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
START = date(2000, 1, 1)
VALUES = {
    "is_on": True,
    "low_amount": Decimal(60),
    "high_amount": Decimal(80),
    "text": "每条60至80元",
}
TYPED = {**VALUES, "is_on": "on", "low_amount": "60", "high_amount": "80"}
NUMBERS = {
    "explain_days": 5,
    "least_calls": 12,
    "repeated_from": 4,
    "month_limit_amount": Decimal(400),
    "reward_points": 950,
    "reward_answers": 8,
}
REMINDER = Clause.REMINDER


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def general(store):
    return make_user("general", store, Role.GENERAL_MANAGER)


@pytest.fixture
def chief(client, general):
    client.force_login(general)
    return client


def of(store, clause=REMINDER):
    rows = Rule.objects.filter(store=store, clause=clause).order_by("effective_from")
    return list(rows.values_list("effective_from", "low_amount", "high_amount", "is_on"))


def test_a_change_holds_from_its_day_and_the_past_stays(store, other_store, general):
    set_rule(store, REMINDER, VALUES, from_day=TOMORROW, by=general, now=NOW)

    assert Rule.objects.in_force(store, TODAY)[REMINDER].high_amount == 100
    assert Rule.objects.in_force(store, TOMORROW)[REMINDER].high_amount == 80
    assert Rule.objects.in_force(other_store, TOMORROW)[REMINDER].high_amount == 100
    assert Rule.objects.get(store=store, effective_from=TOMORROW).made_by == general
    for change in (lambda: Rule.objects.update(low_amount=1), Rule.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert of(store) == [(START, 50, 100, True), (TOMORROW, 60, 80, True)]


def test_a_day_that_has_begun_and_a_second_rule_of_a_day_are_refused(store, general):
    set_rule(store, REMINDER, VALUES, from_day=TOMORROW, by=general, now=NOW)
    other = VALUES | {"high_amount": Decimal(90)}

    for day in (TOMORROW, TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(Refused):
            set_rule(store, REMINDER, other, from_day=day, by=general, now=NOW)

    assert of(store) == [(START, 50, 100, True), (TOMORROW, 60, 80, True)]


def test_new_numbers_hold_from_their_day(store, other_store):
    set_numbers(store, NUMBERS, from_day=TOMORROW, now=NOW)

    assert PenaltyPolicy.objects.in_force(store, TODAY).explain_days == 3
    assert PenaltyPolicy.objects.in_force(store, TOMORROW).explain_days == 5
    assert PenaltyPolicy.objects.in_force(other_store, TOMORROW).explain_days == 3
    for day in (TOMORROW, TODAY):
        with pytest.raises(Refused):
            set_numbers(store, NUMBERS, from_day=day, now=NOW)
    assert PenaltyPolicy.objects.filter(store=store).count() == 2


def test_each_clause_says_who_answers_and_what_proves_it():
    assert set(WHO) == set(EVIDENCE) == set(Clause)


def test_the_forms_ask_for_everything():
    fields = {field.name for field in PenaltyPolicy._meta.fields}
    taken_back = {"withdrawn_at", "withdrawn_by", "withdrawn_why"}
    assert set(NumbersForm.base_fields) == fields - {"id", "store"} - taken_back
    fields = {field.name for field in Rule._meta.fields}
    assert set(RuleForm.base_fields) == fields - taken_back - {
        *("id", "store", "clause", "made_by", "made_at"),
    }


@pytest.mark.parametrize("changes", [1, 3])
def test_the_page_shows_what_holds_what_will_and_what_held(
    client, store, other_store, general, changes, django_assert_num_queries
):
    for n in range(changes):
        set_rule(
            store,
            REMINDER,
            VALUES | {"text": f"改{n}"},
            from_day=TODAY + timedelta(days=n),
            by=general,
            now=NOW - timedelta(days=1),
        )
    set_rule(
        *(other_store, REMINDER, VALUES | {"text": "外店"}), from_day=TOMORROW, by=general, now=NOW
    )
    client.force_login(make_user("reads", store, Role.RECEPTIONIST))

    with django_assert_num_queries(10):
        page = client.get(reverse("penalties:rules"))

    [line] = [line for line in page.context["lines"] if line.clause == REMINDER]
    assert (line.holding.text, [rule.text for rule in line.coming]) == (
        "改0",
        [f"改{n}" for n in range(1, changes)],
    )
    assert [rule.effective_from for rule in line.past] == [START]
    assertContains(page, "¥60 – 80", count=changes)
    assertContains(page, "首次提示失败不再跟踪的，每条20元。")
    assertNotContains(page, "外店")
    assertNotContains(page, reverse("penalties:rule-new", args=["reminder"]))


def test_a_rule_of_no_amount_is_called_a_warning_and_one_not_in_use_says_so(chief, store):
    page = chief.get(reverse("penalties:rules"))

    lines = {line.clause: line.holding for line in page.context["lines"]}
    assert not lines[Clause.REWARD].is_on
    assertContains(page, "未启用", count=1)
    assertContains(page, "仅提醒", count=2)  # a reward of no amount is none
    assertContains(page, reverse("penalties:rule-new", args=["reward"]))


def test_the_general_manager_changes_a_clause_by_the_page(chief, store, general):
    new = reverse("penalties:rule-new", args=["reminder"])
    assertContains(chief.get(new), 'value="2026-11-24"')
    assertContains(chief.get(new), "每条50至100元")

    there = {"effective_from": "2026-11-24"}
    assertRedirects(chief.post(new, TYPED | there), reverse("penalties:rules"))
    assert chief.post(new, TYPED | there | {"low_amount": "70"}).status_code == 409
    for wrong in (
        {"low_amount": "80.01"},
        {"low_amount": "-1"},
        {"high_amount": "100000.01"},
        {"text": ""},
    ):
        answer = chief.post(new, TYPED | {"effective_from": "2026-12-01"} | wrong)
        assert answer.status_code == 422, wrong
    assert chief.post(new, TYPED | {"effective_from": "2026-11-23"}).status_code == 409

    assert of(store) == [(START, 50, 100, True), (TOMORROW, 60, 80, True)]
    assert chief.get(reverse("penalties:rule-new", args=["nothing"])).status_code == 404


def test_a_clause_is_taken_out_of_use_from_a_day_on(chief, store):
    new = reverse("penalties:rule-new", args=["five_s"])
    typed = {name: value for name, value in TYPED.items() if name != "is_on"}

    chief.post(new, typed | {"effective_from": "2026-11-24"})

    assert [row[3] for row in of(store, Clause.FIVE_S)] == [True, False]


def test_numbers_are_read_and_entered_by_the_page(chief, store):
    new = reverse("penalties:numbers-new")
    there = {"effective_from": "2026-11-24"}
    assertRedirects(chief.post(new, NUMBERS | there), reverse("penalties:numbers"))
    assert chief.post(new, NUMBERS | there).status_code == 409
    for wrong in (
        *({"explain_days": 0}, {"repeated_from": 1}, {"month_limit_amount": "-1"}),
        *({"reward_points": 99}, {"reward_points": 1001}, {"reward_answers": 0}),
    ):
        answer = chief.post(new, NUMBERS | {"effective_from": "2026-12-01"} | wrong)
        assert answer.status_code == 422, wrong

    page = chief.get(reverse("penalties:numbers"))

    assert [row.explain_days for row in page.context["columns"]] == [3, 5]
    assert page.context["holding"].explain_days == 3


def test_the_file_holds_every_rule_with_its_days(store, other_store, general):
    set_rule(store, REMINDER, VALUES, from_day=TOMORROW, by=general, now=NOW)

    rows = spans(store)
    assert [until for rule, until in rows if rule.clause == REMINDER] == [TODAY, None]
    assert len(rows) == len(Clause) + 1
    listing = LISTINGS["penalties:rules"]
    lines = list(listing.lines(listing.rows(general, {}, TODAY)))
    assert len(lines) == 1 + len(Clause) + 1
    assert lines[-1][2:4] == [0.0, 0.0]
    assert [line.clause for line in regulation(store, TODAY)] == list(Clause)
