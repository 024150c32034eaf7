"""The search box is answered from indexes, whatever is asked (CUS-05)."""

import pytest
from django.db import connection

from apps.customers import search
from tests.factories import make_customer, make_vehicle

pytestmark = pytest.mark.django_db


def plan_of(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda ids: search.numbers_ending(ids, "2345"), "customers_contactnumber_end"),
        (lambda ids: search.cars_with(ids, "plate", "A123"), "customers_vehicle_plate_part"),
        (lambda ids: search.cars_with(ids, "vin", "N2000"), "customers_vehicle_vin_part"),
        (lambda ids: search.customers_named(ids, "三丰"), "customers_customer_name"),
        (lambda ids: search.customers_called(ids, "张三丰"), "customers_customer_called"),
        (lambda ids: search.customers_abbreviated(ids, "zsf"), "customers_customer_initials"),
        (lambda ids: search.customers_with_initials(ids, "zsf"), "customers_customer_initials"),
    ],
)
def test_each_question_has_its_index(store, rows, index):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (store_id, name, initials)"
            " SELECT %s, '客户' || g, 'kh' || g FROM generate_series(1, 3000) AS g;"
            "INSERT INTO customers_contactnumber (store_id, customer_id, number, kind)"
            " SELECT store_id, id, lpad(id::text, 11, '13900000000'), 'mobile'"
            "   FROM customers_customer;"
            "INSERT INTO customers_vehicle (store_id, vin, plate)"
            " SELECT store_id, lpad(id::text, 17, 'LSVAU2A37N2000000'), '沪A' || id"
            "   FROM customers_customer;"
            "SELECT gin_clean_pending_list('customers_customer_name'::regclass),"
            "       gin_clean_pending_list('customers_vehicle_vin_part'::regclass),"
            "       gin_clean_pending_list('customers_vehicle_plate_part'::regclass);"
            "ANALYZE customers_customer, customers_contactnumber, customers_vehicle",
            [store.pk],
        )
    assert index in plan_of(rows([store.pk]))


def test_a_customer_who_fits_twice_comes_once_with_the_first_reason(store):
    customer = make_customer(store, name="张三丰", phone="13900001234")
    make_vehicle(store, owner=customer, plate="沪A12345")
    [hit] = search.search([store.pk], "1234")
    assert (hit.customer, hit.vehicle) == (customer, None)
    assert "1234" in hit.matched


def test_three_digits_are_no_phone(store):
    make_customer(store, phone="13900001234")
    assert search.search([store.pk], "234") == []


@pytest.mark.parametrize("text", ["%", "__", "'", "", " ", "\\", "沪%"])
def test_wildcards_are_only_characters(store, text):
    make_vehicle(store, plate="沪A12345")
    assert search.search([store.pk], text) == []


def test_another_store_is_not_searched(store, other_store):
    make_customer(other_store, name="张三丰", initials="zsf")
    assert search.search([store.pk], "zsf") == []


@pytest.mark.parametrize(
    ("text", "field"), [("王伟", "name"), ("ww", "initials"), ("WW", "initials")]
)
def test_who_fits_as_a_whole_comes_before_who_fits_in_part(store, text, field):
    longer = {"name": "王伟国", "initials": "wwg"}
    for _ in range(25):
        make_customer(store, **longer)
    exact = make_customer(store, name="王伟", initials="ww")
    for _ in range(3):
        make_customer(store, **longer)

    hits = search.search([store.pk], text)

    assert hits[0].customer == exact
    assert len(hits) == len({hit.customer for hit in hits}) == 20


def test_of_several_names_the_newest_comes_first(store):
    customers = [make_customer(store, name=f"李三丰{n}") for n in range(3)]

    hits = search.search([store.pk], "三丰")

    assert [hit.customer for hit in hits] == customers[::-1]


@pytest.mark.parametrize(("text", "queries"), [("三丰", 2), ("1234", 5), ("沪A12", 2), ("zsf", 4)])
def test_a_search_costs_the_same_however_many_fit(
    store, text, queries, django_assert_max_num_queries
):
    """Each kind asks once or twice and fetches what belongs to the rows once; the two others
    begin the transaction and keep the planner from reading whole tables."""
    for n in range(3):
        customer = make_customer(store, "张三丰", phone=f"1390000{n}1234", initials="zsf")
        make_vehicle(store, customer, plate=f"沪A12{n}99")
    with django_assert_max_num_queries(queries + 5):
        assert len(search.search([store.pk], text)) == 3


@pytest.mark.django_db(transaction=True)
def test_the_planner_is_left_as_it_was(store):
    with connection.cursor() as cursor:
        search.search([store.pk], "三丰")
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
