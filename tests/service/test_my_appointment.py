"""The customer's own page: he sees, confirms, moves or cancels one appointment, and nothing else
(SVC-05). Whatever is not a good link is answered alike and changes nothing."""

import random
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from redis.exceptions import ConnectionError as NoRedis

from apps.audit.models import AnsweredForm
from apps.core import limits
from apps.service.actions import arrive, cancel, change, confirm, move, send_new_link
from apps.service.models import Appointment
from apps.service.queries.links import LIVES, form_of, token_of
from apps.service.views import my_appointment
from tests.factories import NOW, TODAY, make_customer, make_vehicle
from tests.service.workshop import at, make_appointment, make_operation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
ADDRESS = reverse("service:my-appointment")


@pytest.fixture(autouse=True)
def at_ten():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def row(store, other_store):
    owner = make_customer(store, "张三丰", "13912345678", address="南京路1号")
    car = make_vehicle(store, owner=owner, plate="沪A12345", vin="LSGTEST0000009999")
    make_appointment(other_store, "14:00", on=TOMORROW)
    oil = make_operation(store)
    said = {"symptoms": "异响"}
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car, operations=[oil])
    return change(row, said, version=1)


@pytest.fixture
def customer():
    """A phone's browser that knows nobody here; CSRF is looked at as in real use."""
    return Client(enforce_csrf_checks=True)


def link(row, now=NOW):
    return f"{ADDRESS}?{urlencode({'a': token_of(row, now)})}"


def fields(row, do, **more):
    return {"do": do, "form": form_of(row), **more}


def facts():
    """Everything that a link could change."""
    rows = list(Appointment.objects.order_by("pk").values())
    return rows, AnsweredForm.objects.count()


def test_the_page_shows_when_where_which_car_in_part_and_what_is_done_and_nothing_more(
    customer, row
):
    page = customer.get(link(row))

    for shown in ("11月24日", "14:00", "上海演示店", "沪A•••45", "机油保养", "请确认"):
        assertContains(page, shown)
    text = page.content.decode()
    for hidden in ("张三丰", "张", "1391234", "5678", "12345", "9999", "异响", "南京路", "120"):
        assert hidden not in re.sub(r"a=[\w.-]+|value=\"[^\"]+\"", "", text), hidden
    assert customer.cookies == {}
    assert {name: page[name] for name in my_appointment.HEADERS} == my_appointment.HEADERS
    assertContains(page, '<meta name="robots" content="noindex, nofollow">')
    assertNotContains(page, "<script")


def test_looking_changes_nothing(customer, row):
    before = facts()
    for method in (customer.get, customer.head):
        assert method(link(row)).status_code == 200
    assert facts() == before


def test_a_signed_in_employee_sees_the_same_page_and_no_more(client, customer, row, specialist):
    client.force_login(specialist)

    def seen(visitor):
        return re.sub(r'value="form[^"]+"', "", visitor.get(link(row)).content.decode())

    assert seen(client) == seen(customer)


def test_he_confirms_and_the_same_click_again_says_the_same(customer, row):
    again = fields(row, "confirm")
    for _click in range(2):
        answer = customer.post(link(row), again)
        assert (answer.status_code, answer.url) == (302, link(row))
    row.refresh_from_db()
    assert (row.status, row.version) == ("confirmed", 3)
    assertContains(customer.get(link(row)), "届时恭候您")


def test_he_moves_to_a_free_time_and_the_same_click_again_says_the_same(customer, row):
    again = fields(row, "move", starts_at="2026-11-25T09:00")
    assertContains(customer.get(link(row)), 'value="2026-11-25T09:00"')
    for _click in range(2):
        answer = customer.post(link(row), again)
        assert (answer.status_code, answer.url) == (302, link(row))
    row.refresh_from_db()
    assert (row.starts_at, row.status, row.source) == (
        at("09:00", TOMORROW + DAY),
        "confirmed",
        "phone",
    )
    assert row.version == 4
    assertContains(customer.get(link(row)), "11月25日")


