"""A customer's and a car's page come in pieces: what each costs, shows and writes (CUS-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.audit.models import Access
from apps.care.choices import CallKind
from apps.customers.models import Consent, Ownership, StopContact
from apps.messaging.models import Message
from tests.factories import NOW, TODAY, make_call, make_customer, make_vehicle

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STRANGE = "别店机密"
PIECES = {"contact": 8, "messages": 7, "timeline": 21, "history": 9}
OF_A_CAR = {"timeline": 18, "history": 7}


@pytest.fixture
def staff(client, specialist):
    client.force_login(specialist)
    return client


def customer_with(store, by, rows):
    """A customer with ``rows`` of everything that the page and its pieces show."""
    customer = make_customer(store, "张三丰", "13912342345")
    about = {"store": store, "customer": customer}
    for n in range(rows):
        car = make_vehicle(store, customer, plate=f"沪A1239{n}")
        make_call(store, customer=customer, vehicle=car, due_on=TODAY + timedelta(days=n))
        StopContact.objects.create(
            **about, vehicle=car, kind=CallKind.MAINTENANCE, reason=f"自行保养{n}", by=by, at=NOW
        )
        Consent.objects.create(
            **about, purpose="marketing", state="given", at=NOW, source=f"口头{n}", by=by
        )
        message(customer, f"短信{n}")
        Ownership.objects.create(**about, vehicle=car, from_on=TODAY)
    return customer


def message(customer, text):
    Message.objects.create(
        store=customer.store,
        customer=customer,
        channel="sms",
        purpose="service",
        key="birthday",
        to=customer.main_phone,
        text=text,
        dedupe_key=text,
        not_before=NOW,
        queued_at=NOW,
    )


@pytest.fixture
def theirs(other_store, stranger):
    customer = customer_with(other_store, stranger, 1)
    customer.messages.update(text=STRANGE)
    customer.stops.update(reason=STRANGE)
    customer.consents.update(source=STRANGE)
    return customer


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(
    staff, store, specialist, theirs, rows, django_assert_num_queries
):
    customer = customer_with(store, specialist, rows)
    with django_assert_num_queries(21):
        page = staff.get(reverse("desk:customer", args=[customer.pk]))

    assertContains(page, "139****2345")
    assertContains(page, "待办任务", count=rows)
    assertContains(page, "已停止联系", count=rows)
    assertNotContains(page, "短信0")  # comes later
    assertNotContains(page, STRANGE)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", PIECES)
def test_each_piece_costs_the_same_and_writes_no_look(
    staff, store, specialist, theirs, name, rows, django_assert_num_queries
):
    customer = customer_with(store, specialist, rows)
    with django_assert_num_queries(PIECES[name]):
        piece = staff.get(reverse(f"desk:customer-{name}", args=[customer.pk]), headers=HTMX)

    assertNotContains(piece, "<html")
    assertNotContains(piece, STRANGE)
    assert Access.objects.count() == 0
    shown = {"contact": f"自行保养{rows - 1}", "messages": f"短信{rows - 1}"}
    assertContains(piece, shown.get(name, "") or "class")


@pytest.mark.parametrize("name", OF_A_CAR)
def test_each_piece_of_a_car_writes_no_look(
    staff, store, specialist, name, django_assert_num_queries
):
    car = customer_with(store, specialist, 1).vehicles.get()
    with django_assert_num_queries(OF_A_CAR[name]):
        piece = staff.get(reverse(f"desk:vehicle-{name}", args=[car.pk]), headers=HTMX)

    assertNotContains(piece, "<html")
    assert Access.objects.count() == 0


@pytest.mark.parametrize("name", PIECES)
def test_without_javascript_a_piece_is_a_page_that_leads_back(staff, store, specialist, name):
    customer = customer_with(store, specialist, 1)
    page = reverse("desk:customer", args=[customer.pk])
    link = reverse(f"desk:customer-{name}", args=[customer.pk])

    assertContains(staff.get(page), f'href="{link}"')
    alone = staff.get(link)

    assertContains(alone, "<html")
    assertContains(alone, f'href="{page}"')


def test_a_page_and_all_its_pieces_are_one_look(staff, store, specialist):
    customer = customer_with(store, specialist, 1)
    staff.get(reverse("desk:customer", args=[customer.pk]))
    for name in PIECES:
        staff.get(reverse(f"desk:customer-{name}", args=[customer.pk]), headers=HTMX)

    assert list(Access.objects.values_list("object_pk", "user")) == [(customer.pk, specialist.pk)]


def test_the_pieces_of_another_stores_customer_do_not_exist(staff, theirs):
    for name in PIECES:
        assert staff.get(reverse(f"desk:customer-{name}", args=[theirs.pk])).status_code == 404


def test_the_last_ten_messages_come_and_the_way_to_the_others(staff, store):
    customer = make_customer(store)
    for n in range(11):
        message(customer, f"短信{n:02}号")
    piece = staff.get(reverse("desk:customer-messages", args=[customer.pk]), headers=HTMX)

    assertContains(piece, "短信10号")
    assertNotContains(piece, "短信00号")
    assertContains(piece, f"{reverse('desk:customer-timeline', args=[customer.pk])}?kind=message")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_cars_page_costs_the_same_however_much_there_is(
    staff, store, specialist, rows, django_assert_num_queries
):
    customer = make_customer(store, phone="13912342345")
    car = make_vehicle(store, customer)
    for n in range(rows):
        make_call(store, customer=customer, vehicle=car, cycle=str(n))
        day = TODAY - timedelta(days=n)
        Ownership.objects.create(
            store=store, vehicle=car, customer=customer, from_on=day, until_on=day
        )
    with django_assert_num_queries(16):
        page = staff.get(reverse("desk:vehicle", args=[car.pk]))

    assertContains(page, "139****2345")
    assertContains(page, "待办任务", count=rows)
