"""Deciding who is right, on the page and by the action (DATA-05)."""

from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.core.errors import Refused
from apps.customers.models import Customer
from apps.exchange.actions import settle
from apps.exchange.models import Difference
from tests.exchange.pages_differences import make_difference
from tests.factories import NOW, make_customer, make_vehicle

OPEN = Difference.objects.filter(status="open")
LIST, SETTLE = "exchange:differences", "exchange:differences-settle"


@pytest.fixture
def signed_in(client, manager):
    client.force_login(manager)
    return client


def test_the_history_says_who_decided_what_was_there_and_what_came(store, manager):
    car = make_vehicle(store, plate="沪C77777")
    row = make_difference(store, vehicle=car, field="plate", ours="沪C77777", theirs="沪A1")
    settle([row.pk], "theirs", store=store, by=manager, now=NOW)
    row.refresh_from_db()
    assert (row.decided_by, row.decided_at) == (manager, NOW)
    event = car.events.latest("pgh_id")
    assert (event.plate, event.pgh_context.metadata["action"]) == ("沪C77777", "exchange.settle")


def test_what_changed_here_since_it_was_found_is_left_with_the_fresh_value(store, manager):
    customer = make_customer(store, address="上海路2号")
    row = make_difference(store, customer=customer, ours="上海路1号")
    settled = settle([row.pk], "theirs", store=store, by=manager, now=NOW)
    row.refresh_from_db()
    customer.refresh_from_db()
    assert (settled.changed, settled.decided) == (1, 0)
    assert (row.status, row.ours, customer.address) == ("open", "上海路2号", "上海路2号")


def test_who_decides_second_is_told_who_was_first(store, manager, specialist):
    row = make_difference(store)
    settle([row.pk], "ours", store=store, by=manager, now=NOW)
    with pytest.raises(Refused, match="manager"):
        settle([row.pk], "theirs", store=store, by=specialist, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.customer.address) == ("ours_kept", "上海")


def test_a_stranger_decides_nothing_of_ours(store, other_store, stranger):
    row = make_difference(store)
    with pytest.raises(Refused):
        settle([row.pk], "theirs", store=other_store, by=stranger, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.customer.address) == ("open", "上海")


def test_the_number_of_the_dms_that_was_found_bad_is_not_rung_first(store, manager):
    customer = make_customer(store)
    ours = customer.main_phone
    customer.numbers.create(store=store, number="13700000001", kind="mobile", status="empty")
    row = make_difference(
        store, customer=customer, field="main_phone", ours=ours, theirs="13700000001"
    )
    settled = settle([row.pk], "theirs", store=store, by=manager, now=NOW)
    customer.refresh_from_db()
    row.refresh_from_db()
    assert (len(settled.refused), row.status, customer.main_phone) == (1, "open", ours)


def addresses():
    return sorted(Customer.objects.values_list("address", flat=True))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(
    signed_in, store, other_store, rows, django_assert_max_num_queries
):
    for _n in range(rows):
        make_difference(store)
        ours, theirs = make_customer(store, name="甲"), make_customer(store, name="乙")
        make_difference(
            store,
            vehicle=make_vehicle(store, owner=ours),
            field="owner",
            ours=str(ours.pk),
            theirs=str(theirs.pk),
            ours_customer=ours,
            theirs_customer=theirs,
        )
    make_difference(other_store, theirs="南京")
    with django_assert_max_num_queries(16) as queries:
        page = signed_in.get(reverse(LIST))
    assertContains(page, "苏州</span>", count=rows)
    assertNotContains(page, "南京")
    # rows, two counts, the menu; what was before of customers and of cars
    assert len([q for q in queries if '"exchange_difference"' in q["sql"]]) == 4
    assert len([q for q in queries if 'event"' in q["sql"]]) == 2


def test_one_row_is_decided_by_its_own_button_and_again_by_the_same_click_is_nothing(
    signed_in, store, manager
):
    row, other = make_difference(store), make_difference(store)
    sent = {"theirs": row.pk, "chosen": [other.pk], "form_token": str(uuid4())}
    answers = [signed_in.post(reverse(SETTLE), sent, follow=True) for _click in range(2)]
    assertContains(answers[0], "已采用DMS：1 条")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert addresses() == ["上海", "苏州"]
    row.refresh_from_db()
    assert (row.status, row.decided_by, OPEN.get()) == ("theirs_taken", manager, other)


def test_the_ticked_rows_are_decided_the_others_wait(signed_in, store):
    ticked = [make_difference(store).pk for _n in range(2)]
    waits = make_difference(store)
    signed_in.post(reverse(SETTLE), {"side": "ours", "chosen": ticked})
    assert OPEN.get() == waits
    assert addresses() == ["上海"] * 3


def test_all_of_a_kind_are_decided_at_once_and_nothing_that_was_not_there_to_see(
    signed_in, store, other_store
):
    shown = [make_difference(store) for _n in range(3)]
    plate = make_difference(store, vehicle=make_vehicle(store), field="plate", theirs="沪A1")
    strange = make_difference(other_store)
    later = make_difference(store)
    sent = {"field": "address", "everything": "1", "newest": shown[-1].pk, "side": "theirs"}

    answer = signed_in.post(reverse(SETTLE), sent, follow=True)

    assertContains(answer, "已采用DMS：3 条")
    assert set(OPEN) == {plate, strange, later}
    assert addresses().count("苏州") == 3


def test_no_row_ticked_is_said_so_and_nothing_changes(signed_in, store):
    row = make_difference(store)
    answer = signed_in.post(reverse(SETTLE), {"side": "theirs"})
    assertContains(answer, "请至少勾选一条", status_code=422)
    assert (OPEN.get(), addresses()) == (row, ["上海"])


def test_who_comes_second_reads_who_was_first(signed_in, store, specialist):
    row = make_difference(store)
    settle([row.pk], "ours", store=store, by=specialist, now=NOW)
    answer = signed_in.post(reverse(SETTLE), {"theirs": row.pk})
    assertContains(answer, "li_na 已处理过：已保留本店", status_code=409)
    assert addresses() == ["上海"]


def test_who_was_the_owner_stays_readable_when_it_is_decided(signed_in, store, manager):
    ours, theirs = make_customer(store, name="甲某"), make_customer(store, name="乙某")
    vehicle = make_vehicle(store, owner=ours)
    sides = {"ours": str(ours.pk), "theirs": str(theirs.pk)}
    people = {"ours_customer": ours, "theirs_customer": theirs}
    row = make_difference(store, vehicle=vehicle, field="owner", **sides, **people)
    settle([row.pk], "theirs", store=store, by=manager, now=NOW)
    page = signed_in.get(reverse(LIST), {"status": "theirs_taken"})
    assertContains(page, "甲某</span>")
    vehicle.refresh_from_db()
    assert vehicle.owner == theirs
