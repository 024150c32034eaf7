"""Whom a filter finds: each once, and only who may be written to (CARE-06, CARE-29)."""

from datetime import date

import pytest

from apps.accounts.models import Store
from apps.care.audience_forms import AudienceForm, in_words
from apps.care.queries.audience import audience, once_a_number, size
from apps.customers.choices import NumberKind, NumberStatus, Purpose
from apps.customers.models import ContactNumber
from tests.factories import TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db


def willing(store, name="张伟", **fields):
    return make_customer(store, name, accepts_marketing=True, **fields)


def found(store, **filters):
    return [row.name for row in audience([store.pk], filters, on=TODAY).order_by("pk")]


@pytest.fixture
def strange(other_store):
    """Fits every filter of these tests, in another store."""
    owner = willing(other_store, "陌生", gender="male", locality="local", birthday=date(1990, 5, 5))
    make_vehicle(other_store, owner, model="英朗", sold_here=True, last_visit_on=date(2026, 10, 1))
    return owner


def test_without_a_filter_it_is_everybody_who_may_be_written_to(store, strange):
    willing(store, "同意")
    make_customer(store, "未同意")
    unreached = willing(store, "没号码")
    unreached.reachable = False
    unreached.save()

    assert found(store) == ["同意"]


def test_who_refuses_service_gets_no_service_message(store, strange):
    make_customer(store, "普通")
    make_customer(store, "拒绝", refuses_service=True, accepts_marketing=True)

    rows = audience([store.pk], {}, on=TODAY, purpose=Purpose.SERVICE)

    assert [row.name for row in rows] == ["普通"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"gender": "male"}, ["男"]),
        ({"locality": "local"}, ["男"]),
        ({"kind": "company"}, ["公司"]),
        ({"age_from": 36}, ["男"]),  # born 1990-11-23: 36 today
        ({"age_from": 37}, []),
        ({"age_until": 36}, ["男"]),
        ({"age_until": 35}, []),
        ({"birth_month": 11}, ["男"]),
        ({"birth_month": 12}, []),
    ],
)
def test_what_is_asked_about_the_person(store, strange, filters, names):
    birthday = date(1990, 11, 23)
    willing(store, "男", gender="male", locality="local", birthday=birthday)
    willing(store, "女", gender="female", locality="non_local")
    willing(store, "公司", kind="company", birthday=birthday)

    assert found(store, **filters) == names


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        ({"models": ["英朗"]}, True),
        ({"models": ["君威", "英朗"]}, True),
        ({"models": ["君威"]}, False),
        ({"sold_here": "yes"}, True),
        ({"sold_here": "no"}, False),
        ({"visit_from": "2026-10-01"}, True),
        ({"visit_from": "2026-10-02"}, False),
        ({"visit_until": "2026-10-01"}, True),
        ({"visit_until": "2026-09-30"}, False),
        ({"car_age_from": 3}, True),  # delivered 2023-11-23
        ({"car_age_from": 4}, False),
        ({"car_age_until": 3}, True),
        ({"car_age_until": 2}, False),
        ({"in_warranty": "yes"}, False),  # 36 months are over today
        ({"in_warranty": "no"}, True),
        ({"models": ["英朗"], "sold_here": "yes", "locality": "local"}, True),
        ({"models": ["英朗"], "locality": "non_local"}, False),
    ],
)
def test_what_is_asked_about_the_car(store, strange, filters, fits):
    owner = willing(store, locality="local")
    make_vehicle(
        store,
        owner,
        model="英朗",
        sold_here=True,
        delivered_on=date(2023, 11, 23),
        last_visit_on=date(2026, 10, 1),
    )
    willing(store, "无车", locality="local")

    assert (found(store, **filters) == ["张伟"]) is fits


