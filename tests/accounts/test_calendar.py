"""Which days the store works (ORG-03): the public calendar of 2026, and corrections by hand."""

from datetime import date, datetime, time, timedelta

import pytest

from apps.accounts.calendar import Calendar, SlotTimes, holiday_name
from apps.accounts.choices import DayKind, Slot

HOLIDAYS_2026 = [
    *("01-01", "01-02", "01-03"),
    *(f"02-{day}" for day in range(15, 24)),
    *("04-04", "04-05", "04-06"),
    *("05-01", "05-02", "05-03", "05-04", "05-05"),
    *("06-19", "06-20", "06-21"),
    *("09-25", "09-26", "09-27"),
    *(f"10-{day:02}" for day in range(1, 8)),
]
MADE_UP_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize("day", HOLIDAYS_2026)
def test_the_store_is_closed_on_the_days_of_a_statutory_break(day):
    assert Calendar().kind(date.fromisoformat(f"2026-{day}")) == DayKind.CLOSED


@pytest.mark.parametrize("day", MADE_UP_2026)
def test_a_weekend_day_that_makes_up_for_a_holiday_is_a_working_day(day):
    assert Calendar().kind(date.fromisoformat(f"2026-{day}")) == DayKind.WORKING


def test_no_other_day_of_2026_differs_from_its_weekday():
    calendar = Calendar()
    special = {date.fromisoformat(f"2026-{day}") for day in [*HOLIDAYS_2026, *MADE_UP_2026]}
    days = {date(2026, 1, 1) + timedelta(days=n) for n in range(365)} - special

    weekdays = {day for day in days if day.weekday() < 5}
    assert {calendar.kind(day) for day in weekdays} == {DayKind.WORKING}
    assert {calendar.kind(day) for day in days - weekdays} == {DayKind.WEEKEND_DUTY}


def test_a_break_at_the_turn_of_the_year_takes_its_weekend_along():
    """1 January 2027 is a Friday: the break goes to Sunday 3 January."""
    assert Calendar().kind(date(2027, 1, 3)) == DayKind.CLOSED


def test_a_store_without_weekend_duty_is_closed_at_weekends():
    saturday = date(2026, 11, 28)

    assert Calendar(weekend_opens=None).kind(saturday) == DayKind.CLOSED
    assert Calendar(weekend_opens=None).opens_at(saturday) is None


def test_a_correction_by_hand_goes_before_the_public_calendar():
    monday = date(2026, 11, 23)
    calendar = Calendar(corrections={monday: "closed", date(2026, 10, 1): "working"})

    assert calendar.kind(monday) == DayKind.CLOSED
    assert calendar.is_working(date(2026, 10, 1))


def test_the_doors_open_earlier_on_weekend_duty():
    assert Calendar().opens_at(date(2026, 11, 28)) == time(8, 20)
    assert Calendar().opens_at(date(2026, 11, 23)) == time(8, 30)


def test_working_days_are_counted_over_a_break():
    """30 September 2026 is a Wednesday; 1–7 October is the national holiday."""
    before = date(2026, 9, 30)

    assert Calendar().working_day_after(before, 1) == date(2026, 10, 8)
    assert Calendar().working_day_after(before, 3) == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("clock", "slot"),
    [
        (time(8, 59), None),
        (time(9, 0), Slot.MORNING),
        (time(11, 29), Slot.MORNING),
        (time(11, 30), None),
        (time(13, 30), Slot.AFTERNOON),
        (time(15, 30), Slot.LATE),
        (time(17, 30), None),
    ],
)
def test_a_slot_holds_from_its_first_minute_to_before_its_last(clock, slot):
    assert SlotTimes().at(clock) == slot


def test_a_holiday_has_its_name():
    assert holiday_name(date(2026, 10, 1)) == "国庆节"
    assert holiday_name(date(2026, 11, 23)) == ""


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-25 10:00", 2, "2026-11-25 12:00"),  # within a day
        ("2026-11-25 16:30", 2, "2026-11-26 09:30"),  # over the night: 1 h, then 1 h
        ("2026-11-25 07:00", 2, "2026-11-25 10:30"),  # before opening
        ("2026-11-25 19:00", 2, "2026-11-26 10:30"),  # after closing
        ("2026-11-25 15:30", 2, "2026-11-25 17:30"),  # falls on closing time
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # over a weekend on duty
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over the National Day
        ("2026-11-25 08:30", 24, "2026-11-27 14:30"),  # 9 + 9 + 6
    ],
)
def test_a_limit_in_working_time(since, hours, until):
    begun, within = datetime.fromisoformat(since), timedelta(hours=hours)
    found = Calendar().working_time_after(begun, within)
    assert Calendar().working_time_between(begun, found) == within
    assert Calendar().working_time_between(found, begun) == -within
    assert found == datetime.fromisoformat(until)
