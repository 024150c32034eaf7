"""Hours, slots, days and departments of a store: never the past (ORG-01, ORG-03…05)."""

from datetime import date, time

import pytest

from apps.accounts.actions.people import set_duty
from apps.accounts.actions.store import (
    change_store,
    correct_day,
    name_manager,
    set_slots,
    undo_correction,
    withdraw_slots,
)
from apps.accounts.calendar import Calendar
from apps.accounts.choices import DayKind, Role, Slot
from apps.accounts.models import CalendarDay, CallSlots, DutyDay
from apps.accounts.queries import calendar_of, on_duty, roster_week, slots_of
from apps.core.errors import Refused
from tests.factories import TODAY, make_user

TOMORROW = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 22)
SATURDAY = date(2026, 11, 28)
EARLIER = {
    "morning_from": time(8, 30),
    "morning_until": time(11),
    "afternoon_from": time(13),
    "afternoon_until": time(15),
    "late_from": time(15),
    "late_until": time(17),
}


def test_new_slots_hold_from_their_day_and_the_old_ones_before(store):
    set_slots(store, TOMORROW, EARLIER, on=TODAY)

    assert slots_of(store, TODAY).at(time(8, 45)) is None
    assert slots_of(store, TOMORROW).at(time(8, 45)) == Slot.MORNING


@pytest.mark.parametrize("day", [YESTERDAY, TODAY])
def test_slots_of_a_day_that_has_begun_stay(store, day):
    with pytest.raises(Refused):
        set_slots(store, day, EARLIER, on=TODAY)
    assert CallSlots.objects.filter(store=store).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"morning_until": time(8)},
        {"afternoon_from": time(10)},
        {"late_until": time(15)},
    ],
)
def test_slots_that_overlap_are_refused(store, wrong):
    with pytest.raises(Refused):
        set_slots(store, TOMORROW, {**EARLIER, **wrong}, on=TODAY)
    assert CallSlots.objects.filter(store=store).count() == 1


def test_slots_are_taken_back_only_before_they_hold(store):
    later = set_slots(store, TOMORROW, EARLIER, on=TODAY)
    held = CallSlots.objects.in_force(store, TODAY)

    with pytest.raises(Refused):
        withdraw_slots(held, on=TODAY)
    withdraw_slots(later, on=TODAY)

    assert list(CallSlots.objects.filter(store=store)) == [held]


def test_a_day_is_corrected_and_the_correction_undone(store):
    row = correct_day(store, TODAY, DayKind.CLOSED, "台风", on=TODAY)
    assert calendar_of(store).kind(TODAY) == DayKind.CLOSED

    undo_correction(row, on=TODAY)
    assert calendar_of(store).kind(TODAY) == DayKind.WORKING


def test_the_newer_correction_of_a_day_holds(store):
    correct_day(store, TODAY, DayKind.CLOSED, "", on=TODAY)
    correct_day(store, TODAY, DayKind.WEEKEND_DUTY, "轮班", on=TODAY)

    assert list(CalendarDay.objects.values_list("kind", "note")) == [("weekend_duty", "轮班")]


def test_a_past_day_stays_as_it_was(store):
    row = correct_day(store, TODAY, DayKind.CLOSED, "", on=TODAY)

    with pytest.raises(Refused):
        correct_day(store, YESTERDAY, DayKind.WORKING, "", on=TODAY)
    with pytest.raises(Refused):
        undo_correction(row, on=TOMORROW)
    assert list(CalendarDay.objects.values_list("on", "kind")) == [(TODAY, "closed")]


def test_a_store_opens_before_it_closes(store):
    with pytest.raises(Refused):
        change_store(store, opens_at=time(18))

    store.refresh_from_db()
    assert store.opens_at == time(8, 30)


def test_a_department_is_led_by_somebody_of_the_store(store, manager, stranger):
    department = store.departments.get(kind="care")
    name_manager(department, manager)

    with pytest.raises(Refused):
        name_manager(department, stranger)
    department.refresh_from_db()
    assert department.manager == manager


def test_the_roster_goes_before_the_calendar(store, specialist, other_specialist):
    set_duty(specialist, TODAY, False, on=TODAY)
    set_duty(specialist, SATURDAY, True, on=TODAY)

    def crew(day):
        return on_duty(store, day, Role.CARE_SPECIALIST, Calendar())

    assert crew(TODAY) == [other_specialist]
    assert crew(SATURDAY) == [specialist]


def test_a_past_day_cannot_be_rostered(store, specialist):
    with pytest.raises(Refused):
        set_duty(specialist, YESTERDAY, False, on=TODAY)
    assert not DutyDay.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_a_week_of_the_roster_costs_two_queries(store, django_assert_num_queries, people):
    crew = [make_user(f"p{n}", store, Role.WORKSHOP) for n in range(people)]
    set_duty(crew[0], SATURDAY, True, on=TODAY)

    with django_assert_num_queries(2):
        rows = roster_week(crew, store, TODAY, TODAY)

    days = [(day.on_duty, day.by_hand) for day in rows[0][1]]
    assert days == [(True, False)] * 5 + [(True, True), (False, False)]
