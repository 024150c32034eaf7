"""The pages on which doubles are worked off (CUS-04)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Access
from apps.customers.actions import find_duplicates
from apps.customers.models import Customer, Duplicate, Merge
from tests.factories import NOW, make_customer, make_vehicle

PHONE = "13911112222"


@pytest.fixture
def pair(store):
    one, other = make_customer(store, "张伟", PHONE), make_customer(store, "张玮", PHONE)
    find_duplicates(store.pk, now=timezone.now())
    return Duplicate.objects.get(low=one, high=other)


def post(client, page, /, *args, **data):
    return client.post(reverse(page, args=args), data)


def test_the_list_shows_the_strongest_first_by_sign_and_page(
    client, store, manager, pair, monkeypatch
):
    monkeypatch.setattr("apps.customers.views.doubles.PAGE", 1)
    for name, hash in (("李四", "h"), ("王五", "h")):
        make_customer(store, name, id_number_hash=hash)
    find_duplicates(store.pk, now=timezone.now())
    client.force_login(manager)
    url = reverse("customers:duplicate-list")

    first = client.get(url)
    second = client.get(url, {"after": first.context["next"]})

    assert [row.signs for row in first.context["pairs"]] == [["id_number"]]
    assert [row.signs for row in second.context["pairs"]] == [["phone"]]
    assert second.context["next"] is None
    assert client.get(url, {"sign": "phone"}).context["pairs"] == [pair]
    assert client.get(url, {"sign": "vin"}).context["pairs"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    client, store, manager, count, django_assert_num_queries
):
    for number in range(count):
        for name in ("张伟", "张玮"):
            make_customer(store, name, f"1391111222{number}")
    find_duplicates(store.pk, now=timezone.now())
    client.force_login(manager)
    client.get("/")
    with django_assert_num_queries(5):
        client.get(reverse("customers:duplicate-list"))


def test_both_are_shown_side_by_side_and_the_look_is_written_down(client, manager, pair):
    Customer.objects.filter(pk=pair.high_id).update(address="衡山路1号")
    client.force_login(manager)

    page = client.get(reverse("desk:duplicate", args=[pair.pk])).content.decode()

    assert "139****2222" in page and PHONE not in page and "衡山路1号" in page
    seen = Access.objects.filter(user=manager, kind="view").values_list("object_pk", flat=True)
    assert set(seen) == {pair.low_id, pair.high_id}


def test_merged_by_the_form_and_undone_on_the_customer_page(client, manager, pair):
    car = make_vehicle(manager.store, pair.high)
    client.force_login(manager)

    told = {"keep": pair.low_id, "name": pair.high_id}
    answer = post(client, "desk:duplicate-merge", pair.pk, **told)

    kept = Customer.objects.get()
    assert answer.url == reverse("desk:customer", args=[kept.pk])
    assert (kept.pk, kept.name, kept.vehicles.get()) == (pair.low_id, "张玮", car)
    page = client.get(answer.url).content.decode()
    assert "撤销合并" in page

    merge = Merge.objects.get()
    assert "撤销" in client.get(reverse("desk:merge-list")).content.decode()
    post(client, "desk:merge-undo", merge.pk)
    assert {(c.pk, c.name) for c in Customer.objects.all()} == {
        (pair.low_id, "张伟"),
        (pair.high_id, "张玮"),
    }
    assert "可能与“张玮”是同一位客户" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("keep", ["", "0", "x"])
def test_without_a_record_to_keep_nothing_is_merged(client, manager, pair, keep):
    client.force_login(manager)

    assert post(client, "desk:duplicate-merge", pair.pk, keep=keep).status_code == 422
    assert Customer.objects.count() == 2


def test_two_people_are_proposed_no_more(client, manager, pair):
    client.force_login(manager)

    post(client, "customers:duplicate-dismiss", pair.pk)
    post(client, "customers:duplicate-dismiss", pair.pk)

    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == ("dismissed", manager)
    assert find_duplicates(pair.store_id, now=NOW) == 0
    assert Customer.objects.count() == 2


def test_who_is_entered_with_a_known_number_is_shown_first_and_saved_when_it_is_another(
    client, specialist, store, other_store
):
    make_customer(other_store, "周吴", PHONE)
    old = make_customer(store, "张伟", PHONE)
    client.force_login(specialist)
    typed = {
        "name": "李四",
        "phone": "139-1111-2222",
        "kind": "person",
        "gender": "unknown",
        "locality": "unknown",
        "address": "衡山路1号",
    }

    asked = post(client, "customers:customer-new", **typed)

    page = asked.content.decode()
    assert asked.status_code == 409 and Customer.objects.filter(store=store).count() == 1
    assert reverse("desk:customer", args=[old.pk]) in page and "电话相同" in page
    assert "衡山路1号" in page and "周吴" not in page

    post(client, "customers:customer-new", **typed, another="1")

    new = Customer.objects.get(name="李四")
    pair = Duplicate.objects.get(low=old, high=new)
    assert (pair.status, pair.decided_by) == ("dismissed", specialist)


def test_a_number_of_somebody_else_and_a_car_that_is_there_are_said(client, specialist, store):
    old, other = make_customer(store, "张伟", PHONE), make_customer(store, "李四")
    car = make_vehicle(store, old, vin="LSGUV84Z6SJ404514")
    client.force_login(specialist)

    number = post(client, "customers:number-new", other.pk, number=PHONE)
    vehicle = post(client, "customers:vehicle-new", other.pk, vin=car.vin, confirmed="on")

    assert (number.status_code, vehicle.status_code) == (409, 409)
    assert reverse("desk:customer", args=[old.pk]) in number.content.decode()
    assert reverse("desk:vehicle", args=[car.pk]) in vehicle.content.decode()
    assert other.numbers.count() == 1
    post(client, "customers:number-new", other.pk, number=PHONE, another="1")
    assert other.numbers.count() == 2
    assert not Duplicate.objects.filter(status="open").exists()
