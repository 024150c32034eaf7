"""Who brought a car back by a call: bookings, shows, no-shows, return visits (CARE-24, REP-04)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.care.choices import CallKind, Result
from apps.care.figures import credit as figures
from apps.care.models import Attempt, CarePolicy
from apps.desk.exporting import LISTINGS
from apps.service import actions
from apps.service import figures as service
from apps.service.choices import AppointmentSource, AppointmentStatus
from apps.service.models import Appointment, RepairOrder
from tests.factories import NOW, SHANGHAI, TODAY, make_call, make_user, make_vehicle
from tests.service import garage
from tests.service.workshop import make_appointment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def talk(car, by, days_before, result=Result.WILL_COME, kind=CallKind.MAINTENANCE, hour=9):
    """A dialling about the car so many days before today's visit."""
    at = datetime.combine(TODAY - days_before * DAY, datetime.min.time(), SHANGHAI)
    call = car.calls.filter(kind=kind).first() or make_call(
        car.store, vehicle=car, customer=car.owner, kind=kind, cycle="c"
    )
    return Attempt.objects.create(
        store=car.store,
        call=call,
        at=at + timedelta(hours=hour),
        counted=False,
        result=result,
        by=by,
    )


def visit(car, number="V1", **fields):
    fields = {"in_on": TODAY, "out_on": TODAY, "kind": "maintenance"} | fields
    return RepairOrder.objects.create(store=car.store, number=number, vehicle=car, **fields)


def returns(store):
    return {one.person.username: one.returns for one in figures.booking_credit(store, FIRST, LAST)}


def booked(store, by, **fields):
    return make_appointment(store, source=AppointmentSource.CARE, by=by, **fields)


def test_a_visit_is_credited_to_the_last_who_spoke_within_five_days(store, specialist):
    second = make_user("second", store, Role.CARE_SPECIALIST)
    car = make_vehicle(store)
    visit(car)
    assert returns(store) == {}
    talk(car, specialist, 6)
    assert returns(store) == {}
    talk(car, specialist, 5)
    assert returns(store) == {"li_na": 1}
    talk(car, second, 2)
    talk(car, specialist, 1, result=Result.NO_ANSWER)  # nobody was spoken to
    assert returns(store) == {"second": 1}


def test_a_conversation_after_the_car_came_or_about_the_last_visit_brings_nothing(
    store, specialist
):
    car = make_vehicle(store)
    visit(car, in_on=TODAY - DAY)
    talk(car, specialist, 0)
    talk(car, specialist, 2, kind=CallKind.SERVICE_FOLLOW_UP, result=Result.ANSWERED)
    talk(make_vehicle(store), specialist, 2)  # another car

    assert returns(store) == {}


def test_the_stores_number_of_days_decides(store, specialist):
    car = make_vehicle(store)
    visit(car)
    talk(car, specialist, 6)

    CarePolicy.objects.create(store=store, effective_from=FIRST, credit_days=6)

    assert returns(store) == {"li_na": 1}


def test_orders_made_here_and_imported_visits_count_alike_and_of_this_store_only(
    store, other_store, specialist
):
    here, imported = make_vehicle(store), make_vehicle(store)
    garage.make_closed(store, here)
    visit(imported)
    theirs = make_vehicle(other_store)
    visit(theirs)
    stranger = make_user("stranger_care", other_store, Role.CARE_SPECIALIST)
    for car, by in ((here, specialist), (imported, specialist), (theirs, stranger)):
        talk(car, by, 1)
    visit(make_vehicle(store), "V2", out_on=LAST + DAY, in_on=LAST + DAY)

    assert returns(store) == {"li_na": 2}


def test_bookings_end_in_shows_and_no_shows(store, other_store, specialist):
    came, missed, waits, gone = (
        booked(store, specialist, clock=f"{hour}:00") for hour in (11, 13, 14, 15)
    )
    make_appointment(store, "16:00")  # phoned in
    booked(other_store, make_user("stranger_care", other_store, Role.CARE_SPECIALIST))
    actions.arrive(came, now=NOW)
    actions.mark_no_show(missed, now=NOW + 5 * timedelta(hours=1))
    actions.cancel(gone, reason="customer")

    [line] = figures.booking_credit(store, FIRST, LAST)

    assert (line.person, line.bookings, line.shows, line.no_shows, line.returns) == (
        specialist,
        3,
        1,
        1,
        0,
    )
    rows = figures.credit_rows(store, "shows", specialist.pk, FIRST, LAST)
    assert [row.appointment for row in rows] == [came]
    assert waits.status == AppointmentStatus.PENDING


def test_each_number_leads_to_its_rows_and_can_be_taken_out(client, store, other_store, specialist):
    car = make_vehicle(store, plate="沪A12345")
    order = visit(car)
    talk(car, specialist, 1)
    strange = make_vehicle(other_store, plate="沪B54321")
    visit(strange)
    talk(strange, make_user("stranger_care", other_store, Role.CARE_SPECIALIST), 1)
    manager = make_user("cm", store, Role.CARE_MANAGER)
    client.force_login(manager)

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("care:credit"), {"what": "returns", "person": specialist.pk})
        odd = client.get(reverse("care:credit"), {"what": "x", "person": "y", "month": "z"})

    assert [row.order for row in page.context["rows"]] == [order]
    assertContains(page, "沪A12345")
    assertNotContains(page, "沪B54321")
    assert page.context["together"]["returns"] == 1
    assert odd.status_code == 200
    listing = LISTINGS["care:credit"]
    lines = list(listing.lines(listing.rows(manager, {}, TODAY)))
    assert lines[1:] == [["li_na", TODAY, car.owner.name, "沪A12345", "定保 V1"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_for_three(
    client, store, specialist, rows, django_assert_num_queries
):
    for n in range(rows):
        car = make_vehicle(store)
        visit(car, f"V{n}")
        talk(car, specialist, 1)
    client.force_login(make_user("cm", store, Role.CARE_MANAGER))
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(15):
        page = client.get(reverse("care:credit"), {"what": "returns"})
    assert len(page.context["rows"]) == rows


def test_the_appointment_rate_and_the_show_up_rate_count_their_rows(store, other_store):
    came, missed, today, gone = (make_appointment(store, f"{h}:00") for h in (11, 13, 14, 15))
    make_appointment(other_store)
    order = garage.make_order(store, came.vehicle, appointment=came)
    walk_in = garage.make_order(store)
    garage.make_order(other_store)
    visit(make_vehicle(store))  # imported: nobody knows how it came
    actions.mark_no_show(missed, now=NOW + 5 * timedelta(hours=1))
    actions.cancel(gone, reason="customer")

    def pks(rows):
        return set(rows.values_list("pk", flat=True))

    assert pks(service.orders_opened(store, FIRST, LAST)) == {order.pk, walk_in.pk}
    assert pks(service.opened_from_appointment(store, FIRST, LAST)) == {order.pk}
    assert pks(service.promised_visits(store, FIRST, LAST, NOW)) == {came.pk, missed.pk}
    later = service.promised_visits(store, FIRST, LAST, NOW + DAY)
    assert pks(later) == {came.pk, missed.pk, today.pk}
    assert pks(service.shown_up(store, FIRST, LAST, NOW)) == {came.pk}
    assert Appointment.objects.get(pk=today.pk).status == AppointmentStatus.PENDING
