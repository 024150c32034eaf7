"""The pages of appointments: what is shown, refused, kept (SVC-01…05)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.service.actions import cancel, move
from apps.service.choices import AppointmentSource
from apps.service.models import Appointment, PartSupply
from apps.service.views import appointments as views
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
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(client, store):
    client.force_login(make_user("supervisor", store, Role.SERVICE_SUPERVISOR))
    return client


@pytest.fixture
def car(store):
    make_bay(store), make_technician(store)
    return make_vehicle(
        store, owner=make_customer(store, "张三丰", "13912342345"), plate="沪A12345"
    )


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def fields(**changes):
    return {"starts_at": "2026-11-23T14:00", "source": "phone", "symptoms": "异响"} | changes


def test_a_known_customer_is_found_by_the_phone_or_the_plate_with_his_cars(staff, car, other_store):
    make_vehicle(
        other_store, owner=make_customer(other_store, "王五", "13800002345"), plate="沪A12345"
    )

    for text in ("2345", "a123", "张三丰"):
        page = staff.get(url("appointment-find"), {"q": text})
        assertContains(page, url("appointment-new", car.pk), count=1)
        assertContains(page, "139****2345")
        assertNotContains(page, "王五")
    assertContains(
        staff.get(url("appointment-find"), {"q": "9999"}), reverse("customers:customer-new")
    )


def test_the_form_offers_free_times_and_a_choice_of_work_narrows_them(staff, store, car):
    big = make_operation(store, "BIG", 240)

    page = staff.get(url("appointment-new", car.pk))
    assertContains(page, 'value="2026-11-23T16:30"')
    assertNotContains(page, 'value="2026-11-23T09:30"')  # past

    part = staff.get(url("free-times", car.pk), {"operations": big.pk}, headers=HTMX)
    assertContains(part, 'value="2026-11-23T13:30"')
    assertNotContains(part, 'value="2026-11-23T14:00"')
    assertNotContains(part, "<html")
    asked = {"operations": big.pk}
    without_javascript = staff.get(url("free-times", car.pk), asked, follow=True)
    assertNotContains(without_javascript, 'value="2026-11-23T14:00"')
    chosen = f'value="{big.pk}" class="form-check-input" id="id_operations_0" checked'
    assertContains(without_javascript, chosen)


def test_short_parts_are_said_and_times_begin_when_they_come(staff, store, car, manager):
    oil, part = make_operation(store), make_part(store, stock=0)
    needs(oil, part)

    times = staff.get(url("free-times", car.pk), {"operations": oil.pk}, headers=HTMX)
    assertContains(times, "机油滤清器 19347180")
    assertNotContains(times, 'type="radio"')
    PartSupply.objects.create(
        store=store, part=part, kind="order", quantity=1, expected_on=TODAY + DAY, by=manager
    )
    times = staff.get(url("free-times", car.pk), {"operations": oil.pk}, headers=HTMX)
    assertContains(times, 'value="2026-11-24T08:30"')
    assertNotContains(times, "2026-11-23T")


def test_booking_leads_to_the_appointment_and_twice_sent_books_once(staff, store, car):
    oil = make_operation(store)
    token = {"form_token": "9b3c4d52-0000-4000-8000-000000000001"}

    first = staff.post(url("appointment-new", car.pk), fields(operations=[oil.pk]) | token)
    again = staff.post(url("appointment-new", car.pk), fields(operations=[oil.pk]) | token)

    row = Appointment.objects.get()
    assertRedirects(first, url("appointment", row.pk))
    assertRedirects(again, url("appointment", row.pk))
    assert (row.starts_at, row.symptoms, row.by.username) == (at("14:00"), "异响", "supervisor")
    page = staff.get(url("appointment", row.pk))
    assertContains(page, "机油保养")
    assertContains(page, "¥120")
    assertContains(page, "139****2345")


def test_a_time_that_was_taken_meanwhile_is_refused_with_the_next_free_ones_and_nothing_lost(
    staff, store, car
):
    make_appointment(store)

    page = staff.post(url("appointment-new", car.pk), fields(remark="带发票"))

    assertContains(page, "该时段已满", status_code=409)
    assertContains(page, 'value="2026-11-23T15:00"', status_code=409)
    assertContains(page, "异响", status_code=409)
    assertContains(page, "带发票", status_code=409)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": ""},
        {"starts_at": "morgen"},
        {"source": "self_service"},
        {"operations": ["999999"]},
        {"km": "-1"},
    ],
)
def test_what_cannot_be_understood_is_marked_and_kept(staff, store, car, changes):
    page = staff.post(url("appointment-new", car.pk), fields(**changes))

    assert page.status_code == 422
    assertContains(page, "异响", status_code=422)
    assert Appointment.objects.count() == 0


def test_work_of_another_store_cannot_be_booked(staff, store, other_store, car):
    theirs = make_operation(other_store)

    assert (
        staff.post(url("appointment-new", car.pk), fields(operations=[theirs.pk])).status_code
        == 422
    )
    assertNotContains(staff.get(url("appointment-new", car.pk)), "机油保养")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_day_costs_the_same_for_one_appointment_and_for_three(
    staff, store, other_store, rows, django_assert_num_queries
):
    for n in range(rows):
        make_appointment(store, f"{14 + n}:00")
    make_appointment(other_store)
    make_appointment(store, on=TODAY + DAY)

    with django_assert_num_queries(11):
        page = staff.get(url("appointment-list"))

    assert len(page.context["rows"]) == rows
    assert [row.store for row in page.context["rows"]] == [store] * rows


def test_another_day_and_a_status_are_asked_for(staff, store):
    tomorrow, gone = make_appointment(store, on=TODAY + DAY), make_appointment(store)
    cancel(gone, reason="customer")

    def shown(**asked):
        return [row.pk for row in staff.get(url("appointment-list"), asked).context["rows"]]

    assert shown(day="2026-11-24") == [tomorrow.pk]
    assert shown() == [gone.pk]
    assert shown(status="holding") == []
    assert shown(status="cancelled") == [gone.pk]
    assert shown(day="never", bay="x") == [gone.pk]


def test_what_care_calls_booked_waits_until_the_supervisor_takes_it_over(staff, store, other_store):
    row = make_appointment(store, source=AppointmentSource.CARE)
    make_appointment(store, "16:00")
    make_appointment(other_store, source=AppointmentSource.CARE)

    assert [r.pk for r in staff.get(url("handover-list")).context["rows"]] == [row.pk]
    assertContains(staff.get(reverse("desk:home")), url("handover-list"))
    assertRedirects(staff.post(url("appointment-accept", row.pk)), url("handover-list"))
    assert staff.get(url("handover-list")).context["rows"] == []
    assertContains(staff.get(url("appointment", row.pk)), "supervisor")


def test_an_appointment_is_moved_and_the_second_tab_is_told(staff, store):
    row = make_appointment(store)
    asked = {"starts_at": "2026-11-24T09:00", "minutes": 60, "version": 1}

    assertRedirects(staff.post(url("appointment-move", row.pk), asked), url("appointment", row.pk))
    page = staff.post(url("appointment-move", row.pk), asked | {"starts_at": "2026-11-24T11:00"})

    assert page.status_code == 409
    row.refresh_from_db()
    assert row.starts_at == at("09:00", TODAY + DAY)


def test_what_was_said_is_edited_and_the_second_tab_overwrites_nothing(staff, store):
    row = make_appointment(store)
    tab = staff.get(url("appointment-edit", row.pk)).context["form"].initial["version"]
    staff.post(url("appointment-edit", row.pk), {"symptoms": "空调", "version": tab})

    page = staff.post(url("appointment-edit", row.pk), {"symptoms": "异响", "version": tab})

    assertContains(page, "异响", status_code=409)  # what was typed is still there
    assertContains(page, "— → 空调 (supervisor", status_code=409)  # what changed, and by whom
    row.refresh_from_db()
    assert row.symptoms == "空调"
    again = page.context["form"]["version"].value()
    staff.post(url("appointment-edit", row.pk), {"symptoms": "异响", "version": again})
    row.refresh_from_db()
    assert row.symptoms == "异响"


def test_a_day_of_many_stores_has_an_end_and_says_so(staff, store, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    rows = [make_appointment(store, clock) for clock in ("11:00", "14:00", "16:00")]

    page = staff.get(url("appointment-list"), {"day": rows[0].on})

    assert page.context["rows"] == rows[:2]
    assertContains(page, "超过 2 条")


def test_confirm_arrive_no_show_and_cancel_are_said_on_the_page(staff, store):
    row = make_appointment(store, "10:30")
    staff.post(url("appointment-confirm", row.pk))
    early = staff.post(url("appointment-no-show", row.pk))
    assertContains(early, "预约时间还没到", status_code=409)
    staff.post(url("appointment-arrive", row.pk))
    row.refresh_from_db()
    assert row.status == "arrived"

    other = make_appointment(store, "14:00")
    stale = staff.get(url("appointment", other.pk)).context["cancelling"].initial["version"]
    move(other, starts_at=at("15:00"), version=1, now=NOW)
    page = staff.post(url("appointment-cancel", other.pk), {"reason": "customer", "version": stale})
    assert page.status_code == 409
    page = staff.post(url("appointment-cancel", other.pk), {"version": 2})
    assertContains(page, "请选择取消原因", status_code=409)
    staff.post(url("appointment-cancel", other.pk), {"reason": "customer", "version": 2})
    other.refresh_from_db()
    assert (other.status, other.cancel_reason) == ("cancelled", "customer")


def test_a_group_manager_sees_an_appointment_of_a_store_he_reads_and_can_do_nothing(
    client, store, other_store
):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)
    row = make_appointment(other_store)

    assertNotContains(client.get(url("appointment", row.pk)), '<button class="btn btn-primary"')
