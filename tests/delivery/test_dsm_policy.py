"""What a DSM record needs, when it is due and when it is at fault (DEL-06, PEN-07)."""

from datetime import date, datetime, time, timedelta

import pytest

from apps.delivery.choices.dsm import Fault, Needed
from apps.delivery.policy.dsm import Known, born, due_at, fault, is_owed, missing
from tests.factories import SHANGHAI

DUE = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
BEFORE, AFTER, LONG_AFTER = DUE - MINUTE, DUE + MINUTE, DUE + timedelta(days=9)


def test_it_is_due_at_half_past_nine_of_the_next_day_also_over_a_month_end():
    assert due_at(date(2026, 11, 23), time(9, 30)) == DUE
    assert due_at(date(2026, 12, 31), time(9, 30)) == datetime(2027, 1, 1, 9, 30, tzinfo=SHANGHAI)


def test_a_delivery_told_a_week_later_is_owed_and_an_older_one_is_history():
    day = date(2026, 11, 23)
    assert [is_owed(day, day + timedelta(days=n)) for n in (0, 1, 7, 8, 900)] == [
        *(True, True, True),
        *(False, False),
    ]


def test_a_person_needs_phone_birthday_id_number_and_address():
    assert missing(Known()) == missing(None) == list(Needed)[1:]
    assert missing(Known(phone=True, id_number=True)) == [Needed.BIRTHDAY, Needed.ADDRESS]
    assert missing(Known(phone=True, birthday=True, id_number=True, address=True)) == []


def test_a_company_needs_who_speaks_for_it_and_has_no_birthday():
    assert missing(Known(company=True)) == [Needed.CONTACT, Needed.PHONE, Needed.ADDRESS]
    assert missing(Known(company=True, contact=True, phone=True, address=True)) == []


@pytest.mark.parametrize(
    ("entered_at", "sent_back_at", "now", "found"),
    [
        (None, None, BEFORE, None),
        (None, None, DUE, None),  # the minute itself is in time
        (None, None, AFTER, Fault.INCOMPLETE),
        (DUE, None, LONG_AFTER, None),
        (AFTER, None, LONG_AFTER, Fault.LATE),
        (None, BEFORE, BEFORE, None),  # sent back in time, and there is time left
        (BEFORE, BEFORE, LONG_AFTER, None),  # and put right in time
        (None, AFTER, AFTER, Fault.INCOMPLETE),
        (AFTER, AFTER, LONG_AFTER, Fault.INCOMPLETE),  # what was there in time was not right
    ],
)
def test_a_record_is_late_or_incomplete_or_neither(entered_at, sent_back_at, now, found):
    assert fault(DUE, entered_at, sent_back_at, now) is found


def test_what_was_accepted_with_something_missing_is_incomplete_from_the_limit_on():
    """PEN-07: however early or late it was entered, and not before the limit has passed."""
    second = timedelta(seconds=1)
    for entered_at in (None, BEFORE, DUE, AFTER):
        assert fault(DUE, entered_at, None, LONG_AFTER, accepted_so=True) is Fault.INCOMPLETE
        assert fault(DUE, entered_at, None, DUE + second, accepted_so=True) is Fault.INCOMPLETE
        assert fault(DUE, entered_at, None, DUE, accepted_so=True) is None


def test_half_past_nine_to_the_second():
    second = timedelta(seconds=1)
    assert fault(DUE, DUE, None, LONG_AFTER) is None
    assert fault(DUE, DUE + second, None, LONG_AFTER) is Fault.LATE


def test_an_id_number_says_when_its_holder_was_born():
    assert born("310101199003070027") == date(1990, 3, 7)
    assert [born(wrong) for wrong in ("", "310101", "310101199013070027")] == [None] * 3
