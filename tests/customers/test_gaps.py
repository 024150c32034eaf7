"""What the archive lacks, the most useful first, and gone once it is filled in (CUS-10)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.customers import actions, gaps, tasks
from apps.customers.choices import Fate, Lack, NumberStatus, ReadingSource
from apps.customers.models import Customer, Gap
from apps.delivery.models import Delivery
from tests.factories import NOW, TODAY, make_customer, make_user, make_vehicle

DAY = timedelta(days=1)
URL = reverse("customers:gaps")
BORN = {"birthday": date(1990, 1, 1)}
WHOLE_CAR = {"last_km": 1000, "insured_until": date(2027, 5, 1)}


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def whole(store, name="张三", **fields):
    return make_customer(store, name, **BORN | fields)


def numberless(store, name, **fields):
    """A customer without any number, and otherwise whole."""
    customer = whole(store, name, **fields)
    customer.numbers.all().delete()
    Customer.objects.filter(pk=customer.pk).update(reachable=False, main_phone="")
    return customer


def whole_car(store, owner=None, **fields):
    return make_vehicle(store, owner or whole(store), **WHOLE_CAR | fields)


def looked_through(*stores):
    for store in stores:
        actions.keep_gaps_of_store(store.pk, on=TODAY)


def listed(store=None):
    rows = Gap.objects.filter(store=store) if store else Gap.objects.all()
    return [(str(row.customer or row.vehicle), row.lack) for row in rows.order_by("place", "pk")]


def test_each_thing_that_a_record_needs_is_missed_where_it_is_not(store):
    numberless(store, "无号")
    make_customer(store, "无生日")
    make_customer(store, "农历", lunar_birth_mmdd=815)
    make_customer(store, "公司", kind="company")
    whole_car(store, plate="全")
    whole_car(store, plate="无里程", last_km=None)
    whole_car(store, plate="无保险", insured_until=None)
    whole_car(store, plate="无交车", sold_here=True)
    whole_car(store, plate="别处买", sold_here=False)
    make_vehicle(store, owner=False, plate="无车主", **WHOLE_CAR)
    whole_car(store, plate="卖了", last_km=None, fate=Fate.SOLD_ON)

    looked_through(store)

    assert sorted(listed()) == sorted(
        [
            ("无号", Lack.PHONE),
            ("无生日", Lack.BIRTHDAY),
            ("无里程", Lack.MILEAGE),
            ("无保险", Lack.INSURANCE),
            ("无交车", Lack.DELIVERY),
            ("无车主", Lack.OWNER),
        ]
    )


def test_who_is_due_soon_and_has_no_number_comes_first(store):
    """Soon is up to 30 days ahead and 90 behind; then by the day."""
    due = {
        "不急": TODAY + 31 * DAY,
        "月底": TODAY + 30 * DAY,
        "过期": TODAY - 90 * DAY,
        "久远": TODAY - 91 * DAY,
    }
    for name, day in due.items():
        whole_car(store, numberless(store, name), maintenance_due_on=day)
        whole_car(store, plate=name, insured_until=None, maintenance_due_on=day)
    numberless(store, "无车")
    refuses = numberless(store, "拒绝", refuses_service=True)
    whole_car(store, refuses, maintenance_due_on=TODAY)

    looked_through(store)

    assert listed() == [
        ("过期", Lack.PHONE),
        ("月底", Lack.PHONE),
        ("过期", Lack.INSURANCE),
        ("月底", Lack.INSURANCE),
        ("不急", Lack.PHONE),
        ("久远", Lack.PHONE),
        ("无车", Lack.PHONE),
        ("拒绝", Lack.PHONE),
        ("不急", Lack.INSURANCE),
        ("久远", Lack.INSURANCE),
    ]
    first, last = Gap.objects.all()[0], Gap.objects.get(customer=refuses)
    assert (first.due_on, first.is_due_soon) == (TODAY - 90 * DAY, True)
    assert (last.due_on, last.is_due_soon) == (None, False)


def test_of_two_cars_the_one_that_is_due_next_counts_and_first_services_count(store):
    customer = numberless(store, "两车")
    whole_car(store, customer, maintenance_due_on=TODAY - 400 * DAY)
    whole_car(store, customer, maintenance_due_on=TODAY + 9 * DAY)
    whole_car(store, customer, maintenance_due_on=TODAY + 5 * DAY, fate=Fate.SCRAPPED)
    new = {"first_service_due_on": TODAY + 3 * DAY, "maintenance_due_on": TODAY + 100 * DAY}
    whole_car(store, numberless(store, "首保"), **new)
    whole_car(store, numberless(store, "做过"), last_maintenance_on=TODAY, **new)

    looked_through(store)

    assert [(row.owner.name, row.due_on) for row in Gap.objects.all()] == [
        ("首保", TODAY + 3 * DAY),
        ("两车", TODAY + 9 * DAY),
        ("做过", TODAY + 100 * DAY),
    ]


def test_looking_through_again_changes_nothing_and_of_another_store_never_anything(
    store, other_store
):
    car = whole_car(store, numberless(store, "无号"), maintenance_due_on=TODAY + 40 * DAY)
    stranger = make_customer(other_store, "别店")
    looked_through(store, other_store)
    Customer.objects.filter(pk=stranger.pk).update(birthday=date(1990, 1, 1))
    before = list(Gap.objects.values().order_by("pk"))

    looked_through(store)
    assert list(Gap.objects.values().order_by("pk")) == before

    actions.keep_gaps_of_store(store.pk, on=TODAY + 10 * DAY)  # now it is due soon
    row = Gap.objects.get(customer=car.owner)
    assert (row.pk, row.is_due_soon, row.due_on) == (
        before[0]["id"],
        True,
        TODAY + 40 * DAY,
    )
    assert listed(other_store) == [("别店", Lack.BIRTHDAY)]


def test_the_night_looks_through_every_store(store, other_store, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    make_customer(store, "本店")
    make_customer(other_store, "别店")

    for each in (store, other_store):
        tasks.look_through_store(each.pk)

    assert sorted(listed()) == [("别店", Lack.BIRTHDAY), ("本店", Lack.BIRTHDAY)]


def test_a_record_entered_by_hand_is_on_the_list_at_once_under_its_recorder(store, specialist):
    customer = actions.add_customer(store, by=specialist, now=NOW, name="王五")
    actions.add_vehicle(
        store, vin="LSGTEST0000000017", owner=customer, on=TODAY, by=specialist, confirmed=True
    )

    rows = Gap.objects.all()

    assert {(row.lack, row.recorded_by) for row in rows} == {
        (lack, specialist) for lack in (Lack.PHONE, Lack.BIRTHDAY, Lack.MILEAGE, Lack.INSURANCE)
    }


def test_what_is_filled_in_is_gone_at_once_and_what_turns_out_bad_comes(store, specialist):
    customer = numberless(store, "无号")
    car = make_vehicle(store, customer)
    looked_through(store)
    assert {lack for _, lack in listed()} == {Lack.PHONE, Lack.MILEAGE, Lack.INSURANCE}

    number = actions.add_number(customer, "13912345678", by=specialist, now=NOW)
    actions.change_vehicle(car, by=specialist, on=TODAY, insured_until=date(2027, 1, 1))
    actions.record_reading(
        car, 5000, on=TODAY, source=ReadingSource.STAFF, by=specialist, today=TODAY
    )
    assert listed() == []

    actions.mark_number(number, NumberStatus.EMPTY, by=specialist, now=NOW)
    assert listed() == [("无号", Lack.PHONE)]


def test_a_birthday_and_an_owner_that_are_filled_in_are_gone_at_once(store, specialist):
    customer = make_customer(store, "无生日")
    car = make_vehicle(store, owner=False, plate="无车主", **WHOLE_CAR)
    looked_through(store)
    assert len(listed()) == 2

    actions.change_customer(customer, by=specialist, birthday=date(1990, 5, 5))
    actions.change_owner(car, customer, by=specialist, on=TODAY)

    assert listed() == []


def test_a_car_that_was_sold_on_lacks_nothing_and_its_owner_is_in_no_hurry(store, specialist):
    customer = numberless(store, "无号")
    car = make_vehicle(store, customer, maintenance_due_on=TODAY, base_on=TODAY)
    looked_through(store)
    assert Gap.objects.get(customer=customer).is_due_soon

    actions.set_fate(car, Fate.SOLD_ON, by=specialist, on=TODAY)

    assert listed() == [("无号", Lack.PHONE)]
    assert Gap.objects.get().due_on is None


@pytest.fixture
def reader(client, specialist):
    client.force_login(specialist)
    return client


def shown(page):
    return [(str(line["gap"].owner), line["gap"].lack) for line in page.context["lines"]]


def test_a_row_leads_to_the_field_that_fills_it_in_and_back(reader, store, specialist):
    customer = numberless(store, "无号")
    looked_through(store)
    [line] = reader.get(f"{URL}?lack=phone").context["lines"]
    assert line["form"].startswith(reverse("customers:number-new", args=[customer.pk]))

    form = reader.get(line["form"])
    assertContains(form, "autofocus")
    assertContains(form, f'href="{URL}?lack=phone"')

    answer = reader.post(line["form"], {"number": "13912345678", "form_token": "a" * 36})
    assertRedirects(answer, f"{URL}?lack=phone")
    assert listed() == []


def test_a_form_never_leads_to_another_site(reader, store):
    customer = whole(store)
    url = reverse("customers:number-new", args=[customer.pk]) + "?next=https://evil.example/"

    assertNotContains(reader.get(url), 'href="https://evil')
    answer = reader.post(url, {"number": "13912345678", "form_token": "a" * 36})

    assertRedirects(answer, reverse("desk:customer", args=[customer.pk]))


def test_a_row_is_filled_in_by_who_may(client, store, other_store):
    whole_car(store, last_km=None)
    looked_through(store)
    sales = make_user("sales", store, Role.SALES_CONSULTANT)  # enters no mileage
    chief = make_user("chief", store, Role.GENERAL_MANAGER)  # changes nothing
    group = make_user("group", other_store, Role.CARE_SPECIALIST, Role.GROUP_MANAGER)
    group.reads.add(store)
    for user in (sales, chief, group):
        client.force_login(user)
        assert [line["form"] for line in client.get(URL).context["lines"]] == [""]


def test_a_delivery_that_is_lacking_is_filled_in_once(client, store):
    car = whole_car(store, sold_here=True)
    looked_through(store)
    client.force_login(make_user("sales", store, Role.SALES_CONSULTANT))
    [line] = client.get(URL).context["lines"]

    answer = client.post(line["form"], {"delivered_on": "2026-10-01", "form_token": "a" * 36})

    assertRedirects(answer, URL)
    assert Delivery.objects.get().delivered_on == date(2026, 10, 1)
    assert listed() == []
    again = client.post(line["form"], {"delivered_on": "2026-10-02", "form_token": "b" * 36})
    assert again.status_code == 409
    assert Delivery.objects.get(vehicle=car).delivered_on == date(2026, 10, 1)


def test_the_list_is_narrowed_by_what_lacks_and_by_who_recorded(
    reader, store, other_store, specialist, stranger
):
    actions.add_customer(store, by=specialist, now=NOW, name="手工")
    make_customer(store, "导入")
    whole_car(store, whole(store, "车主"), last_km=None)
    make_customer(other_store, "别店")
    looked_through(store, other_store)

    assert shown(reader.get(URL)) == [
        ("手工", Lack.PHONE),
        ("手工", Lack.BIRTHDAY),
        ("导入", Lack.BIRTHDAY),
        ("车主", Lack.MILEAGE),
    ]
    assert shown(reader.get(f"{URL}?lack=birthday&recorder={specialist.pk}")) == [
        ("手工", Lack.BIRTHDAY)
    ]
    assert shown(reader.get(f"{URL}?recorder=import")) == [
        ("导入", Lack.BIRTHDAY),
        ("车主", Lack.MILEAGE),
    ]
    assert len(shown(reader.get(f"{URL}?recorder={stranger.pk}"))) == 4  # nobody here: left out
    assertContains(reader.get(f"{URL}?lack=owner"), "没有符合条件的")


def test_the_list_is_searched_by_name_number_and_plate(reader, store):
    make_customer(store, "张三丰", "13912345678")
    whole_car(store, whole(store, "李四"), plate="沪A12345", last_km=None)
    make_vehicle(store, owner=False, plate="沪B99999", **WHOLE_CAR)
    looked_through(store)

    assert shown(reader.get(f"{URL}?q=三丰")) == [("张三丰", Lack.BIRTHDAY)]
    assert shown(reader.get(f"{URL}?q=5678")) == [("张三丰", Lack.BIRTHDAY)]
    assert shown(reader.get(f"{URL}?q=A1234")) == [("李四", Lack.MILEAGE)]
    assert shown(reader.get(f"{URL}?q=B9999")) == [("None", Lack.OWNER)]
    assert shown(reader.get(f"{URL}?q=王五")) == []


def test_a_row_names_what_else_can_be_asked_in_the_same_conversation(reader, store):
    customer = make_customer(store, "张三")
    whole_car(store, customer, last_km=None, insured_until=None)
    looked_through(store)

    lines = reader.get(f"{URL}?lack=birthday").context["lines"]

    assert [list(line["also"]) for line in lines] == [["里程", "保险到期日"]]


def test_page_after_page_shows_each_row_once(reader, store, monkeypatch):
    monkeypatch.setattr("apps.customers.views.gaps.PAGE", 2)
    for n in range(5):
        whole_car(store, plate=f"{n}", last_km=None, maintenance_due_on=TODAY + (4 - n) // 2 * DAY)
    looked_through(store)
    found, url = [], URL
    while url:
        page = reader.get(url)
        found += [str(line["gap"].vehicle) for line in page.context["lines"]]
        url = page.context["next"] and f"{URL}?after={page.context['next']}"

    assert found == ["3", "4", "1", "2", "0"]


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(reader, store, rows, django_assert_num_queries):
    for _n in range(rows):
        customer = numberless(store, "无号")
        whole_car(store, customer, last_km=None)
    looked_through(store)
    reader.get(URL)
    with django_assert_num_queries(9):
        assert len(shown(reader.get(URL))) == 2 * rows


def test_the_menu_counts_who_is_due_and_has_no_number(reader, store, other_store):
    for there in (store, other_store):
        whole_car(there, numberless(there, "无号"), maintenance_due_on=TODAY, last_km=None)
    looked_through(store, other_store)

    entries = [entry for group in reader.get(URL).context["shell"].menu for entry in group]

    assert [entry.count for entry in entries if entry.name == "customers:gaps"] == ["1"]


def test_a_merged_record_leaves_no_gap_and_the_other_has_its_own(store):
    kept, gone = numberless(store, "留下"), make_customer(store, "并入")
    looked_through(store)
    Customer.objects.filter(pk=gone.pk).update(merged_into=kept, merged_at=NOW)

    gaps.keep([gone.pk], [], on=TODAY)

    assert listed() == [("留下", Lack.PHONE)]
