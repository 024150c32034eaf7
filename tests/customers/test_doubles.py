"""CUS-04: who may be one customer, by which sign, and what a person said of it."""

from datetime import date

import pytest

from apps.customers import actions
from apps.customers.choices import DuplicateStatus
from apps.customers.doubles import FEW, alike
from apps.customers.models import Customer, Duplicate, Ownership
from tests.factories import NOW, make_customer, make_vehicle

BORN = date(1985, 3, 5)


@pytest.fixture(autouse=True)
def strangers(other_store):
    """The same phone, ID number, name and birthday, in another store."""
    for name in ("张伟", "张玮"):
        make_customer(other_store, name, "13911112222", birthday=BORN, id_number_hash="h")


def find(store, *people):
    return actions.find_duplicates(store.pk, [p.pk for p in people] or None, now=NOW)


def pairs(store):
    rows = Duplicate.objects.filter(store=store, status="open").order_by("low", "high")
    return [(row.low, row.high, row.signs) for row in rows.select_related("low", "high")]


@pytest.mark.parametrize("all_at_once", [True, False])
@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [
        ({"phone": "13911112222"}, {"phone": "13911112222"}, "phone"),
        ({"id_number_hash": "h"}, {"id_number_hash": "h"}, "id_number"),
        ({"name": "张伟", "birthday": BORN}, {"name": "张伟", "birthday": BORN}, "birthday"),
    ],
)
def test_what_two_records_share_proposes_them(store, one, other, sign, all_at_once):
    first = make_customer(store, **{"name": "张伟", **one})
    second = make_customer(store, **{"name": "李四", **other})
    make_customer(store, "王五")

    assert find(store, *(() if all_at_once else (second,))) == 1

    assert pairs(store) == [(first, second, [sign])]
    assert find(store) == find(store, first) == 0


@pytest.mark.parametrize(
    ("name", "initials", "found"),
    [("张玮", "zw", True), ("张伟先生", "zwxs", True), ("李四", "ls", False)],
)
def test_one_car_proposes_records_whose_names_are_alike(store, name, initials, found):
    first = make_customer(store, "张伟", initials="zw")
    second = make_customer(store, name, initials=initials)
    car = make_vehicle(store, second)
    Ownership.objects.create(store=store, vehicle=car, customer=first, until_on=date(2026, 1, 1))

    find(store, second)

    assert pairs(store) == ([(first, second, ["vin"])] if found else [])


def test_a_number_found_wrong_for_one_of_them_is_no_sign(store):
    make_customer(store, "张伟", "13911112222")
    make_customer(store, "李四", "13911112222").numbers.update(status="wrong")

    assert find(store) == 0


def test_a_few_are_set_beside_each_other_and_many_beside_the_oldest_only(store):
    oldest, *others = [make_customer(store, f"司机{n}", "13911112222") for n in range(FEW)]
    assert find(store) == FEW * (FEW - 1) // 2
    Duplicate.objects.filter(store=store).delete()

    others += [make_customer(store, f"司机{n}", "13911112222") for n in range(FEW, 30)]

    assert find(store, others[-1]) == len(others)
    assert pairs(store) == [(oldest, other, ["phone"]) for other in others]


def test_a_name_and_birthday_that_many_share_are_no_sign(store):
    for _ in range(FEW + 1):
        last = make_customer(store, "先生", birthday=date(1900, 1, 1))

    assert find(store) == find(store, last) == 0


def test_a_pair_said_to_be_two_people_comes_back_only_with_a_new_strong_sign(store, manager):
    first = make_customer(store, "张伟", "13911112222")
    second = make_customer(store, "张伟", "13911112222")
    find(store)
    pair = Duplicate.objects.get(store=store)
    actions.dismiss_duplicate(pair, by=manager, now=NOW)

    Customer.objects.filter(pk__in=[first.pk, second.pk]).update(birthday=BORN)
    assert find(store) == 0
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by, pair.strength) == (DuplicateStatus.DISMISSED, manager, 5)

    Customer.objects.filter(pk__in=[first.pk, second.pk]).update(id_number_hash="h")
    assert find(store) == 1
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by, pair.strength) == (DuplicateStatus.OPEN, None, 13)


def test_an_open_pair_whose_signs_have_gone_is_forgotten_by_the_nightly_search(store):
    make_customer(store, "张伟", "13911112222")
    second = make_customer(store, "李四", "13911112222")
    find(store)
    second.numbers.update(number="13811112222")

    find(store, second)
    assert len(pairs(store)) == 1
    find(store)

    assert pairs(store) == []


def test_a_merged_record_is_the_double_of_nobody(store):
    kept = make_customer(store, "张伟", birthday=BORN, id_number_hash="h")
    make_customer(
        store, "张伟", birthday=BORN, id_number_hash="h", merged_into=kept, merged_at=NOW
    ).numbers.update(customer=kept)

    assert find(store) == 0


def test_who_is_entered_is_compared_with_who_is_there(store):
    one = make_customer(store, "张伟", "13911112222", birthday=BORN)
    two = make_customer(store, "李四", id_number_hash="h")

    found = alike(store.pk, number="13911112222", id_hash="h", name="张伟", birthday=BORN)

    assert [(hit.customer, hit.signs) for hit in found] == [
        (two, ["身份证号相同"]),
        (one, ["电话相同", "同名同生日"]),
    ]
    assert alike(store.pk, number="13911112222", besides=one.pk) == []


def test_who_was_told_apart_on_entering_is_not_proposed(store, manager):
    old = make_customer(store, "李四", "13911112222")
    third = make_customer(store, "王五", "13911112222")
    new = make_customer(store, "张伟", "13911112222")

    assert actions.tell_apart(new, [old.pk], by=manager, now=NOW) == 1

    assert pairs(store) == [(old, third, ["phone"]), (third, new, ["phone"])]
