"""The board: what it shows at what cost, and what becomes of a drag (SVC-03)."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.service.actions import arrive, cancel, move
from apps.service.models import Appointment, Bay, BayClosure, ServiceDay, Technician
from apps.service.queries import board as boards
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
def staff(client, store):
    client.force_login(make_user("supervisor", store, Role.SERVICE_SUPERVISOR))
    return client


@pytest.fixture
def shop(store):
    """Two bays, two technicians."""
    for name in ("1", "2"):
        make_bay(store, name, place=int(name)), make_technician(store, name)
    return store


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def drag(client, row, starts_at="2026-11-23T14:00", minutes=60, version=1, **asked):
    facts = {"starts_at": starts_at, "minutes": minutes, "version": version} | asked
    return client.post(url("board-move", row.pk), facts)


def feed(client, **asked):
    return client.get(url("board-feed"), asked).json()


def test_the_feed_tells_customer_time_model_work_advisor_and_technician(staff, store, other_store):
    make_bay(store, "快修1"), make_technician(store, "wang")
    owner = make_customer(store, "张三丰", "13912342345")
    car = make_vehicle(store, owner, plate="沪A12345", model="君越")
    make_appointment(store, vehicle=car, operations=[make_operation(store)])
    make_appointment(store, on=TODAY + DAY)
    make_appointment(other_store)

    told = feed(staff)

    row = Appointment.objects.get(store=store, on=TODAY)
    assert told["events"] == [
        {
            "id": row.pk,
            "version": 1,
            "start": "2026-11-23T14:00",
            "end": "2026-11-23T15:00",
            "who": [f"b{row.bay_id}", f"t{row.technician_id}"],
            "status": "pending",
            "state": "待确认",
            "holding": True,
            "customer": "张三丰",
            "car": "沪A12345",
            "model": "君越",
            "work": "机油保养",
            "symptoms": "",
            "advisor": "",
            "bay": "快修1",
            "technician": "wang_S1",
        }
    ]
    assert told["bays"] == [{"id": f"b{row.bay_id}", "title": "快修1"}]
    assert told["technicians"] == [{"id": f"t{row.technician_id}", "title": "wang_S1"}]
    assert (told["from"], told["until"]) == ("08:00", "18:00")
    assert "13912342345" not in str(told)


def test_cancelled_ones_leave_the_board_and_a_week_shows_all_its_days(staff, shop):
    kept, gone = make_appointment(shop, on=TODAY + 4 * DAY), make_appointment(shop)
    cancel(gone, reason="customer")

    week = feed(staff, span="week", day="2026-11-25")

    assert [one["id"] for one in week["events"]] == [kept.pk]
    assert feed(staff, day="never") == feed(staff)


def test_closures_closed_days_and_hours_nobody_works_are_told(staff, shop):
    bay, _other = Bay.objects.all()
    technician, off = Technician.objects.all()
    BayClosure.objects.create(store=shop, bay=bay, on=TODAY, reason="举升机检修")
    ServiceDay.objects.create(store=shop, on=TODAY, closes_at=time(16, 0))
    technician.works_until = time(15, 0)
    technician.save()
    off.user.duty_days.create(store=shop, on=TODAY, on_duty=False)

    told = feed(staff)

    assert (told["closed"], told["from"], told["until"]) == (False, "08:00", "16:00")
    shut = told["shut"]
    assert [(one["who"], one["start"][11:], one["end"][11:], one["why"]) for one in shut] == [
        ("", "08:00", "08:30", ""),
        (f"b{bay.pk}", "08:30", "16:00", "举升机检修"),
        (f"t{technician.pk}", "15:00", "16:00", ""),
        (f"t{off.pk}", "08:30", "16:00", "不当班"),
    ]
    ServiceDay.objects.filter(on=TODAY).update(closed=True, closes_at=None, reason="盘点")
    told = feed(staff)
    assert told["closed"]
    assert [(one["who"], one["why"]) for one in told["shut"]] == [("", "盘点")]
    assertContains(staff.get(url("board")), "车间今日休息")


def test_a_bay_that_is_no_longer_used_keeps_its_line_as_long_as_something_stands_in_it(
    staff, store
):
    row = make_appointment(store)
    row.bay.active = False
    row.bay.save()

    assert feed(staff)["bays"] == [{"id": f"b{row.bay_id}", "title": row.bay.name}]
    assert feed(staff, day="2026-11-24")["bays"] == []


@pytest.mark.parametrize("rows", [1, 200])
def test_a_day_of_200_costs_three_queries_beyond_the_shell(staff, store, rows):
    make_appointment(store, operations=[make_operation(store)])
    shape = Appointment.objects.get()
    many(shape, rows - 1)

    def queries(address):
        staff.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(address).status_code == 200
        return len(caught)

    shell = queries(url("appointment-find"))  # a page that asks nothing of its own
    assert len(feed(staff)["events"]) == rows
    assert queries(url("board")) - shell == 3
    assert queries(url("board-feed")) <= 2 + 3  # the session and its person, and three


def many(shape, count):
    """As many appointments of the same day, each in a bay and by a technician of its own."""
    bays = [make_bay(shape.store, f"b{n}") for n in range(count)]
    people = [make_technician(shape.store, f"t{n}") for n in range(count)]
    for bay, technician in zip(bays, people, strict=True):
        shape.pk, shape.bay, shape.technician = None, bay, technician
        shape._state.adding = True
        shape.save()


def test_a_drag_to_a_free_bay_is_done_and_says_what_became_of_it(staff, shop):
    row = make_appointment(shop)
    bay = Bay.objects.exclude(pk=row.bay_id).get()

    answer = drag(staff, row, "2026-11-23T15:30", bay=bay.pk)

    assert answer.status_code == 200
    assert answer.json() == {
        "version": 2,
        "said": f"{row.vehicle}：11-23 15:30，{bay.name}，{row.technician}。",
    }
    row.refresh_from_db()
    assert (row.starts_at, row.bay, row.version) == (at("15:30"), bay, 2)


def test_a_drag_to_a_taken_bay_is_refused_with_the_nearest_free_times_and_changes_nothing(
    staff, shop
):
    there, row = make_appointment(shop), make_appointment(shop, "16:00")

    answer = drag(staff, row, "2026-11-23T14:00", bay=there.bay_id)

    assert answer.status_code == 409
    assert answer.json() == {
        "refusal": "该时段已满，请从最近的空闲时段中选择。",
        "times": [
            {"at": f"2026-11-23T{clock}", "text": f"11-23 {clock}"}
            for clock in ("13:00", "13:30", "14:00", "14:30")
        ],
    }
    row.refresh_from_db()
    assert (row.starts_at, row.version) == (at("16:00"), 1)


def test_who_is_not_free_gives_way_when_the_other_side_was_dragged(staff, shop):
    """Dragged by bay to a time at which its technician is busy: another one takes it."""
    there = make_appointment(shop, "14:00")
    row = make_appointment(shop, "16:00", technician=there.technician_id)
    bay = Bay.objects.exclude(pk=there.bay_id).get()

    assert drag(staff, row, "2026-11-23T14:00", bay=bay.pk).status_code == 200

    row.refresh_from_db()
    assert (row.bay, row.starts_at) == (bay, at("14:00"))
    assert row.technician != there.technician


def test_a_drag_by_technician_keeps_the_bay(staff, shop):
    row = make_appointment(shop)
    technician = Technician.objects.exclude(pk=row.technician_id).get()

    assert drag(staff, row, minutes=90, technician=technician.pk).status_code == 200

    moved = Appointment.objects.get()
    assert (moved.bay, moved.technician) == (row.bay, technician)
    assert moved.ends_at == at("15:30")


def test_the_second_of_two_who_drag_is_told_and_overwrites_nothing(staff, shop):
    row = make_appointment(shop)
    move(row, starts_at=at("15:00"), version=1, now=NOW)

    answer = drag(staff, row, "2026-11-23T16:00")

    assert answer.status_code == 409
    told = answer.json()
    assert told["times"] == []
    assert told["refusal"].startswith(
        "刚被他人修改：起 2026年11月23日 14:00 → 2026年11月23日 15:00"
    )
    assert Appointment.objects.get().starts_at == at("15:00")


@pytest.mark.parametrize("asked", [{"starts_at": "x"}, {"minutes": 7}, {"bay": 999999}])
def test_a_drag_that_cannot_be_understood_changes_nothing(staff, shop, asked):
    row = make_appointment(shop)

    answer = drag(staff, row, **asked)

    assert answer.status_code == 422
    assert answer.json()["refusal"]
    assert Appointment.objects.get().version == 1


def test_past_times_closed_days_and_parts_that_are_not_there_are_refused(staff, shop):
    oil, part = make_operation(shop), make_part(shop, stock=1)
    needs(oil, part)
    row = make_appointment(shop, operations=[oil])

    for when in ("2026-11-23T09:00", "2026-11-23T17:00", "2026-11-23T08:00"):
        assert drag(staff, row, when).status_code == 409
    ServiceDay.objects.create(store=shop, on=TODAY + DAY, closed=True)
    assert drag(staff, row, "2026-11-24T10:00").status_code == 409
    assert Appointment.objects.get().version == 1


def test_an_appointment_of_another_store_is_not_there(staff, other_store):
    assert drag(staff, make_appointment(other_store)).status_code == 404


def test_who_only_looks_cannot_drag(client, store):
    client.force_login(make_user("technician", store, Role.WORKSHOP))
    row = make_appointment(store)

    assertContains(client.get(url("board")), 'data-own=""')
    assert drag(client, row).status_code == 403


def test_a_group_manager_looks_at_the_board_of_a_store_he_reads(client, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)
    row = make_appointment(other_store)

    assert [one["id"] for one in feed(client, store=other_store.pk)["events"]] == [row.pk]
    assert feed(client)["events"] == []
    assertContains(client.get(url("board"), {"store": other_store.pk}), 'data-own=""')


@pytest.mark.parametrize(
    ("name", "gender", "told"),
    [
        ("王小明", "male", "王先生"),
        ("欧阳娜娜", "female", "欧阳女士"),
        ("李娜", "unknown", "李先生/女士"),
        ("John Smith", "male", "Smith先生"),
    ],
)
def test_the_screen_shows_plate_and_surname(staff, store, name, gender, told):
    owner = make_customer(store, name, gender=gender)
    make_appointment(store, vehicle=make_vehicle(store, owner, plate="沪A12345"))

    page = staff.get(url("wall"))

    assertContains(page, told)
    assertContains(page, "沪A·12345")
    assertContains(page, "14:00")
    assertNotContains(page, name)


def test_the_screen_shows_nothing_else_of_anybody(staff, store, other_store):
    """No phone, no full name, no VIN, nothing that was said: whoever waits there reads along."""
    song = "金丝雀"
    people = [
        make_customer(store, f"{song}{n}", f"1387654098{n}", address=song, contact_name=song)
        for n in range(2)
    ]
    company = make_customer(store, "上海某某贸易有限公司", kind="company")
    make_bay(store, "1"), make_bay(store, "2"), make_bay(store, "3")
    for n in range(3):
        make_technician(store, f"t{n}")
    for n, owner in enumerate([*people, company]):
        names = {"vin": f"LCANARY765432109{n}", "model": song, "plate": f"沪B0000{n}"}
        row = make_appointment(store, vehicle=make_vehicle(store, owner, **names))
        Appointment.objects.filter(pk=row.pk).update(symptoms=song, remark=song)
    make_appointment(other_store)

    for headers in ({}, {"HX-Request": "true"}):
        page = staff.get(url("wall"), headers=headers)
        assert len(page.context["rows"]) == 3
        for word in (song, "13876540", "138****", "LCANARY", "某某", "t0_S1"):
            assertNotContains(page, word)
        assertContains(page, "金先生/女士", count=2)


def test_what_is_over_leaves_the_screen_and_who_is_late_stays(staff, shop):
    late, here, gone = (make_appointment(shop, clock) for clock in ("10:30", "10:30", "14:00"))
    cancel(gone, reason="customer")
    arrive(here, now=NOW)

    assert [one.status for one in boards.on_wall(shop, at("11:00"))[0]] == ["pending", "arrived"]
    with time_machine.travel(at("12:00"), tick=False):
        page = staff.get(url("wall"))
    assert [one.status for one in page.context["rows"]] == ["pending"]
    assert late.status == "pending"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_screen_costs_the_same_for_one_and_for_three(
    staff, store, rows, django_assert_num_queries
):
    for n in range(rows):
        make_appointment(store, f"{13 + n}:00")

    staff.get(url("wall"))
    with django_assert_num_queries(4):
        page = staff.get(url("wall"))

    assert len(page.context["rows"]) == rows
