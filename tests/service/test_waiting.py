"""Who waits for a time is offered a freed one in the order of asking (SVC-14)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.service import policy
from apps.service.actions import cancel, move
from apps.service.actions.booking import Wish
from apps.service.actions.waiting import book_waiting, leave_list, wait
from apps.service.models import Appointment, Waiting
from apps.service.queries.waiting import offers
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_customer, make_user, make_vehicle
from tests.service.workshop import (
    at,
    make_appointment,
    make_bay,
    make_operation,
    make_part,
    make_technician,
    needs,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


@pytest.fixture
def head(store):
    return make_user("head", store, Role.SERVICE_SUPERVISOR)


@pytest.fixture
def full(store):
    """Today is full: one appointment from now to closing."""
    make_bay(store), make_technician(store)
    work = make_operation(store, "ALL", 420, skill="general")
    return make_appointment(store, "10:30", operations=[work])


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def waits(store, by, minutes=60, skill="general", first=0, last=0, later=0, **fields):
    vehicle = fields.pop("vehicle", None) or make_vehicle(store)
    return wait(
        vehicle,
        policy.Job(minutes, skill),
        wanted_from=TODAY + first * DAY,
        wanted_until=TODAY + last * DAY,
        remark="",
        by=by,
        now=NOW + timedelta(minutes=later),
        **fields,
    )


def offered(store):
    return [(offer.row.pk, offer.starts_at) for offer in offers(store, NOW)]


def test_a_freed_time_goes_to_the_first_it_fits(store, other_store, head, full):
    long = waits(store, head, minutes=480, later=1)
    paint = waits(store, head, skill="paint", later=2)
    second, third = waits(store, head, later=4), waits(store, head, later=5)
    first = waits(store, head, later=3)
    waits(other_store, make_user("x", other_store, Role.SERVICE_SUPERVISOR))
    full.bay.skills = ["general"]
    full.bay.save()
    assert offered(store) == [(row.pk, None) for row in (long, paint, first, second, third)]

    move(full, starts_at=at("12:30"), minutes=300, version=1, now=NOW)

    # 10:30 and 11:30 are free again: for two, in the order of asking
    assert offered(store) == [
        (first.pk, at("10:30")),
        (second.pk, at("11:30")),
        (long.pk, None),
        (paint.pk, None),
        (third.pk, None),
    ]


def test_only_wanted_days_on_which_the_car_is_not_awaited_are_offered(store, head):
    make_bay(store), make_technician(store)
    row = waits(store, head, first=1, last=2)
    assert offered(store) == [(row.pk, at("08:30", TODAY + DAY))]

    make_appointment(store, on=TODAY + DAY, vehicle=row.vehicle)

    assert offered(store) == [(row.pk, at("08:30", TODAY + 2 * DAY))]


def test_a_time_before_the_parts_are_there_is_not_offered(store, head):
    make_bay(store), make_technician(store)
    oil, part = make_operation(store), make_part(store, stock=0)
    needs(oil, part)
    row = waits(store, head, last=3, skill="quick", operations=[oil])
    assert offered(store) == [(row.pk, None)]

    part.supplies.create(
        store=store, kind="order", quantity=1, expected_on=TODAY + 2 * DAY, by=head
    )

    assert offered(store) == [(row.pk, at("08:30", TODAY + 2 * DAY))]


def booked(row, clock="14:00", on=TODAY):
    time = {"starts_at": at(clock, on), "source": "phone", "now": NOW, "by": None}
    return book_waiting(row, Wish(), **time)


def test_booking_takes_off_the_list_and_a_refused_booking_does_not(store, head, full):
    row = waits(store, head)
    with pytest.raises(Refused):
        booked(row)
    row.refresh_from_db()
    assert (row.status, row.appointment) == ("waiting", None)

    cancel(full, reason="customer")
    appointment = booked(row)

    row.refresh_from_db()
    assert (row.status, row.appointment, row.left_reason) == ("booked", appointment, "")
    with pytest.raises(Refused):
        booked(row, "16:00", TODAY + DAY)
    assert Appointment.objects.filter(vehicle=row.vehicle).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_for_one_customer_one_does(store, head):
    for name in ("1", "2"):
        make_bay(store, name), make_technician(store, name)
    row = waits(store, head, last=1)

    def again():
        try:
            return booked(row, "16:00", TODAY + DAY)
        except Refused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            booked(row)
            other = pool.submit(closing, again)
            wait_until_someone_waits_for_a_lock()
        assert other.result() == "这位客户已不在候补名单中。"
    assert Appointment.objects.count() == 1


def test_leaving_needs_a_reason_and_twice_changes_nothing(store, head):
    row = waits(store, head)
    with pytest.raises(Refused):
        leave_list(row, reason="")
    leave_list(row, reason="elsewhere")
    leave_list(row, reason="customer")

    row.refresh_from_db()
    assert (row.status, row.left_reason) == ("cancelled", "elsewhere")
    assert waits(store, head, vehicle=row.vehicle).pk != row.pk


def test_from_the_full_form_to_the_list_and_from_a_freed_time_to_the_booking(
    staff, store, other_store, head, full
):
    car = make_vehicle(store, make_customer(store, "张三丰"))
    oil = make_operation(store, minutes=60, skill="general")
    theirs = waits(other_store, make_user("x", other_store, Role.SERVICE_SUPERVISOR))
    form = staff.get(url("appointment-new", car.pk))
    assertNotContains(form, url("waiting-new", car.pk))  # tomorrow is free

    form = staff.get(url("waiting-new", car.pk), {"operations": oil.pk, "earliest": TODAY})
    assertContains(form, "checked")
    asked = {"operations": [oil.pk], "wanted_from": TODAY, "wanted_until": TODAY}
    assertRedirects(staff.post(url("waiting-new", car.pk), asked), url("waiting-list"))
    row = Waiting.objects.get(store=store)
    assert (row.minutes, row.skill, list(row.operations.all())) == (60, "general", [oil])
    again = staff.post(url("waiting-new", car.pk), asked)
    assertContains(again, "已在候补名单", status_code=409)
    page = staff.get(url("waiting-list"))
    assert [offer.row.pk for offer in page.context["rows"]] == [row.pk]
    assertNotContains(page, "?waiting=")

    staff.post(url("appointment-cancel", full.pk), {"reason": "customer", "version": 1})
    link = f"?waiting={row.pk}&amp;earliest=2026-11-23&amp;starts_at=2026-11-23T10:30"
    link += f"&amp;operations={oil.pk}"
    assertContains(staff.get(url("appointment", full.pk)), link)
    assertContains(staff.get(url("waiting-list")), link)
    filled = staff.get(
        url("appointment-new", car.pk),
        {"waiting": row.pk, "earliest": TODAY, "starts_at": "2026-11-23T10:30"}
        | {"operations": oil.pk},
    )
    assertContains(filled, 'value="2026-11-23T10:30" checked')
    asked = {"starts_at": "2026-11-23T10:30", "source": "phone", "operations": [oil.pk]}
    taken = staff.post(url("appointment-new", car.pk), asked | {"waiting": theirs.pk})
    assert taken.status_code == 404
    assert Appointment.objects.filter(vehicle=car).count() == 0
    staff.post(url("appointment-new", car.pk), asked | {"waiting": row.pk})
    row.refresh_from_db()
    assert (row.status, row.appointment.vehicle) == ("booked", car)
    assert staff.get(url("waiting-list")).context["rows"] == []


def test_a_full_workshop_offers_the_list_on_the_form(staff, store):
    car = make_vehicle(store)  # no bay at all

    page = staff.get(url("appointment-new", car.pk))

    assertContains(page, url("waiting-new", car.pk))
    turned = {"wanted_from": TODAY + DAY, "wanted_until": TODAY}
    assert staff.post(url("waiting-new", car.pk), turned).status_code == 422
    row = waits(store, page.wsgi_request.user, vehicle=car)
    assert staff.post(url("waiting-leave", row.pk), {"reason": "magic"}).status_code == 422
    left = staff.post(url("waiting-leave", row.pk), {"reason": "customer"})
    assertRedirects(left, url("waiting-list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    staff, store, head, rows, django_assert_num_queries
):
    make_bay(store), make_technician(store)
    oil, part = make_operation(store), make_part(store)
    needs(oil, part)
    for n in range(rows):
        waits(store, head, last=3, skill="quick", operations=[oil], later=n)

    with django_assert_num_queries(18):
        page = staff.get(url("waiting-list"))

    assert len(page.context["rows"]) == rows
