"""The home page: what waits for each role, with exact numbers and few queries."""

from datetime import timedelta

import pytest
import time_machine

from apps.accounts.choices import DepartmentKind, Role
from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.care.choices import CallKind, Result
from apps.care.models import Attempt
from apps.customers.choices import CorrectionStatus
from apps.customers.models import NumberCorrection
from tests.factories import NOW, TODAY, make_call, make_customer, make_user

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


def numbers(tiles):
    return {tile.icon: tile.number for tile in tiles}


def ask_for_correction(store, by, department, **fields):
    customer = make_customer(store)
    return NumberCorrection.objects.create(
        store=store,
        customer=customer,
        number=customer.numbers.get(),
        department=department,
        asked_by=by,
        asked_at=NOW,
        **fields,
    )


def test_a_specialist_sees_what_is_due_overdue_and_promised(
    client, store, other_store, specialist, other_specialist
):
    make_call(store, owner=specialist, due_on=TODAY)
    make_call(store, owner=specialist, due_on=TODAY - DAY)
    make_call(store, owner=specialist, due_on=TODAY - DAY)
    later = make_call(store, owner=specialist, due_on=TODAY + DAY)
    make_call(store, owner=other_specialist, due_on=TODAY)
    make_call(other_store, due_on=TODAY)
    later.callback_at = NOW + timedelta(hours=1)
    later.save()
    ask_for_correction(
        store,
        specialist,
        DepartmentKind.SALES,
        status=CorrectionStatus.DONE,
        done_by=specialist,
        done_at=NOW,
    )
    client.force_login(specialist)

    mine = client.get("/").context["mine"]

    assert numbers(mine.tiles) == {
        "calendar-due": 1,
        "clock-exclamation": 2,
        "phone": 4,
        "phone-check": 1,
    }
    assert mine.promised == [later]


def test_a_specialist_sees_what_he_did_today(client, store, specialist, other_specialist):
    call = make_call(store, owner=specialist)
    for result, by in [
        (Result.BOOKED, specialist),
        (Result.NO_ANSWER, specialist),
        (Result.BOOKED, other_specialist),
    ]:
        Attempt.objects.create(store=store, call=call, at=NOW, counted=False, result=result, by=by)
    Attempt.objects.create(
        store=store, call=call, at=NOW - DAY, counted=False, result=Result.BOOKED, by=specialist
    )
    client.force_login(specialist)

    done = client.get("/").context["mine"].done

    assert done == {"dialled": 2, "reached": 1, "booked": 1, "not_reached": 1, "bad_number": 0}


def test_the_birthdays_left_count_down_to_two_hours_after_opening(client, store, specialist):
    make_call(store, kind=CallKind.BIRTHDAY, customer=make_customer(store), cycle="2026")
    client.force_login(specialist)

    mine = client.get("/").context["mine"]  # 10:00; the doors opened at 08:30

    assert (mine.birthdays, mine.birthday_minutes) == (1, 30)


def test_a_manager_sees_each_specialist(client, store, manager, specialist, other_specialist):
    make_call(store, owner=specialist, due_on=TODAY)
    make_call(store, owner=specialist, due_on=TODAY - DAY, made_up=True)
    client.force_login(manager)

    team = client.get("/").context["team"]

    assert numbers(team.tiles) == {
        "calendar-due": 1,
        "clock-exclamation": 1,
        "phone-x": 0,
        "history": 1,
        "user-off": 0,
        "message-question": 0,
        "speakerphone": "0/3",
    }
    assert [(line.person, line.left) for line in team.board] == [
        (specialist, 2),
        (other_specialist, 0),
    ]


def test_the_number_of_made_up_calls_leads_to_them(client, store, manager, specialist):
    make_call(store, owner=specialist)
    made_up = make_call(store, owner=specialist, made_up=True)
    client.force_login(manager)

    tiles = client.get("/").context["team"].tiles
    url = next(tile.url for tile in tiles if tile.icon == "history")

    assert client.get(url).context["calls"] == [made_up]


def test_who_reads_several_stores_sees_a_line_for_each(client, store, other_store):
    person = make_user("group", store, Role.GROUP_MANAGER)
    person.reads.add(other_store)
    make_call(store, due_on=TODAY - DAY)
    make_call(other_store)
    make_call(other_store)
    client.force_login(person)

    lines = client.get("/").context["stores"]

    assert [(line.store, line.open, line.overdue) for line in lines] == [
        (store, 1, 1),
        (other_store, 2, 0),
    ]


@pytest.mark.parametrize(("role", "asked"), [(Role.SALES_CONSULTANT, 1), (Role.SERVICE_ADVISOR, 2)])
def test_a_department_sees_the_numbers_it_is_asked_for(client, store, specialist, role, asked):
    ask_for_correction(store, specialist, DepartmentKind.SALES)
    ask_for_correction(store, specialist, DepartmentKind.SERVICE)
    ask_for_correction(store, specialist, DepartmentKind.SERVICE)
    client.force_login(make_user("somebody", store, role))

    archive = client.get("/").context["archive"]

    assert numbers(archive.tiles)["phone-check"] == asked
    assert len(archive.corrections) == asked


@pytest.mark.parametrize(
    ("role", "queries"),
    [
        (Role.CARE_SPECIALIST, 20),
        (Role.CARE_MANAGER, 25),
        (Role.SERVICE_ADVISOR, 12),
        (Role.GENERAL_MANAGER, 28),
        (Role.WORKSHOP, 7),
    ],
)
@pytest.mark.parametrize("calls", [1, 3])
def test_the_page_costs_the_same_however_much_waits(
    client, store, specialist, role, queries, calls, django_assert_num_queries
):
    person = make_user("somebody", store, role)
    for _n in range(calls):
        make_call(store, owner=specialist)
        ask_for_correction(store, specialist, DepartmentKind.SERVICE)
    client.force_login(person)
    client.get("/")

    with django_assert_num_queries(queries):
        client.get("/")


def test_the_door_finds_again_whom_it_looked_at_last(client, store, other_store, other_specialist):
    person = make_user("door", store, Role.RECEPTIONIST)
    first, second, unseen, gone = (make_customer(at) for at in (store, store, store, other_store))
    note_access([first, second, gone], by=person, kind=AccessKind.VIEW, now=NOW)
    note_access([first], by=person, kind=AccessKind.VIEW, now=NOW + timedelta(minutes=1))
    note_access([unseen], by=other_specialist, kind=AccessKind.VIEW, now=NOW)
    client.force_login(person)

    assert client.get("/").context["seen"] == [first, second]
