"""Appointments: booked, moved, confirmed, ended (SVC-01…06, SVC-14)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.accounts.models import DutyDay
from apps.audit.meanwhile import ChangedMeanwhile
from apps.core.errors import Refused
from apps.service import policy
from apps.service.actions import accept, arrive, book, cancel, change, confirm, mark_no_show, move
from apps.service.actions.booking import NotFree, Wish
from apps.service.choices import AppointmentSource, AppointmentStatus, CancelReason, Skill
from apps.service.models import Appointment, Bay, BayClosure, Capacity, PartSupply, ServiceDay
from apps.service.queries.days import free_times
from tests.factories import NOW, TODAY, make_vehicle
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
SATURDAY = date(2026, 11, 28)


def booked(row):
    row.refresh_from_db()
    return row.starts_at, row.ends_at, row.bay_id, row.technician_id, row.status, row.version


def refused(function, *args, kind=Refused, **kwargs):
    """The text of the refusal; and nothing was changed."""
    before = list(Appointment.objects.order_by("pk").values())
    with override("en"), pytest.raises(kind) as refusal:
        function(*args, **kwargs)
    assert list(Appointment.objects.order_by("pk").values()) == before
    return str(refusal.value)


def test_a_booking_takes_time_bay_technician_and_parts_of_its_operations(store, specialist):
    oil, wheels = make_operation(store, minutes=45), make_operation(store, "WHEEL", minutes=32)
    filter_ = make_part(store)
    needs(oil, filter_, 2)
    car, bay, person = make_vehicle(store), make_bay(store), make_technician(store)

    row = book(
        car,
        Wish(operations=[oil, wheels], said={"km": 19800, "symptoms": "异响"}),
        starts_at=at("14:00"),
        source=AppointmentSource.CARE,
        now=NOW,
        by=specialist,
    )

    assert booked(row) == (at("14:00"), at("15:20"), bay.pk, person.pk, "pending", 1)
    assert (row.customer, row.on, row.kind, row.skill) == (
        *(car.owner, TODAY),
        *("maintenance", Skill.QUICK),
    )
    assert (row.km, row.symptoms, row.by) == (19800, "异响", specialist)
    lines = list(row.work.values_list("name", "minutes", "price_amount"))
    assert lines == [("机油保养", 45, Decimal(120)), ("机油保养", 32, Decimal(120))]
    assert list(row.parts.values_list("part", "quantity", "price_amount")) == [
        (filter_.pk, 2, Decimal(48))
    ]


def test_a_price_that_changes_later_does_not_change_the_estimate(store):
    oil = make_operation(store)
    row = make_appointment(store, operations=[oil])
    oil.price_amount = Decimal(999)
    oil.save()

    assert row.work.get().price_amount == Decimal(120)


def test_the_second_car_gets_the_other_bay_and_the_third_is_refused(store):
    make_bay(store, "1"), make_bay(store, "2")
    make_technician(store, "a"), make_technician(store, "b")
    first, second = make_appointment(store), make_appointment(store)

    assert {first.bay_id, second.bay_id} == set(store_bays(store))
    assert first.technician_id != second.technician_id
    text = refused(make_appointment, store, kind=NotFree)
    assert "not free" in text


def store_bays(store):
    return Bay.objects.filter(store=store).values_list("pk", flat=True)


@pytest.mark.parametrize(
    ("clock", "on", "words"),
    [
        ("09:55", TODAY, "past"),
        ("14:02", TODAY, "steps of 5"),
        ("08:00", TODAY + DAY, "opening hours"),
        ("17:00", TODAY, "opening hours"),  # would end at 18:00
        ("14:00", TODAY + 101 * DAY, "too far"),
        ("10:00", date(2027, 1, 1), "closed"),
        ("10:00", SATURDAY, "not free"),  # open on duty, but nobody is on the roster
    ],
)
def test_a_time_that_cannot_be_is_refused(store, clock, on, words):
    make_bay(store), make_technician(store)
    assert words in refused(make_appointment, store, clock, on, kind=NotFree)


def test_who_is_on_the_roster_can_be_booked_at_the_weekend_and_who_is_off_cannot(store):
    make_bay(store)
    person = make_technician(store)
    DutyDay.objects.create(store=store, user=person.user, on=SATURDAY, on_duty=True)
    DutyDay.objects.create(store=store, user=person.user, on=TODAY + DAY, on_duty=False)

    assert make_appointment(store, "10:00", SATURDAY).technician == person
    refused(make_appointment, store, "10:00", TODAY + DAY, kind=NotFree)


def test_a_day_that_is_otherwise_than_usual(store):
    make_bay(store), make_technician(store)
    ServiceDay.objects.create(store=store, on=TODAY + DAY, closes_at=at("12:00").time())
    ServiceDay.objects.create(store=store, on=TODAY + 2 * DAY, closed=True)
    ServiceDay.objects.create(store=store, on=TODAY + 3 * DAY, labour_hours=1)

    make_appointment(store, "11:00", TODAY + DAY)
    assert "opening" in refused(make_appointment, store, "11:30", TODAY + DAY)
    assert "closed" in refused(make_appointment, store, "11:00", TODAY + 2 * DAY)
    make_appointment(store, "11:00", TODAY + 3 * DAY)
    assert "not free" in refused(make_appointment, store, "14:00", TODAY + 3 * DAY)


def test_a_closed_bay_is_not_booked(store):
    bay, other = make_bay(store, "1"), make_bay(store, "2")
    make_technician(store)
    BayClosure.objects.create(store=store, bay=bay, on=TODAY, reason="举升机维修")

    assert make_appointment(store).bay == other


def test_a_car_without_an_owner_and_a_car_that_is_awaited_that_day_are_refused(store):
    make_bay(store, "1"), make_bay(store, "2")
    make_technician(store, "a"), make_technician(store, "b")
    first = make_appointment(store)

    ownerless = make_vehicle(store, owner=False)
    assert "no owner" in refused(make_appointment, store, "16:00", vehicle=ownerless)
    twice = refused(make_appointment, store, "16:00", vehicle=first.vehicle)
    assert "awaited that day at 14:00" in twice


def test_parts_that_are_not_there_are_refused_until_the_day_on_which_they_come(store, manager):
    oil, filter_ = make_operation(store), make_part(store, stock=1)
    needs(oil, filter_)
    make_bay(store), make_technician(store)
    make_appointment(store, operations=[oil])

    assert "Order them" in refused(make_appointment, store, "16:00", operations=[oil])
    PartSupply.objects.create(
        store=store, part=filter_, kind="order", quantity=1, expected_on=TODAY + DAY, by=manager
    )
    late = refused(make_appointment, store, "16:00", operations=[oil], kind=NotFree)
    assert "2026-11-24" in late and "机油滤清器 19347180" in late
    make_appointment(store, "16:00", TODAY + DAY, operations=[oil])
    refused(make_appointment, store, "10:00", TODAY + 2 * DAY, operations=[oil])


def test_a_cancelled_appointment_gives_back_time_and_parts(store):
    oil, filter_ = make_operation(store), make_part(store, stock=1)
    needs(oil, filter_)
    row = make_appointment(store, operations=[oil])
    refused(make_appointment, store, operations=[oil])

    cancel(row, reason=CancelReason.CUSTOMER)

    assert booked(row)[4:] == (AppointmentStatus.CANCELLED, 2)
    again = make_appointment(store, operations=[oil])
    assert (again.bay_id, again.technician_id) == (row.bay_id, row.technician_id)
    assert "Choose why" in refused(cancel, again, reason="")


def test_a_move_finds_the_new_time_before_it_gives_up_the_old_one(store):
    row, other = make_appointment(store), make_appointment(store, "10:30")

    text = refused(move, row, starts_at=at("10:00"), version=1, now=NOW, kind=NotFree)
    assert "not free" in text
    move(row, starts_at=at("14:30"), version=1, now=NOW)  # over its own old time
    assert booked(row)[:2] == (at("14:30"), at("15:30"))
    move(row, starts_at=at("09:00", TODAY + DAY), minutes=90, version=2, now=NOW)
    assert booked(row)[:2] == (at("09:00", TODAY + DAY), at("10:30", TODAY + DAY))
    assert row.on == TODAY + DAY and row.version == 3
    assert booked(other)[5] == 1


def test_a_move_to_another_bay_is_refused_where_it_is_taken(store):
    make_bay(store, "1"), make_bay(store, "2")
    make_technician(store, "a"), make_technician(store, "b")
    row, other = make_appointment(store), make_appointment(store)

    same_time = {"starts_at": at("14:00"), "version": 1, "now": NOW}
    refused(move, row, bay=other.bay_id, kind=NotFree, **same_time)
    cancel(other, reason=CancelReason.MISTAKE)
    assert move(row, bay=other.bay_id, **same_time).bay_id == other.bay_id


def test_of_two_tabs_the_second_is_told_and_nothing_is_overwritten(store):
    row = make_appointment(store)
    change(row, {"symptoms": "异响", "km": 5000}, version=1)

    for act in (
        lambda: change(row, {"symptoms": "空调"}, version=1),
        lambda: move(row, starts_at=at("16:00"), version=1, now=NOW),
        lambda: confirm(row, version=1),
        lambda: cancel(row, reason=CancelReason.CUSTOMER, version=1),
    ):
        told = refused(act, kind=ChangedMeanwhile)
        assert "mileage told — → 5000; symptoms or work wanted — → 异响 (the system)" in told
    row.refresh_from_db()
    assert (row.symptoms, row.km, row.version) == ("异响", 5000, 2)


def test_what_is_over_stays_as_it_is(store):
    row = make_appointment(store)
    cancel(row, reason=CancelReason.STORE)

    refused(confirm, row)
    refused(cancel, row, reason=CancelReason.CUSTOMER)
    refused(move, row, starts_at=at("16:00"), version=2, now=NOW)
    refused(change, row, {"remark": "x"}, version=2)
    refused(arrive, row, now=NOW)


def test_to_confirm_twice_confirms_once(store):
    row = make_appointment(store)
    assert confirm(row).version == 2
    assert confirm(row).version == 2


def test_a_car_arrives_on_its_day_and_a_no_show_is_said_after_the_time(store):
    row, late = make_appointment(store), make_appointment(store, "16:00")
    tomorrow = make_appointment(store, on=TODAY + DAY)

    assert arrive(row, now=NOW).status == AppointmentStatus.ARRIVED
    assert "another day" in refused(arrive, tomorrow, now=NOW)
    assert "not come yet" in refused(mark_no_show, late, now=NOW)
    assert mark_no_show(late, now=at("17:00")).status == AppointmentStatus.NO_SHOW
    assert arrive(late, now=at("17:10")).status == AppointmentStatus.ARRIVED


def test_what_a_care_call_booked_is_taken_over_once(store, manager, specialist):
    row = make_appointment(store, source=AppointmentSource.CARE)
    other = make_appointment(store, "16:00")

    accept(row, by=manager, now=NOW)
    accept(row, by=specialist, now=NOW + DAY)

    row.refresh_from_db()
    assert (row.accepted_by, row.accepted_at, row.version) == (manager, NOW, 2)
    refused(accept, other, by=manager, now=NOW)


def test_free_times_are_offered_nearest_first_over_the_next_days(store):
    make_bay(store), make_technician(store)
    make_appointment(store, "16:30")
    Capacity.objects.create(store=store, effective_from=TODAY, slot_minutes=180, book_ahead_days=3)

    found = free_times(store, policy.Job(60, Skill.QUICK), NOW)

    assert [(slot.on, slot.start) for slot in found] == [
        (TODAY, 690),  # 11:30; 14:30 is free too
        (TODAY, 870),
        *((TODAY + DAY * n, start) for n in (1, 2, 3) for start in (510, 690, 870)),
    ]


def test_free_times_take_the_same_queries_for_one_day_and_for_fourteen(
    store, other_store, django_assert_num_queries
):
    make_bay(store), make_technician(store)
    make_bay(other_store, "X"), make_technician(other_store)
    for days in (1, 14):
        with django_assert_num_queries(1):
            found = free_times(store, policy.Job(60, Skill.QUICK), NOW, days=days)
        assert {slot.bay for slot in found} == set(store_bays(store))
