"""Whose turn it is to take the next arrival (ORG-04)."""

from datetime import date, timedelta

from apps.accounts.calendar import Calendar
from apps.accounts.choices import Role
from apps.accounts.models import DutyDay
from apps.accounts.policy import whose_turn
from apps.accounts.queries import calendar_of, duty_of, on_duty
from tests.factories import NOW, TODAY, make_user

MINUTE = timedelta(minutes=1)


def test_the_turn_goes_round_by_those_of_the_day_then_by_who_waited_longest():
    early, late = NOW, NOW + MINUTE
    assert whose_turn([], {}, {}) is None
    assert whose_turn([7, 3], {}, {}) == 7
    assert whose_turn([7, 3], {7: 1}, {7: early}) == 3
    assert whose_turn([7, 3], {7: 1, 3: 1}, {7: late, 3: early}) == 3
    assert whose_turn([7, 3, 5], {7: 1, 3: 2}, {7: late, 3: early}) == 5
    assert whose_turn([7, 3], {9: 4}, {9: late}) == 7


def test_who_is_busy_is_skipped_and_keeps_his_place():
    early, late = NOW, NOW + MINUTE
    assert whose_turn([7, 3], {}, {}, busy=[7]) == 3
    assert whose_turn([7, 3], {}, {}, busy=[7, 3]) is None
    assert whose_turn([7, 3], {3: 1}, {3: late}) == 7
    assert whose_turn([7, 3], {7: 1, 3: 1}, {7: early, 3: late}, busy=[7]) == 3


def test_over_a_day_everybody_takes_as_many_and_nobody_twice_running():
    line, taken, last, order = [4, 2, 9], {}, {}, []
    for n in range(12):
        turn = whose_turn(line, taken, last)
        taken[turn], last[turn] = taken.get(turn, 0) + 1, NOW + n * MINUTE
        order.append(turn)
    assert order == [4, 2, 9] * 4


def test_the_roster_says_who_is_on_duty_else_the_calendar(
    store, other_store, django_assert_num_queries
):
    first, second, third = (make_user(f"s{n}", store, Role.SALES_CONSULTANT) for n in range(3))
    make_user("adviser", store, Role.SERVICE_ADVISOR)
    make_user("theirs", other_store, Role.SALES_CONSULTANT)
    gone = make_user("gone", store, Role.SALES_CONSULTANT)
    gone.is_active = False
    gone.save()
    DutyDay.objects.create(store=store, user=second, on=TODAY, on_duty=False)
    saturday: date = TODAY + timedelta(days=5)
    DutyDay.objects.create(store=store, user=third, on=saturday, on_duty=True)
    calendar: Calendar = calendar_of(store)

    with django_assert_num_queries(1):
        found = duty_of(store, TODAY, Role.SALES_CONSULTANT, calendar)

    assert found == [(first, True), (second, False), (third, True)]
    assert on_duty(store, TODAY, Role.SALES_CONSULTANT, calendar) == [first, third]
