"""The pages of hand-overs: planned, begun, the first service booked (DEL-01, 03, 09)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.delivery.models import DeliveryNumbers, HandOver
from apps.service.models import Appointment
from tests.delivery.keys import (
    TOMORROW,
    make_finished,
    make_hand_over,
    make_order,
    make_ready,
    make_running,
    person,
    seller,
)
from tests.factories import NOW, TODAY
from tests.service.workshop import make_bay, make_technician

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client, store):
    client.force_login(seller(store))
    return client


def page(row, name="hand-over"):
    return reverse(f"delivery:{name}", args=[row.pk])


def test_an_order_is_planned_at_one_of_the_free_times(staff, store):
    order = make_order(store)
    address = page(order, "hand-over-plan")
    shown = staff.get(address, {"day": str(TOMORROW)}).content.decode()
    assert 'value="2026-11-24T10:00"' in shown
    asked = {"starts_at": "2026-11-24T10:00", "consultant": order.consultant_id}

    answer = staff.post(address, asked | {"agreed_how": "phone"})

    row = HandOver.objects.get()
    assert answer.url == page(row) and row.agreed_how == "phone"
    assert 'value="2026-11-24T10:00"' in staff.get(address).content.decode()


def test_a_taken_time_is_answered_with_those_that_are_free(staff, store):
    make_hand_over(store)
    order = make_order(store)
    asked = {"starts_at": "2026-11-24T10:30", "consultant": order.consultant_id}

    answer = staff.post(page(order, "hand-over-plan"), asked)

    assert answer.status_code == 409 and HandOver.objects.count() == 1
    assert 'value="2026-11-24T11:00"' in answer.content.decode()


def test_a_consultant_plans_no_order_of_a_colleague(staff, store):
    order = make_order(store, consultant=seller(store, "other"))
    assert staff.get(page(order, "hand-over-plan")).status_code == 404
    assert order.customer.name not in staff.get(reverse("delivery:plan")).content.decode()


def test_the_plan_shows_the_day_what_waits_and_what_is_late(staff, store):
    make_order(store)
    make_ready(store, clock="15:00")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        staff.force_login(seller(store))
        shown = staff.get(reverse("delivery:plan"))
    assert len(shown.context["late"]) == 1 and len(shown.context["waiting"]) == 1
    assert shown.context["count"] == 0


def test_what_is_not_ready_does_not_begin(staff, store):
    row = make_hand_over(store)
    assert staff.post(page(row, "hand-over-start")).status_code == 409
    row = make_ready(store, row)
    assert staff.post(page(row, "hand-over-start")).url == page(row, "sheet")
    assert staff.get(page(row, "sheet")).status_code == 200
    row.refresh_from_db()
    assert (row.status, row.started_at) == ("running", NOW)


def test_an_empty_sheet_is_refused_and_a_signed_one_shows_its_record(staff, store):
    row = make_running(store)
    assert staff.post(page(row, "sheet"), {}).status_code == 409
    assert staff.post(page(row, "sheet"), {"ended": "no"}).status_code == 422
    row = make_finished(store, make_hand_over(store, "15:00"))
    shown = staff.get(page(row))
    assert shown.templates[0].name == "delivery/record.html"
    assert shown.context["length"].minutes == 60
    assert [len(run.answers.all()) for run in shown.context["runs"]] == [9, 8, 6]


def test_the_workshop_goes_through_the_pdi(client, store):
    row = make_hand_over(store)
    client.force_login(person(store, "fitter", Role.WORKSHOP))
    form = client.get(page(row, "pdi")).context["form"]
    asked = {name: "on" for name in form.fields if name.startswith("done")}
    assert client.post(page(row, "pdi"), asked).url == page(row)
    assert client.post(page(row, "hand-over-point"), {"point": "washing", "done": "on"}).url
    assert client.post(page(row, "hand-over-start")).status_code == 403
    assert row.ready.get().point == "washing"


def test_the_first_service_is_booked_on_the_same_screen(staff, store):
    make_bay(store), make_technician(store)
    row = make_finished(store)
    shown = staff.get(page(row))
    day, times = shown.context["offered"].days[0]
    assert day == date(2027, 1, 25)  # two months on is a Saturday, without a technician
    clock = f"{times[0].astimezone(NOW.tzinfo):%Y-%m-%dT%H:%M}"

    assert staff.post(page(row, "first-service"), {"starts_at": clock}).url == page(row)

    booked = Appointment.objects.get()
    assert (booked.vehicle, booked.kind, booked.source, booked.on) == (
        row.vehicle,
        "first_service",
        "showroom",
        day,
    )
    assert staff.get(page(row)).context["booked"] == booked
    assert staff.post(page(row, "first-service"), {"starts_at": clock}).status_code == 409
    assert staff.post(page(row, "first-service"), {}).status_code == 422


def test_the_register_marks_what_was_too_short_or_too_long(client, store, other_store):
    client.force_login(person(store, "manager", Role.SALES_MANAGER))
    make_finished(other_store)
    for number, minutes in enumerate((20, 60, 95)):
        row = make_hand_over(store, f"{9 + 2 * number:02d}:00")
        make_finished(store, row, now=NOW + timedelta(minutes=minutes))
    address = reverse("delivery:hand-over-list")

    rows = client.get(address).context["rows"]
    assert [(length.minutes, length.odd) for _row, length in rows] == [
        (95, "long"),
        (60, ""),
        (20, "short"),
    ]
    odd = client.get(address, {"odd": "on"}).context["rows"]
    assert [length.minutes for _row, length in odd] == [95, 20]
    assert client.get(address, {"until": str(TODAY)}).context["rows"] == []


def test_the_sales_manager_sets_numbers_areas_and_points(client, store):
    client.force_login(person(store, "manager", Role.SALES_MANAGER))
    asked = {"effective_from": str(TOMORROW), "prepared_by": "15:00", "dsm_by": "09:30"}
    asked |= {f"{step}_minutes": 10 for step in ("welcome", "papers", "functions", "service")}
    asked |= {"introduce_minutes": 5, "ceremony_minutes": 5, "warranty_months": 36}
    asked |= {"warranty_km": 60000, "inspection_months": 24}
    assert client.post(reverse("delivery:numbers-new"), asked).status_code == 302
    assert DeliveryNumbers.objects.get(effective_from=TOMORROW).minutes == 50
    assert (
        client.post(reverse("delivery:area-new"), {"name": "交车区1", "place": 3}).status_code
        == 409
    )
    points = {"effective_from": str(TOMORROW), "points": "外观\n内饰"}
    assert client.post(reverse("delivery:points", args=["pdi"]), points).status_code == 302
    assert client.get(reverse("delivery:points", args=["preparation"])).status_code == 404
    assert client.get(reverse("delivery:settings")).status_code == 200
