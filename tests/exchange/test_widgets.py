from datetime import date, datetime
from decimal import Decimal

import pytest

from apps.exchange.resources import REPAIRS, widget_for
from apps.exchange.widgets import ChoiceWidget
from tests.factories import TODAY

DAY = date(2026, 3, 5)


def clean(field, value, **options):
    return widget_for(field, on=TODAY, **options).clean(value)


@pytest.mark.parametrize(
    "written",
    [
        *("2026/3/5", "2026-03-05", "2026.03.05", "2026年3月5日", "2026-3-5 10:30", "20260305"),
        *(
            "2026-03-05 10:30:00",
            "2026-03-05T10:30:00",
            "２０２６年３月５日",
            "46086",
            46086.0,
            46086.5,
        ),
        *("46086.0", 46086.0, 20260305.0, DAY, datetime(2026, 3, 5, 18, 0), " 2026-03-05 "),
    ],
)
def test_a_date_in_any_spelling(written):
    assert clean("out_on", written) == DAY


def test_numbers_of_a_workbook_that_counts_from_1904():
    assert clean("out_on", 44624.0, from_1904=True) == DAY


@pytest.mark.parametrize("written", ["", " ", "-", "/", "1900-01-00", "0000-00-00", "无"])
def test_an_empty_date_is_none(written):
    assert clean("out_on", written) is None


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-02-30", "2026-02-30"),
        ("三月五日", "三月五日"),
        ("05/03/2026", "05/03/2026"),
        ("2026/3", "2026/3"),
        ("1904-01-01", "1904-01-01"),
        (12.5, "12.5"),
    ],
)
def test_a_date_that_cannot_be_is_said_in_words(written, says):
    with pytest.raises(ValueError, match=says):
        clean("out_on", written)


def test_insurance_may_end_in_the_future():
    assert clean("insured_until", "2027-01-01") == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("written", "km"),
    [
        ("4,406", 4406),
        ("50828公里", 50828),
        ("50828 KM", 50828),
        ("５０８２８", 50828),
        ("5.1万公里", 51000),
        (50828.0, 50828),
        (50828.7, 50828),
        ("0", 0),
        ("", None),
    ],
)
def test_a_mileage_in_any_dress(written, km):
    assert clean("km", written) == km


@pytest.mark.parametrize("written", ["约五万", "-5", -5.0, "五千", "2026-03-05", DAY, "99999999"])
def test_a_mileage_that_is_none_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        clean("km", written)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "13912345678",
            13912345678.0,
            "+86 139-1234-5678",
            "１３９１２３４５６７８",
            " 139 1234 5678 ",
        ),
        *(
            " 139 1234 5678 ",
            "008613912345678",
            "8613912345678",
            "1.3912345678E+10",
            "+86 13912345678",
        ),
    ],
)
def test_a_mobile_in_any_dress(written):
    (phone,) = clean("phone", written)
    assert (phone.number, phone.kind) == ("13912345678", "mobile")


def test_two_numbers_in_a_cell_the_mobile_first():
    found = clean("phone", "021-55551234/13912345678")
    assert [phone.number for phone in found] == ["13912345678", "02155551234"]


@pytest.mark.parametrize(
    "written", ["1391234567", "139123456789", "12012345678", "55551234", "电话"]
)
def test_a_number_nobody_has_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        clean("phone", written)


def test_a_vin_loses_blanks_and_gains_capitals():
    assert clean("vin", " lsguv84z6sj40 4514 ") == "LSGUV84Z6SJ404514"


@pytest.mark.parametrize("written", ["LSGUV84Z6SJ40451", "LSGUV84Z6SJ4045145", "LSGUV84Z6SJ40451O"])
def test_a_vin_has_17_possible_characters(written):
    with pytest.raises(ValueError, match="17|车架号|VIN"):
        clean("vin", written)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("首保", "first_service"),
        ("定保", "maintenance"),
        ("定期保养", "maintenance"),
        ("保养", "maintenance"),
        ("一般维修", "repair"),
        ("事故维修", "accident"),
        ("精品加装", "other"),
    ],
)
def test_kinds_of_repair(word, kind):
    assert clean("repair_kind", word) == kind


def test_every_word_for_a_kind_is_one_of_ours():
    assert set(REPAIRS.values()) == {"first_service", "maintenance", "repair", "accident"}


def test_a_word_that_is_no_choice_names_the_choices():
    with pytest.raises(ValueError, match="是"):
        ChoiceWidget({"是": True, "否": False}).clean("也许")


@pytest.mark.parametrize("written", ["¥1,234.50", "1234.5元", 1234.5, "１２３４.５０"])
def test_an_amount(written):
    assert clean("amount", written) == Decimal("1234.50")


def test_an_id_number_is_checked_and_never_a_number():
    assert clean("id_number", "11010519491231002x") == "11010519491231002X"
    with pytest.raises(ValueError, match=r"."):
        clean("id_number", "110105194912310021")
    with pytest.raises(ValueError, match=r"."):
        clean("id_number", 1.1010519491231e17)


def test_another_stores_code_is_refused():
    assert clean("store_code", "s1", store_code="S1") == "s1"
    with pytest.raises(ValueError, match="S2"):
        clean("store_code", "S2", store_code="S1")
