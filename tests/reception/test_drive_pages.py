"""The pages of test drives (REC-05)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.reception.models import DemoCar, DriveRoute, TestDrive
from tests.factories import NOW, make_customer, make_user
from tests.reception.driving import (
    HOUR,
    ID_NUMBER,
    back,
    checked,
    make_demo_car,
    make_drive,
    make_model,
    make_route,
    make_wanted,
    out,
    picture,
    seller_of,
    signed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


@pytest.fixture
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller(client, store):
    user = seller_of(store)
    client.force_login(user)
    return user


@pytest.fixture
def wanted(store, seller):
    return make_wanted(store, seller, make_customer(store, "张三丰", "13912342345"))


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


def asked(car, at="2026-11-23T11:00", **fields):
    return {"demo_car": car.pk, "starts_at": at, "minutes": 30} | fields


def ink(colour="black"):
    return SimpleUploadedFile("signature.png", picture(colour))


def test_from_the_free_cell_to_the_booked_drive(client, store, other_store, seller, wanted):
    car, route = make_demo_car(store), make_route(store)
    make_demo_car(other_store, plate="苏E00001")
    calendar = client.get(url("drive-list"))
    cell = f"{url('drive-find')}?car={car.pk}&amp;at=2026-11-23T11:00"
    assertContains(calendar, cell)
    assertNotContains(calendar, "苏E00001")
    assertNotContains(calendar, "at=2026-11-23T09:30")  # is past

    found = client.get(url("drive-find"), {"car": car.pk, "at": "2026-11-23T11:00", "q": "2345"})
    here = f"{url('drive-new', wanted.pk)}?car={car.pk}&at=2026-11-23T11%3A00"
    assertContains(found, here.replace("&", "&amp;"))
    form = client.get(here).context["form"]
    assert form["demo_car"].value() == str(car.pk)
    assert f"{form['starts_at'].value():%H:%M}" == "11:00"

    answer = client.post(url("drive-new", wanted.pk), asked(car, route=route.pk, remark="带家人"))

    row = TestDrive.objects.get()
    assertRedirects(answer, url("drive", row.pk))
    assert (row.opportunity, row.demo_car, row.route, row.by) == (wanted, car, route, seller)
    assertContains(client.get(url("drive-list")), url("drive", row.pk))


def test_a_taken_time_answers_with_the_next_free_ones(client, store, seller, wanted):
    car = make_demo_car(store)
    make_drive(store, car=car, starts_at=NOW + HOUR, minutes=60)

    page = client.post(url("drive-new", wanted.pk), asked(car))

    assertContains(page, "11:00 至 12:00 试驾中", status_code=409)
    assertContains(page, 'name="starts_at" value="2026-11-23T10:00"', status_code=409)
    assertContains(page, 'name="starts_at" value="2026-11-23T12:00"', status_code=409)
    assert TestDrive.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"at": "2026-11-23T08:00"}, 409),
        ({"at": "soon"}, 422),
        ({"minutes": 29}, 422),
        ({"minutes": -30}, 422),
        ({"route": 999999}, 422),
    ],
)
def test_what_cannot_be_booked_is_told(client, store, wanted, fields, status):
    page = client.post(url("drive-new", wanted.pk), asked(make_demo_car(store), **fields))
    assert page.status_code == status
    assert not TestDrive.objects.exists()


def test_another_stores_or_a_resting_car_cannot_be_chosen(client, store, other_store, wanted):
    for car in (make_demo_car(other_store), make_demo_car(store, is_used=False)):
        assert client.post(url("drive-new", wanted.pk), asked(car)).status_code == 422
    assert not TestDrive.objects.exists()


def test_a_drive_step_by_step(client, store, seller, wanted):
    row = make_drive(store, wanted, make_demo_car(store, km=100))
    page = url("drive", row.pk)
    licence = {"driver": "张三丰", "licence_class": "c1", "number": ID_NUMBER, "valid_until": ""}
    assert client.post(url("drive-licence", row.pk), licence).status_code == 422  # not seen
    assertRedirects(client.post(url("drive-licence", row.pk), licence | {"seen": "on"}), page)
    shown = client.get(page)
    assertContains(shown, "长期有效")
    assertNotContains(shown, ID_NUMBER)

    agreement = url("drive-agreement", row.pk)
    assert client.post(agreement, {"signature": ink("white")}).status_code == 422
    assert client.post(agreement, {}).status_code == 422
    assertRedirects(client.post(agreement, {"signature": ink()}), page)
    paper = client.get(agreement)
    row.refresh_from_db()
    picture_url = url("drive-signature", row.pk, row.signature)
    assertContains(paper, picture_url)
    assert client.get(picture_url)["Content-Type"] == "image/jpeg"

    assert client.post(url("drive-out", row.pk), {"km": 99}).status_code == 409
    assertRedirects(client.post(url("drive-out", row.pk), {"km": 100}), page)
    assertRedirects(client.post(url("drive-back", row.pk), {"km": 112}), page)
    assertContains(client.get(page), "(12 km)")
    assert client.post(url("drive-feedback", row.pk), {"impression": "?"}).status_code == 422
    said = {"impression": "delighted", "liked": "加速", "disliked": "后排"}
    assertRedirects(client.post(url("drive-feedback", row.pk), said), page)

    row.refresh_from_db()
    assert (row.status, row.impression, row.liked) == ("back", "delighted", "加速")
    assert wanted.clocks.get().kind == "drive_call"


def test_the_form_that_is_sent_twice_signs_once(client, store, wanted):
    row = checked(store, make_drive(store, wanted))
    page = client.get(url("drive-agreement", row.pk)).content.decode()
    token = page.split("data-sign data-user")[1].split('name="form_token" value="')[1].split('"')[0]
    for _n in range(2):
        sent = {"signature": ink(), "form_token": token}
        assertRedirects(client.post(url("drive-agreement", row.pk), sent), url("drive", row.pk))
    row.refresh_from_db()
    assert row.signed_at == NOW


def test_a_drive_is_moved_and_cancelled_on_its_page(client, store, wanted):
    row, car = make_drive(store, wanted), make_demo_car(store)
    moved = asked(car, "2026-11-23T14:00", minutes=60)
    assertRedirects(client.post(url("drive-move", row.pk), moved), url("drive", row.pk))
    row.refresh_from_db()
    assert (row.demo_car, row.starts_at) == (car, NOW + 4 * HOUR)
    assert client.post(url("drive-cancel", row.pk), {"no_show": "1"}).status_code == 409
    client.post(url("drive-cancel", row.pk))
    row.refresh_from_db()
    assert row.status == "cancelled"
    assertNotContains(client.get(url("drive-list")), url("drive", row.pk))


def test_another_consultants_drive_is_taken_time_and_nothing_else(client, store, seller):
    stranger = make_wanted(store, make_user("other", store, Role.SALES_CONSULTANT))
    row = signed(store, make_drive(store, stranger))

    calendar = client.get(url("drive-list"))

    assertContains(calendar, f"{row.consultant}已约")
    assertNotContains(calendar, url("drive", row.pk))
    assert calendar.context["rows"] == []
    pages = ("drive", "drive-move", "drive-agreement")
    assert [client.get(url(name, row.pk)).status_code for name in pages] == [404] * 3
    assert client.get(url("drive-signature", row.pk, row.signature)).status_code == 404
    assert client.get(url("drive-new", stranger.pk)).status_code == 404
    posts = ("drive-licence", "drive-out", "drive-cancel", "drive-agreement")
    assert [client.post(url(name, row.pk), {"km": 5}).status_code for name in posts] == [404] * 4


def test_who_only_watches_reads_and_writes_nothing(client, store):
    row = checked(store)
    client.force_login(make_user("chief", store, Role.GENERAL_MANAGER))
    page = client.get(url("drive", row.pk))
    assertNotContains(page, url("drive-licence", row.pk))
    assertNotContains(client.get(url("drive-agreement", row.pk)), "data-sign data-user")
    assert client.post(url("drive-agreement", row.pk), {"signature": ink()}).status_code == 403
    row.refresh_from_db()
    assert row.signed_at is None


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("day", 11), ("week", 11), ("month", 10)])
def test_the_calendar_costs_the_same_for_one_and_for_three(
    client, store, other_store, seller, rows, view, queries, django_assert_num_queries
):
    make_drive(other_store)
    for n in range(rows):
        make_drive(store, make_wanted(store, seller), starts_at=NOW + HOUR * (n + 1))

    with django_assert_num_queries(queries):
        page = client.get(url("drive-list"), {"view": view})

    assert [row.starts_at for row in page.context["rows"]] == [
        NOW + HOUR * (n + 1) for n in range(rows)
    ]


def test_the_views_show_their_days(client, store, wanted):
    tomorrow = make_drive(store, wanted, starts_at=NOW + DAY)
    shown = {
        view: client.get(url("drive-list"), {"view": view}).context["rows"]
        for view in ("day", "week", "month", "nonsense")
    }
    assert shown == {"day": [], "week": [tomorrow], "month": [tomorrow], "nonsense": []}
    assert client.get(url("drive-list"), {"day": "2026-11-24"}).context["rows"] == [tomorrow]
    assert client.get(url("drive-list"), {"day": "never"}).status_code == 200
    closed = client.get(url("drive-list"), {"day": "2027-01-01"})
    assertContains(closed, "不营业")


def test_the_drives_of_a_month_are_taken_out_as_far_as_one_sees_them(client, store, other_store):
    row = back(store)
    make_drive(other_store)
    manager = make_user("chief", store, Role.SALES_MANAGER)
    client.force_login(manager)
    told = {"format": "csv", "query": "view=month", "reason": "月报"}

    answer = client.post(reverse("desk:export", args=["reception:drive-list"]), told)

    text = b"".join(answer).decode("utf-8-sig")
    heading, *lines = list(csv.reader(StringIO(text, newline="")))
    assert len(lines) == 1
    told = dict(zip(heading, lines[0], strict=True))
    assert (told["客户"], told["公里数"]) == (row.opportunity.customer.name, "12")


def test_the_manager_keeps_cars_and_routes(client, store, other_store):
    client.force_login(make_user("chief", store, Role.SALES_MANAGER))
    facts = {"plate": "沪A12345", "car_model": make_model(store).pk, "km": 12, "is_used": "on"}
    assertRedirects(client.post(url("demo-car-new"), facts), url("demo-car-list"))
    car = DemoCar.objects.get()
    assert client.post(url("demo-car-new"), facts).status_code == 409
    foreign = facts | {"plate": "沪A54321", "car_model": make_model(other_store).pk}
    assert client.post(url("demo-car-new"), foreign).status_code == 422
    client.post(url("demo-car-edit", car.pk), facts | {"km": 20, "insured_until": "2027-01-01"})
    way = {"name": "环线", "km": 8, "minutes": 25, "way": "世纪大道", "is_used": "on"}
    assertRedirects(client.post(url("route-new"), way), url("demo-car-list"))
    client.post(url("route-edit", DriveRoute.objects.get().pk), way | {"km": 9})
    car.refresh_from_db()
    assert (car.km, DriveRoute.objects.get().km, DemoCar.objects.count()) == (20, 9, 1)
    assertContains(client.get(url("demo-car-list")), "沪A12345")


def test_a_car_that_is_not_back_in_time_stands_out(client, store, seller, wanted):
    row = out(store, make_drive(store, wanted))
    with time_machine.travel(row.ends_at + timedelta(minutes=1), tick=False):
        client.force_login(seller)
        assertContains(client.get(url("drive-list")), "未按时归还")


def test_the_drives_of_a_purchase_and_of_ones_day_are_parts_of_their_pages(
    client, store, seller, wanted
):
    row = make_drive(store, wanted)
    strange = make_drive(store)
    part = {"HTTP_HX_REQUEST": "true"}

    for address in (url("opportunity-drives", wanted.pk), url("my-drives")):
        answer = client.get(address, **part)
        assert answer.context["rows"] == [row]
        assertContains(answer, url("drive", row.pk))
        assertNotContains(answer, "<html")
        assertContains(client.get(address), "<html")
    hidden = client.get(url("opportunity-drives", strange.opportunity_id), **part)
    assert hidden.status_code == 404
