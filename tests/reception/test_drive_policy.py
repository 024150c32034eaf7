"""Who may drive, and how a day of a demonstrator car is drawn (REC-05)."""

from datetime import date, datetime, timedelta

import pytest

from apps.reception.policy.drive import (
    Cell,
    Span,
    day_cells,
    driven,
    free_starts,
    holds,
    licence_number,
    may_drive,
)
from tests.factories import SHANGHAI

OPENS, CLOSES = (datetime(2026, 11, 23, hour, 0, tzinfo=SHANGHAI) for hour in (9, 11))
HALF = timedelta(minutes=30)


def at(clock):
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI)


def span(start, end, what=None):
    return Span(at(start), at(end), what)


def starts(taken, after="09:00", length=HALF):
    found = free_starts(taken, length, after=at(after), opens=OPENS, closes=CLOSES)
    return [f"{start:%H:%M}" for start in found]


def drawn(*taken):
    cells = day_cells(OPENS, CLOSES, list(taken))
    assert sum(cell.columns for cell in cells) == 4
    return [
        (f"{cell.start:%H:%M}", cell.columns, [one.what for one in cell.spans]) for cell in cells
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("11010519491231002X", "11010519491231002X"),
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("e1234567", "E1234567"),
    ],
)
def test_a_licence_bears_an_id_number_or_a_passports(text, kept):
    assert licence_number(text) == kept


@pytest.mark.parametrize("text", ["110105194912310021", "12345678", "", "沪A12345", "E123"])
def test_other_numbers_are_refused(text):
    with pytest.raises(ValueError):
        licence_number(text)


def test_c2_is_for_automatic_cars_and_some_classes_are_for_none():
    assert [may_drive(kind, automatic=True) for kind in ("c1", "c2", "b2", "c5", "other")] == [
        *(True, True, True, False, False)
    ]
    assert [may_drive(kind, automatic=False) for kind in ("c1", "c2", "a1")] == [True, False, True]


def test_a_licence_holds_on_its_last_day_and_one_for_good_always():
    day = date(2026, 11, 23)
    assert [holds(until, day) for until in (day, day - timedelta(1), None)] == [True, False, True]


def test_free_starts_pass_over_what_is_taken():
    assert starts([]) == ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30"]
    assert starts([span("09:15", "10:00")]) == ["10:00", "10:15", "10:30"]
    assert starts([span("09:30", "10:40")]) == ["09:00"]
    assert starts([span("09:10", "10:20")]) == ["10:30"]
    assert starts([], after="10:20") == ["10:30"]
    assert starts([], after="10:31") == []
    assert starts([span("09:00", "10:00")], length=HALF * 3) == []


def test_a_day_is_drawn_without_a_gap():
    free = [("09:00", 1, []), ("09:30", 1, []), ("10:00", 1, []), ("10:30", 1, [])]
    assert drawn() == free
    assert drawn(span("09:30", "10:30", "a")) == [free[0], ("09:30", 2, ["a"]), free[3]]
    assert drawn(span("09:45", "10:15", "a")) == [free[0], ("09:30", 2, ["a"]), free[3]]


def test_drives_that_share_a_column_share_a_cell():
    two = drawn(span("09:00", "09:15", "a"), span("09:15", "10:00", "b"))
    assert two == [("09:00", 2, ["a", "b"]), ("10:00", 1, []), ("10:30", 1, [])]
    chain = drawn(span("09:00", "09:45", "a"), span("09:45", "10:15", "b"))
    assert chain == [("09:00", 3, ["a", "b"]), ("10:30", 1, [])]


def test_what_lies_outside_the_hours_stands_at_their_edge():
    assert drawn(span("08:00", "08:30", "a"))[0] == ("09:00", 1, ["a"])
    assert drawn(span("10:45", "12:00", "a"))[-1] == ("10:30", 1, ["a"])
    assert drawn(span("12:00", "12:30", "a"))[-1] == ("10:30", 1, ["a"])
    assert day_cells(OPENS, OPENS, []) == [Cell(OPENS, 1)]


def test_kilometres_are_known_once_the_car_is_back():
    assert (driven(100, 112), driven(100, None), driven(None, None)) == (12, None, None)
