from datetime import date, datetime

import pytest

from apps.accounts.calendar import Calendar, SlotTimes
from apps.accounts.choices import Slot
from apps.care import policy
from apps.care.choices import CallKind, Result
from apps.care.policy import Grid

CHINA, SLOTS = Calendar(), SlotTimes()
MORNING, AFTERNOON, LATE = Slot.MORNING, Slot.AFTERNOON, Slot.LATE
FRI, SAT, MON, TUE, WED, THU = (date(2026, 11, d) for d in (20, 21, 23, 24, 25, 26))
NEXT_FRI, NEXT_MON = date(2026, 11, 27), date(2026, 11, 30)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        (MON, (MON, TUE, WED)),
        (FRI, (FRI, MON, TUE)),  # over a weekend
        (SAT, (SAT, MON, TUE)),  # the first on weekend duty
        # National Day 2026: 1-7 October are holidays, Saturday 10 October is worked.
        (date(2026, 9, 30), (date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9))),
        (date(2026, 10, 9), (date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 12))),
    ],
)
def test_day_1_is_the_first_attempt_and_the_others_are_the_next_working_days(first, days):
    assert policy.first_days(first, CHINA) == days


def test_a_day_closed_by_hand_is_no_working_day():
    closed = Calendar(corrections={TUE: "closed"})
    assert policy.first_days(MON, closed) == (MON, WED, THU)


@pytest.mark.parametrize(
    ("grid", "day", "slot", "lawful"),
    [
        (Grid(), MON, MORNING, True),
        (Grid(), SAT, LATE, True),
        (Grid(), MON, None, False),  # outside the slots
        (Grid((MORNING,), (MON, TUE, WED)), MON, MORNING, False),  # never a slot twice
        (Grid((MORNING,), (MON, TUE, WED)), TUE, MORNING, False),
        (Grid((MORNING,), (MON, TUE, WED)), MON, AFTERNOON, True),  # but a day
        (Grid((MORNING,), (FRI, MON, TUE)), SAT, AFTERNOON, False),  # no working day of the grid
        (Grid((MORNING,), (MON, TUE, WED)), WED, LATE, True),
        (Grid((MORNING,), (MON, TUE, WED)), THU, LATE, False),  # over
        (Grid((MORNING, AFTERNOON, LATE), (MON, TUE, WED)), TUE, LATE, False),
    ],
)
def test_what_is_a_lawful_attempt(grid, day, slot, lawful):
    assert grid.is_lawful(day, slot) is lawful


def test_the_first_attempt_fixes_the_days_and_the_next_keep_them():
    first = policy.after_attempt(Grid(), FRI, LATE, CHINA)
    assert first == Grid((LATE,), (FRI, MON, TUE))
    assert policy.after_attempt(first, MON, MORNING, CHINA) == Grid(
        (LATE, MORNING), (FRI, MON, TUE)
    )


def test_the_cells_left_are_those_not_over_in_order():
    grid = Grid((MORNING,), (MON, TUE, WED))
    assert policy.cells_left(grid, at(TUE, 15, 29), SLOTS) == [
        (TUE, AFTERNOON),
        (TUE, LATE),
        (WED, AFTERNOON),
        (WED, LATE),
    ]
    assert policy.cells_left(grid, at(WED, 15, 30), SLOTS) == [(WED, LATE)]


def test_before_the_first_attempt_the_slots_of_today_are_left():
    assert policy.cells_left(Grid(), at(MON, 14), SLOTS) == [(MON, AFTERNOON), (MON, LATE)]


@pytest.mark.parametrize(
    ("days", "stopped", "resumed", "expected"),
    [
        ((MON, TUE, WED), TUE, THU, (MON, THU, NEXT_FRI)),  # two working days waited
        ((MON, TUE, WED), TUE, TUE, (MON, TUE, WED)),  # the same day
        ((MON, TUE, WED), WED, NEXT_MON, (MON, TUE, NEXT_MON)),  # over a weekend
        ((MON, TUE, WED), TUE, date(2026, 11, 28), (MON, NEXT_MON, date(2026, 12, 1))),  # Saturday
        ((MON, TUE, WED), THU, NEXT_MON, (MON, TUE, WED)),  # nothing remained
        ((), MON, THU, ()),  # not begun
    ],
)
def test_waiting_stops_the_clock(days, stopped, resumed, expected):
    grid = Grid((MORNING,) if days else (), days)
    assert policy.resumed(grid, stopped, resumed, CHINA) == Grid(grid.tried, expected)


def test_after_the_last_slot_the_clock_goes_on_tomorrow():
    assert policy.day_the_clock_goes_on(at(MON, 17, 29), SLOTS) == MON
    assert policy.day_the_clock_goes_on(at(MON, 17, 30), SLOTS) == TUE


def test_everybody_is_greeted_two_hours_after_opening():
    assert policy.birthday_deadline(MON, CHINA, 120) == at(MON, 10, 30)
    assert policy.birthday_deadline(SAT, CHINA, 120) == at(SAT, 10, 20)  # weekend duty
    assert policy.birthday_deadline(date(2026, 10, 1), CHINA, 120) is None  # closed


def test_a_birthday_is_greeted_and_a_service_call_booked():
    birthday = policy.results_for(CallKind.BIRTHDAY)
    assert birthday[:3] == (Result.GREETED, Result.CALL_LATER, Result.REFUSES)
    assert len(birthday) == 9 and Result.BOOKED not in birthday
    service = policy.results_for(CallKind.MAINTENANCE)
    assert len(service) == 14 and Result.GREETED not in service