@pytest.mark.parametrize(
    ("fields", "inside"),
    [
        ({"delivered_on": date(2023, 11, 24)}, True),
        ({"delivered_on": date(2023, 11, 24), "warranty_months": 24}, False),
        ({"delivered_on": date(2026, 1, 1), "last_km": 100_000, "last_km_on": TODAY}, False),
        ({"delivered_on": date(2026, 1, 1), "last_km": 99_999, "last_km_on": TODAY}, True),
        ({"registered_on": date(2026, 1, 1)}, True),
        ({}, False),
    ],
)
def test_warranty_ends_by_time_or_by_mileage(store, fields, inside):
    make_vehicle(store, willing(store), **fields)

    assert bool(found(store, in_warranty="yes")) is inside
    assert bool(found(store, in_warranty="no")) is not inside


def test_one_and_the_same_car_must_fit_and_it_is_still_his(store):
    owner = willing(store)
    make_vehicle(store, owner, model="英朗", sold_here=False)
    make_vehicle(store, owner, model="君威", sold_here=True)
    make_vehicle(store, owner, model="昂科威", fate="sold_on")

    assert found(store, models=["英朗"], sold_here="yes") == []
    assert found(store, models=["英朗", "君威"]) == ["张伟"], "with two cars that fit he is one"
    assert found(store, models=["昂科威"]) == []


def test_who_shares_a_number_gets_one_and_a_landline_none(store):
    willing(store, "先生", phone="13800000001")
    willing(store, "太太", phone="13800000001")
    willing(store, "座机", phone="02155512345")
    both = willing(store, "两个", phone="02155512346")
    ContactNumber.objects.filter(number__startswith="02").update(kind=NumberKind.LANDLINE)
    for number, status in (("13800000002", NumberStatus.WRONG), ("13800000003", "good")):
        ContactNumber.objects.create(
            store=store, customer=both, number=number, kind=NumberKind.MOBILE, status=status
        )

    rows = audience([store.pk], {}, on=TODAY)

    assert [(row.name, row.to) for row in once_a_number(rows)] == [
        ("先生", "13800000001"),
        ("两个", "13800000003"),
    ]
    assert size(rows) == 2
    willing(store, "三号", phone="13800000003")
    assert size(rows) == 2, "the other number of one is the main number of another"


@pytest.mark.parametrize("people", [1, 3])
def test_counting_is_two_queries_however_many_there_are(store, django_assert_num_queries, people):
    for _number in range(people):
        make_vehicle(store, willing(store), model="英朗")
    with django_assert_num_queries(2):
        assert size(audience([store.pk], {"models": ["英朗"]}, on=TODAY)) == people


def asked(**typed):
    form = AudienceForm(
        {f"who-{name}": value for name, value in typed.items()}, prefix="who", store=None
    )
    return form.asked() if form.is_valid() else form.errors.get_json_data()


def test_the_form_keeps_plain_values_and_only_what_is_asked():
    assert asked() == {}
    assert asked(models=["英朗"], age_from="0", visit_from="2026-01-31", birth_month="2") == {
        "models": ["英朗"],
        "visit_from": "2026-01-31",
        "age_from": 0,
        "birth_month": 2,
    }


@pytest.mark.parametrize(
    ("first", "last"),
    [("age_from", "age_until"), ("car_age_from", "car_age_until")],
)
def test_the_form_refuses_a_range_that_ends_before_it_begins(first, last):
    assert list(asked(**{first: "9", last: "8"})) == [last]
    assert asked(**{first: "8", last: "8"}) == {first: 8, last: 8}


def test_the_filter_is_said_in_words():
    assert in_words({}) == []
    words = in_words({"models": ["英朗", "君威"], "sold_here": "yes", "birth_month": 2})
    assert [answer for _question, answer in words] == ["英朗、君威", "是", "二月"]


def test_the_models_of_the_store_are_offered(store, other_store):
    make_vehicle(store, model="英朗")
    make_vehicle(store, model="英朗")
    make_vehicle(other_store, model="别店的车")

    form = AudienceForm(prefix="who", store=Store.objects.get(pk=store.pk))

    assert list(form.fields["models"].choices) == [("英朗", "英朗")]
