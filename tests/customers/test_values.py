"""Phones, initials, sealed ID numbers, VINs: the values at the door of the archive."""

import pytest

from apps.accounts.models import Store
from apps.core.errors import Refused
from apps.customers import sealing, vins
from apps.customers.choices import Locality, NumberKind
from apps.customers.naming import initials
from apps.customers.phones import normalise, propose_locality


@pytest.mark.parametrize(
    "raw",
    [
        "13901234567",
        "139 0123-4567",
        "１３９０１２３４５６７",
        "+86 139 0123 4567",
        "008613901234567",
        "8613901234567",
        13901234567.0,
        13901234567,
    ],
)
def test_a_mobile_is_taken_however_it_is_written(raw):
    assert normalise(raw) == ("13901234567", NumberKind.MOBILE, "北京")


@pytest.mark.parametrize("raw", ["021-55551234", "(021)55551234", "+86 21 5555 1234"])
def test_a_landline_keeps_its_area_code(raw):
    assert normalise(raw) == ("02155551234", NumberKind.LANDLINE, "上海")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1390123456", "A mobile number has 11 digits; this one has 10."),
        ("139012345678", "A mobile number has 11 digits; this one has 12."),
        ("12345678901", "No mobile number begins with 123."),
        ("55551234", "A landline needs its area code, as 021-55551234."),
        ("0215555", "This landline number does not exist: check its length."),
        ("无", "There is no number in it."),
        (None, "There is no number in it."),
    ],
)
def test_a_broken_number_is_refused_in_plain_words(raw, reason, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(Refused, match=f"^{reason}$"):
        normalise(raw)


@pytest.mark.parametrize(
    ("regions", "plate", "locality"),
    [
        (["上海"], "", Locality.LOCAL),
        (["江苏"], "", Locality.NON_LOCAL),
        (["江苏"], "沪A12345", Locality.LOCAL),
        (["上海"], "苏E12345", Locality.NON_LOCAL),
        ([], "", Locality.UNKNOWN),
        ([""], "", Locality.UNKNOWN),
    ],
)
def test_locality_is_proposed_by_plate_then_number(regions, plate, locality):
    store = Store(local_regions=["上海", "沪"])
    assert propose_locality(store, regions, plate) == locality


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三丰", "zsf"),
        ("单志新", "szx"),
        ("曾国藩", "zgf"),
        ("仇英", "qy"),
        ("解晓东", "xxd"),
        ("查良镛", "zly"),
        ("重庆", "cq"),
        ("尉迟恭", "ycg"),
        ("Tom 李", "toml"),
        ("解放汽车有限公司", "jfqcyxgs"),
        ("张·伟", "zw"),
    ],
)
def test_initials_read_surnames_as_surnames(name, letters):
    assert initials(name) == letters


OLD = "old:b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleS4="
NEW = "new:bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS4="
NUMBER = "11010519491231002X"


def test_a_sealed_number_opens_and_shows_nothing(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = sealing.seal(NUMBER)
    assert sealed.startswith("old:")
    assert NUMBER not in sealed
    assert sealing.seal(NUMBER) != sealed
    assert sealing.open(sealed) == NUMBER


def test_a_new_key_in_front_keeps_old_values_and_look_up(settings):
    settings.FIELD_KEYS = [OLD]
    sealed, hashed = sealing.seal(NUMBER), sealing.hash(NUMBER)
    settings.FIELD_KEYS = [NEW, OLD]
    assert sealing.open(sealed) == NUMBER
    assert sealing.hash(" 11010519491231002x ") == hashed
    assert sealing.seal(NUMBER).startswith("new:")


def test_without_its_key_or_after_a_change_it_does_not_open(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = sealing.seal(NUMBER)
    with pytest.raises(sealing.CannotOpen):
        sealing.open(sealed[:-6] + "AAAA==")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(sealing.CannotOpen):
        sealing.open(sealed)


def test_the_check_digit_of_an_id_number():
    assert sealing.id_number_holds(NUMBER)
    assert not sealing.id_number_holds("110105194912310021")
    assert not sealing.id_number_holds("110105491231002")


def test_a_vin_is_made_one_way_and_its_check_digit_known():
    assert vins.normalise(" 1m8gdm9axkp042788 ") == "1M8GDM9AXKP042788"
    assert vins.check_digit_holds("1M8GDM9AXKP042788")
    assert not vins.check_digit_holds("1M8GDM9A1KP042788")


@pytest.mark.parametrize("vin", ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP04278O"])
def test_an_impossible_vin_is_refused(vin):
    with pytest.raises(Refused):
        vins.normalise(vin)