def test_he_cancels_and_the_link_is_dead(customer, row):
    again = fields(row, "cancel")
    for _click in range(2):
        assertContains(customer.post(link(row), again), "预约已取消")
    row.refresh_from_db()
    assert (row.status, row.cancel_reason, row.version) == ("cancelled", "customer", 3)
    before = facts()
    assertContains(customer.get(link(row)), "链接无效", status_code=404)
    for do in ("confirm", "move", "cancel"):
        asked = fields(row, do, starts_at="2026-11-25T09:00")
        assertContains(customer.post(link(row), asked), "链接无效", status_code=404)
    assert facts() == before


def test_history_says_that_the_customer_did_it_and_names_no_person(customer, row):
    customer.post(link(row), fields(row, "confirm"))

    event = row.events.latest("pgh_id")
    assert event.pgh_context.metadata["action"] == "service.confirm_by_customer"
    assert event.pgh_context.metadata.get("user") is None
    assert "a=" not in str(event.pgh_context.metadata)  # the link is in no record


@pytest.mark.parametrize("do", ["confirm", "move", "cancel"])
def test_what_the_desk_changed_meanwhile_is_shown_and_not_overwritten(customer, row, do):
    asked = fields(row, do, starts_at="2026-11-25T09:00")
    row = move(row, starts_at=at("15:00", TOMORROW), version=2, now=NOW)
    before = facts()

    page = customer.post(link(row), asked)

    assertContains(page, "15:00", status_code=409)
    assertContains(page, "现在的预约如下", status_code=409)
    assert facts() == before


def test_a_time_that_was_taken_meanwhile_is_refused_with_the_free_ones(customer, row):
    asked = fields(row, "move", starts_at="2026-11-25T09:00")
    make_appointment(row.store, "09:00", on=TOMORROW + DAY)
    before = facts()

    page = customer.post(link(row), asked)

    assertContains(page, "该时段已满", status_code=409)
    assertContains(page, 'value="2026-11-25T10:00"', status_code=409)
    assertNotContains(page, 'value="2026-11-25T09:00"', status_code=409)
    assert facts() == before


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "move"},
        {"do": "move", "starts_at": "tomorrow"},
        {"do": "move", "starts_at": "2026-11-22T09:00"},
        {"do": "move", "starts_at": "2026-11-25T03:00"},
        {"do": "move", "starts_at": "2026-11-25T09:01"},
        {"do": "arrive"},
        {"do": ""},
        {},
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(customer, row, asked):
    before = facts()

    page = customer.post(link(row), {"form": form_of(row)} | asked)

    assertContains(page, "14:00", status_code=409)
    assert facts() == before


def test_a_form_that_we_did_not_make_is_refused(customer, row, store):
    other = make_appointment(store, "16:00", on=TOMORROW)
    before = facts()
    for form in ("", "2", form_of(other), form_of(row)[:-1] + "x", token_of(row, NOW)):
        for do in ("confirm", "cancel"):
            asked = {"do": do, "form": form}
            assertContains(customer.post(link(row), asked), "14:00", status_code=409)
    assert facts() == before


def not_valid(customer):
    return customer.get(f"{ADDRESS}?a=nonsense").content


def end_by(row, how):
    if how == "cancelled":
        cancel(row, reason="store")
    elif how == "arrived":
        arrive(row, now=at("14:00", TOMORROW))
    elif how == "replaced":
        send_new_link(row)
    else:
        return {"over": at("15:00", TOMORROW), "too old": NOW + LIVES + DAY}[how]
    return NOW


@pytest.mark.parametrize("how", ["cancelled", "arrived", "replaced", "over", "too old"])
def test_a_link_that_has_ended_is_answered_like_a_forged_one(customer, row, how):
    good = link(row)
    if how == "too old":
        Appointment.objects.filter(pk=row.pk).update(
            starts_at=row.starts_at + 2 * LIVES,
            ends_at=row.ends_at + 2 * LIVES,
            on=row.on + 2 * LIVES,
        )
        row.refresh_from_db()
    forms = [fields(row, do, starts_at="2026-11-25T09:00") for do in ("confirm", "move", "cancel")]
    now = end_by(row, how)
    before = facts()

    with time_machine.travel(now, tick=False):
        answers = [customer.get(good), *(customer.post(good, asked) for asked in forms)]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {not_valid(customer)}
    assert facts() == before


