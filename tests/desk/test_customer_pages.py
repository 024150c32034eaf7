"""Finding a customer, the customer's page and the car's."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.audit.choices import AccessKind
from apps.audit.models import Access
from apps.customers import actions
from apps.customers.choices import Locality, NumberStatus
from apps.customers.models import ContactNumber, Customer, MaintenanceSchedule, MileageReading
from apps.messaging import actions as messaging
from apps.service.actions import record_visit
from apps.service.choices import RepairKind
from tests.factories import TODAY, make_call, make_customer, make_user, make_vehicle

HTMX = {"HX-Request": "true"}
CANARY = "别店机密"


@pytest.fixture
def customer(store):
    return make_customer(store, name="张三丰", phone="13912342345", initials="zsf")


@pytest.fixture
def staff(client, specialist):
    client.force_login(specialist)
    return client


def open_page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


# --- the search box (CUS-05) ---


@pytest.mark.parametrize(
    "text", ["2345", "13912342345", "三丰", "丰", "zsf", "ZS", "A123", "沪A12"]
)
def test_the_box_finds_by_any_of_it(staff, store, other_store, customer, text):
    make_vehicle(store, owner=customer, plate="沪A12399")
    theirs = make_customer(other_store, name=CANARY + "三丰", phone="13812342345", initials="zsf")
    make_vehicle(other_store, owner=theirs, plate="沪A12398")
    response = open_page(staff, "desk:search", q=text)
    assertContains(response, reverse("desk:customer", args=[customer.pk]))
    assertContains(response, "139****2345")
    assertNotContains(response, CANARY)
    assertNotContains(response, "13912342345</")


def test_the_box_under_the_cursor_gets_a_list_alone(staff, customer):
    response = staff.get(reverse("desk:search"), {"q": "三丰"}, headers=HTMX)
    assertContains(response, "张三丰")
    assertNotContains(response, "<html")


def test_a_car_without_owner_is_found_too(staff, store):
    car = make_vehicle(store, owner=False, vin="LSVAU2A37N2000001")
    assertContains(
        open_page(staff, "desk:search", q="n2000"), reverse("desk:vehicle", args=[car.pk])
    )


def test_nothing_found_says_what_to_try(staff, customer):
    assertContains(open_page(staff, "desk:search", q="不存在"), "车牌中的三个字符")


@pytest.mark.parametrize(("rows", "shown", "more"), [(20, 20, 0), (22, 20, 1)])
def test_the_list_under_the_box_is_capped_and_says_so(staff, store, rows, shown, more):
    for _ in range(rows):
        make_customer(store, name="王五")
    response = staff.get(reverse("desk:search"), {"q": "王五"}, headers=HTMX)
    assertContains(response, "王五", count=shown)
    assertContains(response, "请再多输入一些", count=more)


# --- the list ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(staff, store, rows, django_assert_num_queries):
    for n in range(rows):
        make_vehicle(store, owner=make_customer(store, name=f"客户{n}号"))
    with django_assert_num_queries(10):
        response = open_page(staff, "desk:customer-list")
    assertContains(response, "号</a>", count=rows)


def test_the_list_is_narrowed_and_knows_no_strangers(staff, store, other_store):
    local = make_customer(store, name="本地人", locality=Locality.LOCAL)
    make_vehicle(store, owner=local, maintenance_opens_on=date(2020, 1, 1))
    make_customer(store, name="外地人", locality=Locality.NON_LOCAL)
    make_customer(other_store, name=CANARY, locality=Locality.LOCAL)
    for query in ({"locality": "local"}, {"due": "on"}):
        response = open_page(staff, "desk:customer-list", **query)
        assertContains(response, "本地人")
        assertNotContains(response, "外地人")
        assertNotContains(response, CANARY)


def test_who_reads_several_stores_goes_through_the_whole_list(client, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    for n in range(60):
        make_customer([store, other_store][n % 2], name=f"客户{n}号")
    client.force_login(group)

    first = open_page(client, "desk:customer-list")
    rest = open_page(client, "desk:customer-list", after=first.context["next"])

    shown = [customer.name for page in (first, rest) for customer in page.context["customers"]]
    assert shown == [f"客户{n}号" for n in reversed(range(60))]
    assert rest.context["next"] is None


# --- the page ---


def test_the_page_masks_the_number_and_is_written_down(staff, specialist, customer):
    response = open_page(staff, "desk:customer", customer.pk)
    assertContains(response, "139****2345")
    assertNotContains(response, "13912342345")
    look = Access.objects.get()
    assert (look.user, look.kind, look.model, look.object_pk) == (
        specialist,
        AccessKind.VIEW,
        "customers.customer",
        customer.pk,
    )


def test_a_customer_of_another_store_does_not_exist(client, stranger, customer):
    client.force_login(stranger)
    for name in ("customer", "customer-timeline", "customer-history"):
        assert open_page(client, f"desk:{name}", customer.pk).status_code == 404
    assert Access.objects.count() == 0


def test_a_number_is_shown_for_a_reason_that_is_kept(staff, specialist, customer):
    url = reverse("customers:number-show", args=[customer.numbers.get().pk])
    assertContains(staff.post(url, {"reason": "客户来店核对"}, headers=HTMX), "13912342345")
    look = Access.objects.get()
    assert (look.user, look.kind, look.reason) == (specialist, AccessKind.UNMASK, "客户来店核对")


def test_without_a_reason_it_is_not_shown(staff, customer):
    url = reverse("customers:number-show", args=[customer.numbers.get().pk])
    response = staff.post(url, {"reason": " "}, headers=HTMX)
    assertNotContains(response, "13912342345", status_code=422)
    assert Access.objects.count() == 0


def test_the_time_line_holds_what_every_floor_knows(staff, store, specialist, customer, now):
    car = make_vehicle(store, owner=customer, plate="沪A12399")
    record_visit(car, number="W-1", kind=RepairKind.MAINTENANCE, out_on=TODAY, on=TODAY, km=5000)
    messaging.queue(customer, key="birthday", dedupe_key="t", values={}, now=now)
    actions.record_elsewhere(
        car,
        on=TODAY - timedelta(days=9),
        km=None,
        shop="途虎养车",
        place="",
        cost_amount=None,
        by=specialist,
        now=now,
    )
    actions.mark_number(customer.numbers.get(), NumberStatus.EMPTY, by=specialist, now=now)
    response = staff.get(reverse("desk:customer-timeline", args=[customer.pk]), headers=HTMX)
    for text in ("W-1", "途虎养车", "ti-message", "ti-phone-check"):
        assertContains(response, text)


def test_the_history_says_who_changed_what(staff, specialist, customer):
    staff.post(
        reverse("customers:customer-edit", args=[customer.pk]),
        {
            "kind": "person",
            "name": "张三峰",
            "gender": "male",
            "locality": "local",
            "id_number": "11010519491231002X",
        },
    )
    response = open_page(staff, "desk:customer-history", customer.pk)
    assertContains(response, "张三丰</del> → 张三峰")
    assertContains(response, "li_na")
    assertNotContains(response, "trial:")
    customer.refresh_from_db()
    assert customer.initials == "zsf"


def test_the_history_masks_numbers(staff, specialist, customer, now):
    actions.mark_number(customer.numbers.get(), NumberStatus.EMPTY, by=specialist, now=now)
    number = actions.correct_number(
        customer.corrections.get(), "13800000002", by=specialist, now=now
    )
    response = open_page(staff, "desk:customer-history", customer.pk)
    assertContains(response, "138****0002")
    assertNotContains(response, number.number)


def test_the_history_of_a_call(staff, store):
    call = make_call(store)
    assert open_page(staff, "desk:call-history", call.pk).status_code == 200


# --- the car ---


def test_the_car_says_why_it_is_due(staff, store, customer):
    car = make_vehicle(store, owner=customer, sold_here=True, delivered_on=date(2026, 6, 1))
    actions.refresh_cars([car.pk], on=TODAY)
    response = open_page(staff, "desk:vehicle", car.pk)
    assertContains(response, "2026-12-01")


def test_a_car_of_another_store_does_not_exist(client, stranger, store):
    car = make_vehicle(store)
    client.force_login(stranger)
    for name in ("vehicle", "vehicle-history"):
        assert open_page(client, f"desk:{name}", car.pk).status_code == 404


# --- what is put right ---


def test_a_new_customer_is_entered_and_opened(staff, store):
    response = staff.post(
        reverse("customers:customer-new"),
        {
            "kind": "person",
            "name": "李娜",
            "phone": "138 0000 0002",
            "gender": "female",
            "locality": "unknown",
        },
    )
    customer = Customer.objects.get(name="李娜")
    assertRedirects(response, reverse("desk:customer", args=[customer.pk]))
    assert (customer.store, customer.main_phone, customer.initials) == (store, "13800000002", "ln")


def test_a_refused_number_is_said_and_nothing_entered(staff, store):
    response = staff.post(
        reverse("customers:customer-new"),
        {
            "kind": "person",
            "name": "李娜",
            "phone": "138000",
            "gender": "female",
            "locality": "unknown",
        },
    )
    assertContains(response, "11", status_code=409)
    assert Customer.objects.count() == 0


def test_the_department_corrects_the_number(client, store, specialist, manager, customer, now):
    correction = actions.mark_number(
        customer.numbers.get(), NumberStatus.EMPTY, by=specialist, now=now
    )
    manager.roles = ["sales_consultant"]
    manager.save()
    client.force_login(manager)
    assertContains(open_page(client, "customers:correction-list"), "张三丰")
    client.post(
        reverse("customers:correction-done", args=[correction.pk]), {"number": "13800000002"}
    )
    assertNotContains(open_page(client, "customers:correction-list"), "张三丰")
    assert ContactNumber.objects.filter(customer=customer, number="13800000002").exists()


def test_the_other_department_neither_sees_nor_corrects_it(
    client, store, specialist, manager, customer, now
):
    correction = actions.mark_number(
        customer.numbers.get(), NumberStatus.EMPTY, by=specialist, now=now
    )
    manager.roles = ["service_advisor"]
    manager.save()
    client.force_login(manager)
    assertNotContains(open_page(client, "customers:correction-list"), "张三丰")
    url = reverse("customers:correction-done", args=[correction.pk])
    assert client.post(url, {"number": "13800000002"}).status_code == 403
    assert ContactNumber.objects.count() == 1


def test_a_doubted_reading_stands_between_its_neighbours_until_decided(staff, store):
    car = make_vehicle(store)
    for day, km, accepted in ((1, 1000, True), (5, 90000, False), (9, 2000, True)):
        MileageReading.objects.create(
            store=store,
            vehicle=car,
            on=date(2026, 10, day),
            km=km,
            source="import",
            accepted=accepted,
        )
    response = open_page(staff, "customers:reading-list")
    for text in ("1,000 km", "90,000 km", "2,000 km"):
        assertContains(response, text)
    doubted = MileageReading.objects.get(km=90000)
    staff.post(reverse("customers:reading-decide", args=[doubted.pk]), {"accept": "0"})
    doubted.refresh_from_db()
    assert (doubted.decided, doubted.accepted) == (False, False)
    assertNotContains(open_page(staff, "customers:reading-list"), "90,000 km")


def test_before_a_doubted_reading_of_a_car_sold_here_stands_the_0_of_its_delivery(staff, store):
    car = make_vehicle(store, sold_here=True, delivered_on=date(2026, 9, 1))
    MileageReading.objects.create(
        store=store, vehicle=car, on=date(2026, 10, 5), km=90000, source="import", accepted=False
    )

    row = open_page(staff, "customers:reading-list").context["rows"][0]

    assert (row.before.on, row.before.km) == (date(2026, 9, 1), 0)
    assert row.after is None


def test_a_schedule_holds_from_tomorrow_at_the_earliest(client, store, manager):
    client.force_login(manager)
    form = {
        "model": "帕萨特",
        "first_opens_months": 2,
        "first_months": 3,
        "first_km": 5000,
        "interval_months": 12,
        "interval_km": 10000,
    }
    url = reverse("customers:schedule-new")
    assert client.post(url, {**form, "effective_from": "2020-01-01"}).status_code == 409
    assert MaintenanceSchedule.objects.filter(model="帕萨特").count() == 0
    client.post(url, {**form, "effective_from": "2099-01-01"})
    assertContains(open_page(client, "customers:schedule-list"), "帕萨特")
