"""The pages of contracts: who sees which, each step by its form (REC-08, REC-12, ORG-02)."""

import pytest
import time_machine
from django.urls import reverse

from apps.reception.models import SalesOrder
from apps.reception.queries.orders import contract_lines
from tests.factories import NOW, TODAY
from tests.reception.sold import (
    boss,
    explained,
    make_car,
    make_opportunity,
    make_order,
    make_trim,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller(client, store):
    client.force_login(person(store))
    return person(store)


def page(name, *args):
    return reverse(f"reception:{name}", args=args)


def listed(client, **asked):
    answer = client.get(page("order-list"), asked)
    assert answer.status_code == 200
    return answer.context["rows"]


def test_a_consultant_sees_his_own_contracts_and_the_manager_all(client, store, other_store):
    make_order(other_store)
    own, others = make_order(store), make_order(store, person(store, "colleague"))
    client.force_login(person(store))

    assert listed(client) == [own]
    assert client.get(page("order", others.pk)).status_code == 404
    assert client.post(page("order-copy", others.pk)).status_code == 404
    client.force_login(boss(store))
    assert listed(client) == [others, own]


def test_the_list_is_narrowed_and_paged(client, store, seller):
    first = make_order(store, stock_car=make_car(store))
    over = make_order(store, status="cancelled")
    customer = first.customer
    customer.name = "欧阳娜"
    customer.save()

    assert listed(client, status="live") == [first]
    assert listed(client, status="cancelled") == [over]
    assert listed(client, car="yes") == [first] and listed(client, car="no") == [over]
    assert listed(client, q="阳") == [first]
    assert listed(client, until="2026-11-22") == [] and len(listed(client, since=TODAY)) == 2
    assert listed(client, after=over.pk) == [first]


def test_the_list_asks_as_often_for_three_as_for_one(
    client, store, seller, django_assert_max_num_queries, django_assert_num_queries
):
    make_order(store, stock_car=make_car(store))
    listed(client)
    with django_assert_max_num_queries(20) as one:
        listed(client)
    for _n in range(2):
        make_order(store, stock_car=make_car(store))
    with django_assert_num_queries(len(one)):
        listed(client)


def test_from_the_opportunity_to_the_deposit_by_the_pages(client, store, seller):
    wanted = make_opportunity(store, trim=make_trim(store), colour="黑")
    new = page("order-new", wanted.pk)
    said = {"trim": wanted.trim_id, "colour": "黑", "price_amount": "148000"}
    said |= {"insurance_amount": "0", "accessories_amount": "0", "promised_on": "2026-12-07"}
    form = client.get(new)
    assert b"150000" in form.content

    assert client.post(new, said | {"price_amount": "-1"}).status_code == 422
    assert client.post(new, said | {"price_amount": "100000"}).status_code == 409
    assert not SalesOrder.objects.exists()
    answer = client.post(new, said)
    order = SalesOrder.objects.get()
    assert answer["Location"] == page("order", order.pk)

    assert client.post(page("order-sign", order.pk), {"version": 1}).status_code == 409
    lines = contract_lines(order, TODAY)
    ticks = {f"done-{line.item.pk}": "on" for line in lines}
    part = dict(list(ticks.items())[:3])
    contract = page("order-contract", order.pk)
    assert client.post(contract, part)["Location"] == contract
    assert client.post(contract, ticks)["Location"] == page("order", order.pk)
    assert (
        client.post(page("order-sign", order.pk), {"version": 1, "copy": "on"}).status_code == 302
    )

    pay = page("order-deposit", order.pk)
    assert client.post(pay, {"version": 2, "amount": "x", "paid_how": "card"}).status_code == 409
    assert client.post(pay, {"version": 2, "amount": "5000", "paid_how": "card"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.deposit_amount, order.copy_given_at) == ("deposited", 5000, NOW)


def test_the_form_has_only_what_may_still_be_changed(client, store, seller):
    order = make_order(store, status="deposited", promised_on=TODAY)
    fields = lambda: set(client.get(page("order-edit", order.pk)).context["form"].fields)  # noqa: E731

    assert fields() == {"remark", "version"}
    edit = {"version": 1, "remark": "周末交车", "price_amount": "1"}
    assert client.post(page("order-edit", order.pk), edit).status_code == 302
    order.refresh_from_db()
    assert (order.remark, order.price_amount) == ("周末交车", 150000)

    client.force_login(boss(store))
    assert fields() == {
        *("trim", "colour", "price_amount", "insurance_amount", "accessories_amount"),
        *("promised_on", "consultant", "remark", "version"),
    }
    client.force_login(seller)
    done = make_order(store, status="delivered")
    assert client.get(page("order-edit", done.pk))["Location"] == page("order", done.pk)


def test_a_second_tab_is_told_and_means_it_the_second_time(client, store, seller):
    order = make_order(store)
    said = {"trim": order.trim_id, "price_amount": "150000", "insurance_amount": "0"}
    said |= {"accessories_amount": "0", "version": 1}
    edit = page("order-edit", order.pk)

    assert client.post(edit, said | {"remark": "甲"}).status_code == 302
    told = client.post(edit, said | {"remark": "乙"})
    assert told.status_code == 409 and "甲" in told.content.decode()
    assert told.context["form"].data["version"] == 2


def test_a_car_is_given_and_taken_back_on_the_page(client, store, other_store, seller):
    order, car = make_order(store), make_car(store)
    strange = make_car(other_store)
    post = page("order-car", order.pk)

    assert client.post(post, {"version": 1, "car": strange.pk}).status_code == 409
    assert client.post(post, {"version": 1}).status_code == 409
    assert client.post(post, {"version": 1, "car": car.pk}).status_code == 302
    order.refresh_from_db()
    assert order.stock_car == car
    assert client.post(post, {"version": 2, "back": "1"}).status_code == 302
    order.refresh_from_db()
    assert order.stock_car is None


def test_a_cancellation_needs_a_reason(client, store, seller):
    order = make_order(store)
    post = page("order-cancel", order.pk)

    assert client.post(post, {"version": 1}).status_code == 409
    assert client.post(post, {"version": 1, "reason": "customer"}).status_code == 302
    shown = client.get(page("order", order.pk))
    assert shown.context["may"] == frozenset() and shown.status_code == 200


def test_the_contract_on_paper_shows_what_was_explained(client, store, seller):
    order = explained(make_order(store, promised_on=TODAY))

    paper = client.get(page("order-contract-print", order.pk)).content.decode()

    assert paper.count("☑") == 12 and "☐" not in paper and str(order) in paper


def test_the_manager_writes_other_terms_from_tomorrow(client, store):
    client.force_login(boss(store))
    said = {"effective_from": "2026-11-24", "points": "价格\n定金"}
    assert client.post(page("contract-points"), said).status_code == 302

    order = make_order(store)
    assert len(contract_lines(order, TODAY)) == 12
    assert [x.item.text for x in contract_lines(order, TODAY.replace(day=24))] == ["价格", "定金"]