def altered(token, rnd):
    """One of many ways to change a token, never the token itself."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
    spot = rnd.randrange(len(token))
    number, made, signature = token.split(".")
    return rnd.choice(
        [
            lambda: token[:spot] + rnd.choice(letters) + token[spot + 1 :],
            lambda: token[:spot] + token[spot + 1 :],
            lambda: token[:spot] + rnd.choice(letters + ".:/?&= \0\n沪") + token[spot:],
            lambda: f"{rnd.choice(letters)}{number}.{made}.{signature}",
            lambda: f"{rnd.randrange(10**12)}.{made}.{signature}",
            lambda: f"{number}.{rnd.randrange(10**8)}.{signature}",
            lambda: f"0{number}.{made}.{signature}",
            lambda: f"{number}.{made}.{''.join(rnd.choices(letters, k=43))}",
            lambda: f"{number}..{signature}",
            lambda: token.swapcase(),
            lambda: token[::-1],
            lambda: token + token,
            lambda: "".join(rnd.choices(letters + ".", k=rnd.randrange(400))),
        ]
    )()


def test_a_thousand_altered_links_give_nothing_but_not_valid_and_change_nothing(
    customer, row, monkeypatch
):
    for limit in ("AN_ADDRESS", "A_LINK"):
        monkeypatch.setattr(my_appointment, limit, 10_000)
    token, rnd, expected, before = (
        token_of(row, NOW),
        random.Random(4),
        not_valid(customer),
        facts(),
    )
    for _n in range(1000):
        bad = altered(token, rnd)
        if bad == token:
            continue
        address = f"{ADDRESS}?{urlencode({'a': bad})}"
        do = rnd.choice(["confirm", "move", "cancel"])
        asked = fields(row, do, starts_at="2026-11-25T09:00")
        for answer in (customer.get(address), customer.post(address, asked)):
            assert (answer.status_code, answer.content) == (404, expected), bad
            assert customer.cookies == {}
    assert facts() == before


def test_the_link_of_one_appointment_opens_no_other(customer, row, store):
    other = make_appointment(store, "16:00", on=TOMORROW)
    number, _made, _signature = token_of(other, NOW).split(".")
    _number, made, signature = token_of(row, NOW).split(".")

    for do in ("confirm", "cancel"):
        answer = customer.post(f"{ADDRESS}?a={number}.{made}.{signature}", fields(other, do))
        assert answer.status_code == 404
    assert customer.post(link(row), fields(other, "cancel")).status_code == 409
    other.refresh_from_db()
    assert other.status == "pending"


def test_without_a_link_there_is_nothing(customer, db):
    assert customer.get(ADDRESS).status_code == 404
    assert customer.post(ADDRESS).status_code == 404
    assert customer.put(ADDRESS).status_code == 405


def test_who_asks_too_often_is_told_to_wait_by_link_and_by_address(customer, row, monkeypatch):
    monkeypatch.setattr(my_appointment, "A_LINK", 3)
    monkeypatch.setattr(my_appointment, "AN_ADDRESS", 8)
    answers = [customer.get(link(row)).status_code for _n in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    before = facts()
    assert customer.post(link(row), fields(row, "confirm")).status_code == 429
    assert facts() == before
    others = [customer.get(f"{ADDRESS}?a={n}").status_code for n in range(4)]
    assert others == [404, 404, 429, 429]
    elsewhere = customer.get(f"{ADDRESS}?a=9", REMOTE_ADDR="10.1.2.3")
    assert elsewhere.status_code == 404
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert customer.get(link(row)).status_code == 200


def test_without_the_cache_the_page_goes_on(customer, row, monkeypatch):
    class Away:
        def add(self, *_args):
            raise NoRedis

    monkeypatch.setattr(limits, "cache", Away())

    for _n in range(40):
        assert customer.get(link(row)).status_code == 200


def test_the_page_costs_the_same_for_little_and_much_work(
    customer, row, store, django_assert_num_queries
):
    many = [make_operation(store, f"OP{n}", 5) for n in range(3)]
    other = make_appointment(store, "16:00", on=TOMORROW, operations=many)
    for one in (row, other):
        with django_assert_num_queries(4):
            customer.get(link(one))


def test_the_desk_sees_what_the_customer_did(client, customer, row, store):
    customer.post(link(row), fields(row, "confirm"))
    row.refresh_from_db()
    assert confirm(row) == row  # twice says the same
