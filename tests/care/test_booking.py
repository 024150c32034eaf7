"""Booking from the call screen without losing the call (CARE-10, SVC-01, SVC-04)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.care.actions.claim import claim_next
from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Attempt, Call
from apps.service.models import Appointment
from tests.care.calls import make_call
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.service.workshop import (
    at,
    make_appointment,
    make_bay,
    make_operation,
    make_part,
    make_technician,
    needs,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(client, specialist):
    client.force_login(specialist)
    return client


@pytest.fixture
def call(store, other_store, specialist):
    """A proactive call that the specialist holds; the workshop has one bay."""
    make_bay(store), make_technician(store)
    make_operation(other_store, "THEIRS", name="他店项目")
    due_on = TODAY + 28 * DAY
    car = {"maintenance_due_on": due_on, "maintenance_opens_on": TODAY - DAY}
    make_call(
        store,
        kind=CallKind.MAINTENANCE,
        customer=make_customer(store, "张三丰"),
        proactive=True,
        event_on=due_on,
        car=car,
    )
    [held] = claim_next(by=specialist, now=NOW)
    return held


def page(client, call, name="call-booking", headers=None, **fields):
    data = {"claim": call.claim, "number": call.customer.main_phone} | fields
    return client.post(reverse(f"care:{name}", args=[call.pk]), data, headers=headers)


def booked(client, call, **fields):
    return page(client, call, "call-result", result="booked", **fields)


def test_the_panel_offers_work_and_free_times_and_says_why_so_early(signed_in, store, call):
    oil = make_operation(store)

    panel = page(signed_in, call, headers=HTMX)

    assertContains(panel, "CARE-10")
    assertContains(panel, f'name="operations" value="{oil.pk}"')
    assertContains(panel, 'value="2026-11-23T16:30"')
    assertNotContains(panel, "他店项目")
    assertNotContains(panel, "<html")
    assert not Appointment.objects.exists()


def test_chosen_work_narrows_the_times(signed_in, store, call):
    big = make_operation(store, "BIG", 240)

    times = page(signed_in, call, headers=HTMX | {"HX-Target": "free-times"}, operations=[big.pk])

    assertContains(times, 'value="2026-11-23T13:30"')
    assertNotContains(times, 'value="2026-11-23T16:30"')
    assertContains(times, 'form="call-form"')
    assertNotContains(times, "CARE-10")


def test_without_javascript_the_whole_page_comes_with_the_panel_open_and_what_was_typed(
    signed_in, store, call
):
    oil = make_operation(store)

    whole = page(signed_in, call, operations=[oil.pk], note="周六再说", km="21000", ticks=["1"])

    assertContains(whole, "<html")
    assertContains(whole, '<details class="call-panel" name="call-panel" open>', count=1)
    for kept in ("周六再说", 'value="21000"', 'value="2026-11-23T16:30"'):
        assertContains(whole, kept)
    assertContains(whole, "checked", count=3)  # the tick, the work, and who calls again
    call.refresh_from_db()
    assert call.status == CallStatus.CLAIMED


def test_the_call_page_itself_does_not_look_for_free_times(signed_in, call):
    whole = signed_in.get(reverse("care:call", args=[call.pk]))

    assertContains(whole, reverse("care:call-booking", args=[call.pk]))
    assertNotContains(whole, 'name="starts_at"')


def test_booking_ends_the_call_and_waits_for_the_supervisor(signed_in, client, store, call):
    oil = make_operation(store)
    needs(oil, make_part(store))
    said = {"symptoms": "异响", "km": "21000", "note": "下午来"}

    answer = booked(signed_in, call, operations=[oil.pk], starts_at="2026-11-24T14:00", **said)

    assertRedirects(answer, reverse("care:call", args=[call.pk]))
    [row], [attempt] = Appointment.objects.all(), Attempt.objects.all()
    assert (row.starts_at, row.source, row.symptoms, row.km, row.by) == (
        *(at("14:00", TOMORROW), "care", "异响", 21000),
        attempt.by,
    )
    assert (row.customer, row.vehicle, row.remark) == (call.customer, call.vehicle, "")
    assert (attempt.appointment, attempt.agreed_on, attempt.note) == (row, TOMORROW, "下午来")
    call.refresh_from_db()
    assert (call.status, call.result) == (CallStatus.REACHED, Result.BOOKED)
    assertContains(signed_in.get(answer.url), reverse("service:appointment", args=[row.pk]))
    client.force_login(make_user("supervisor", store, Role.SERVICE_SUPERVISOR))
    assert client.get(reverse("service:handover-list")).context["rows"] == [row]


def test_a_time_that_is_gone_is_refused_with_the_nearest_and_the_call_stays_held(
    signed_in, store, call
):
    make_appointment(store, "14:00", on=TOMORROW)
    before = Call.objects.values().get()

    refused = booked(signed_in, call, starts_at="2026-11-24T14:00", note="下午来", km="21000")

    assertContains(refused, "该时段已满", status_code=409)
    assertContains(refused, 'value="2026-11-24T15:00"', status_code=409)
    assertNotContains(refused, 'value="2026-11-24T14:00"', status_code=409)
    assertContains(refused, "下午来", status_code=409)
    assertContains(refused, '<details class="call-panel" name="call-panel" open>', status_code=409)
    assert Call.objects.values().get() == before
    assert Appointment.objects.count() == 1
    assert not Attempt.objects.exists()
    call.vehicle.refresh_from_db()
    assert call.vehicle.last_km is None  # the mileage was not written either


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"starts_at": "tomorrow"},
        {"there": "999"},
        {"starts_at": "2026-11-24T14:00", "operations": ["999"]},
    ],
)
def test_what_is_missing_or_cannot_be_understood_is_asked_again(signed_in, call, fields):
    answer = booked(signed_in, call, **fields)

    assertContains(answer, 'value="2026-11-24T14:00"', status_code=422)
    assertContains(answer, "alert-danger", status_code=422)
    call.refresh_from_db()
    assert call.status == CallStatus.CLAIMED
    assert not Appointment.objects.exists()


def test_who_has_booked_already_is_not_booked_twice(signed_in, store, call):
    row = make_appointment(store, "09:00", on=TOMORROW, vehicle=call.vehicle)
    theirs = make_appointment(store, "16:00", on=TOMORROW)
    assertContains(page(signed_in, call, headers=HTMX), f'name="there" value="{row.pk}"')
    assert booked(signed_in, call, there=theirs.pk).status_code == 422

    assert booked(signed_in, call, there=row.pk).status_code == 302

    assert Appointment.objects.count() == 2
    attempt = Attempt.objects.get()
    assert (attempt.appointment, attempt.agreed_on, row.source) == (row, TOMORROW, "phone")


def test_twice_sent_books_once(signed_in, call):
    token = {"form_token": "9b3c4d52-0000-4000-8000-000000000002"}
    for _click in range(2):
        answer = booked(signed_in, call, starts_at="2026-11-24T14:00", **token)
        assertRedirects(answer, reverse("care:call", args=[call.pk]))
    assert Appointment.objects.count() == Attempt.objects.count() == 1


def test_who_lost_the_call_books_nothing(signed_in, call, other_specialist):
    Call.objects.update(holder=other_specialist)

    assert booked(signed_in, call, starts_at="2026-11-24T14:00").status_code == 409
    assert not Appointment.objects.exists()


def test_a_call_of_another_store_has_no_panel(client, stranger, call):
    client.force_login(stranger)

    assert page(client, call).status_code == 404
    assert page(client, call, headers=HTMX).status_code == 404
