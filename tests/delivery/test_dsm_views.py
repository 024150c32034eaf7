"""The pages of the DSM records: the consultant fills in, care checks (DEL-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.audit.models import Access
from apps.customers.models import Duplicate
from apps.delivery.choices.dsm import DsmStatus
from apps.delivery.models import DsmRecord
from apps.desk.waiting import dsm_to_do
from tests.delivery.dsm import ID_NUMBER, WHOLE, make_consultant, make_record
from tests.factories import make_customer, make_vehicle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = reverse("delivery:dsm-list")
FORM = WHOLE | {"lunar_birth_mmdd": "", "contact_name": "", "birthday": "1990-03-07"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def seller(store):
    return make_consultant(store)


def delivered(store, seller, day, **fields):
    return make_record(store, seller, delivered_on=day, on=day, **fields)


def url(name, record):
    return reverse(f"delivery:{name}", args=[record.pk])


def test_the_specialist_sees_yesterday_first_then_what_was_left_then_today(
    client, store, other_store, seller, specialist, today
):
    now = timezone.now()
    early = delivered(store, seller, today - 5 * DAY)
    delivered(
        store, seller, today - 6 * DAY, status="checked", checked_at=now, accepted_why="客户拒绝"
    )
    fresh, last = delivered(store, seller, today), delivered(store, None, today - DAY)
    delivered(other_store, None, today - DAY)
    client.force_login(specialist)

    sections = client.get(LIST).context["sections"]

    found = [[line.record for line in part] for part in (sections.yesterday, sections.earlier)]
    assert found == [[last], [early]]
    assert [line.record for line in sections.today] == [fresh]
    assert str(sections.earlier[0].fault) == "incomplete"


@pytest.mark.parametrize("query", ["", "?status=open"])
def test_the_list_costs_the_same_with_one_and_with_three(
    client, store, seller, specialist, today, query, django_assert_num_queries
):
    client.force_login(specialist)
    delivered(store, seller, today - DAY)
    client.get(LIST)
    with django_assert_num_queries(7) as first:
        client.get(f"{LIST}{query}")
    for day in (today, today - DAY):
        delivered(store, seller, day)

    with django_assert_num_queries(len(first)):
        answer = client.get(f"{LIST}{query}")
    assert len(answer.context["lines"]) == 3


def test_a_filter_lists_page_by_page_and_a_wrong_one_is_left_out(
    client, store, seller, specialist, today, monkeypatch
):
    monkeypatch.setattr("apps.delivery.views.dsm_reading.PAGE", 2)
    records = [delivered(store, seller, today - n * DAY) for n in range(3)]
    delivered(store, None, today)
    client.force_login(specialist)
    asked = f"{LIST}?consultant={seller.pk}&status=open&month=nonsense"

    first = client.get(asked).context
    second = client.get(f"{asked}&after={first['next']}").context

    assert [line.record for line in first["lines"] + second["lines"]] == records
    assert second["next"] is None


def test_a_consultant_finds_his_own_and_nobodys_and_not_his_colleagues(
    client, store, seller, today
):
    own, nobodys = delivered(store, seller, today), delivered(store, None, today)
    others = delivered(store, make_consultant(store, "bie_ren"), today)
    client.force_login(seller)

    assert {line.record for line in client.get(LIST).context["lines"]} == {own, nobodys}
    names = ("dsm", "dsm-folder", "dsm-entry")
    assert [client.get(url(name, others)).status_code for name in names] == [404, 404, 404]
    assert client.post(url("dsm-entry", others), FORM).status_code == 404
    assert set(dsm_to_do(seller, today)) == {own, nobodys}


def test_filled_in_partly_then_wholly_it_waits_for_its_check_and_is_checked(
    client, store, seller, specialist, today
):
    record = delivered(store, seller, today)
    client.force_login(seller)
    part = FORM | {"id_number": "", "address": ""}

    assertRedirects(client.post(url("dsm-entry", record), part), url("dsm", record))
    record.refresh_from_db()
    assert record.status == DsmStatus.OPEN
    assertContains(client.get(url("dsm", record)), "bg-orange-lt", 3)  # status and two

    client.post(url("dsm-entry", record), FORM | {"phone": ""})
    record.refresh_from_db()
    assert (record.status, record.entered_by) == (DsmStatus.ENTERED, seller)

    client.force_login(specialist)
    assert list(dsm_to_do(specialist, today)) == [record]
    page = client.get(url("dsm", record))
    assertNotContains(page, ID_NUMBER)
    assertNotContains(page, "13912345678")
    assert Access.objects.filter(user=specialist, object_pk=record.delivery.customer_id).exists()
    assertRedirects(client.post(url("dsm-check", record), {"why": ""}), LIST)
    record.refresh_from_db()
    assert (record.status, record.checked_by) == (DsmStatus.CHECKED, specialist)


def test_what_is_missing_cannot_be_checked_and_going_back_needs_a_reason(
    client, store, seller, specialist, today
):
    record = delivered(store, seller, today)
    client.force_login(specialist)

    answer = client.post(url("dsm-check", record), {"why": ""})
    assertContains(answer, "缺少：生日、身份证号、地址", status_code=409)
    assert client.post(url("dsm-send-back", record), {"why": ""}).status_code == 422
    assert client.post(url("dsm-send-back", record), {"why": "空的"}).status_code == 409
    assert DsmRecord.objects.get().status == DsmStatus.OPEN

    DsmRecord.objects.update(status="entered", entered_at=timezone.now())
    assertRedirects(client.post(url("dsm-send-back", record), {"why": "地址缺门牌"}), LIST)
    assertContains(client.get(LIST), "地址缺门牌")


def test_a_form_with_a_wrong_number_says_so_and_keeps_what_was_typed(client, store, seller, today):
    record = delivered(store, seller, today)
    client.force_login(seller)

    answer = client.post(url("dsm-entry", record), FORM | {"phone": "139"})

    assertContains(answer, WHOLE["address"], status_code=409)
    record.delivery.customer.refresh_from_db()
    assert record.delivery.customer.address == ""


def test_the_phone_of_somebody_else_is_asked_about_once(client, store, seller, today):
    somebody = make_customer(store, "李四", "13912345678")
    record = delivered(store, seller, today)
    client.force_login(seller)

    assertContains(client.post(url("dsm-entry", record), FORM), "李四", status_code=409)
    client.post(url("dsm-entry", record), FORM | {"another": "1"})

    assert DsmRecord.objects.get().status == DsmStatus.ENTERED
    assert somebody.numbers.count() == 1
    assert Duplicate.objects.get().status == "dismissed"


def test_the_birthday_of_a_person_may_come_from_the_id_number(client, store, seller, today):
    record = delivered(store, seller, today)
    client.force_login(seller)

    client.post(url("dsm-entry", record), FORM | {"birthday": ""})

    buyer = record.delivery.customer
    buyer.refresh_from_db()
    assert str(buyer.birthday) == "1990-03-07"
    assert DsmRecord.objects.get().status == DsmStatus.ENTERED


def test_a_car_without_an_owner_is_given_one_first(client, store, seller, today):
    record = delivered(store, seller, today)
    record.delivery.customer = record.delivery.vehicle.owner = None
    record.delivery.save()
    record.delivery.vehicle.save()
    client.force_login(seller)

    answer = client.get(url("dsm-entry", record))

    owner = reverse("customers:vehicle-owner", args=[record.delivery.vehicle_id])
    assertRedirects(answer, f"{owner}?next={url('dsm-entry', record).replace('/', '%2F')}")
    assertContains(client.get(url("dsm", record)), "不详")


def test_the_months_page_leads_from_each_number_to_its_rows(
    client, store, seller, specialist, today
):
    late = delivered(store, seller, today - 40 * DAY)
    due = late.due_at
    DsmRecord.objects.update(status="entered", entered_at=due + DAY)
    client.force_login(specialist)
    month = timezone.localtime(due).strftime("%Y-%m")

    page = client.get(reverse("delivery:dsm-months"), {"month": month})
    link = f"{LIST}?month={month}&consultant={seller.pk}&store={store.pk}&fault=late"

    assertContains(page, link.replace("&", "&amp;"))
    assert [line.record for line in client.get(link).context["lines"]] == [late]
    assert client.get(reverse("delivery:dsm-months"), {"month": "x"}).status_code == 200


def test_the_folder_shows_the_data_masked_and_who_checked_them(
    client, store, seller, specialist, today
):
    record = delivered(store, seller, today)
    client.force_login(seller)
    client.post(url("dsm-entry", record), FORM)
    client.force_login(specialist)
    client.post(url("dsm-check", record), {"why": ""})

    page = client.get(url("dsm-folder", record))

    buyer = record.delivery.customer
    assertContains(page, f"{buyer.main_phone[:3]}****{buyer.main_phone[-4:]}")
    assertContains(page, record.delivery.vehicle.vin)
    for secret in (ID_NUMBER, buyer.main_phone):
        assertNotContains(page, secret)


def test_a_delivery_that_a_consultant_enters_is_his(client, store, seller, today):
    car = make_vehicle(store)
    client.force_login(seller)

    day = (today - DAY).isoformat()
    client.post(reverse("delivery:delivery-record", args=[car.pk]), {"delivered_on": day})

    assert DsmRecord.objects.get(delivery__vehicle=car).consultant == seller
