"""The specialist's day: what is left first, what is done, whose it is (SSI-06)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.care.choices import CallStatus, Result
from apps.care.models import Attempt
from apps.checklists.choices import ChecklistKind
from apps.complaints.actions import open_response, send_back
from apps.complaints.choices import Origin
from apps.customers.actions import record_reading
from apps.customers.choices import ReadingSource
from apps.service.actions import accept
from apps.service.choices import AppointmentSource
from apps.service.models import Appointment
from apps.ssi.policy.day import DAY, Count, is_late, is_now, what_is_left_first
from apps.ssi.queries import day
from tests.delivery.dsm import make_record
from tests.factories import NOW, TODAY, make_call, make_customer, make_user
from tests.service.workshop import make_appointment
from tests.ssi.asked import a_survey_call
from tests.ssi.test_rooms import gone_through

YESTERDAY = timedelta(days=1)
NINE, TEN, THREE = (NOW.replace(hour=hour).time() for hour in (9, 10, 15))


def test_what_has_its_hours_behind_it_is_late_while_something_is_left():
    assert is_late("first_check", Count(left=1), TEN)
    assert not is_late("first_check", Count(left=1), NINE)
    assert not is_late("first_check", Count(done=1), TEN)
    assert not is_late("reminders", Count(left=9), THREE)
    assert (is_now("second_check", TEN), is_now("second_check", NOW.replace(hour=13).time())) == (
        *(False, True),
    )
    assert str(DAY["second_check"]) == "13:00–14:00"


def test_what_is_late_comes_first_then_what_is_left_then_what_is_done():
    counts = dict.fromkeys(DAY, Count())
    counts |= {"bookings": Count(left=1), "dsm": Count(left=2), "surveys": Count(left=3)}

    assert what_is_left_first(DAY, counts, THREE)[:4] == [
        "dsm",
        "surveys",
        "bookings",
        "first_check",
    ]
    assert what_is_left_first(DAY, counts, TEN)[:3] == ["dsm", "surveys", "bookings"]


@pytest.fixture
def at_work(client, specialist):
    client.force_login(specialist)
    with time_machine.travel(NOW, tick=False):
        yield client


def ended(call, by, at=NOW, result=Result.WILL_COME, status=CallStatus.REACHED):
    """Dialled by somebody, and how it ended."""
    Attempt.objects.create(
        store=call.store, call=call, at=at, by=by, slot="morning", result=result, counted=True
    )
    call.status, call.ended_at = status, None if status == CallStatus.WAITING else at
    call.save()
    return call


@pytest.mark.django_db
def test_calls_are_told_apart_and_counted_as_left_or_done(
    store, other_store, specialist, other_specialist
):
    a_survey_call(store, owner=specialist)
    ended(a_survey_call(store, owner=specialist), specialist)
    make_call(store, owner=specialist)
    make_call(store, owner=specialist, due_on=TODAY - YESTERDAY)
    make_call(store, owner=specialist, due_on=TODAY + YESTERDAY)  # not due
    make_call(store, owner=specialist, paused_on=TODAY)  # waits for a number
    later = {"callback_at": NOW + timedelta(hours=3), "due_on": TODAY + 9 * YESTERDAY}
    make_call(store, owner=other_specialist, callback_for=specialist, **later)
    make_call(store, owner=specialist, callback_at=NOW + YESTERDAY)
    failed = {"result": Result.NO_ANSWER, "status": CallStatus.FAILED}
    ended(make_call(store, owner=specialist), specialist, **failed)
    ended(make_call(store, owner=specialist), specialist, at=NOW - YESTERDAY)
    tried = ended(
        make_call(store, owner=specialist),
        specialist,
        result=Result.NO_ANSWER,
        status=CallStatus.WAITING,
    )
    ended(make_call(store, owner=specialist), other_specialist)
    stranger = make_user("far", other_store, Role.CARE_SPECIALIST)
    make_call(other_store, owner=stranger)

    counts = day.of_one(store, specialist, NOW)

    assert tried.status == CallStatus.WAITING  # still to be done
    assert counts["surveys"] == Count(left=1, done=1)
    assert counts["reminders"] == Count(left=4, done=1)
    everybody = day.of_people(store, [specialist, other_specialist], NOW)
    assert everybody[other_specialist.pk]["reminders"] == Count(left=0, done=1)


@pytest.mark.django_db
def test_the_mileage_of_those_spoken_to_is_asked(at_work, store, specialist):
    silent, told, own = (ended(make_call(store), specialist) for _n in range(3))
    ended(make_call(store), specialist, result=Result.NO_ANSWER, status=CallStatus.FAILED)
    ended(a_survey_call(store), specialist)  # of a new car nobody asks it
    facts = {"on": TODAY, "source": ReadingSource.CUSTOMER}
    record_reading(told.vehicle, 5200, by=specialist, **facts)
    record_reading(own.vehicle, 9000, by=None, **facts)

    assert day.of_one(store, specialist, NOW)["mileage"] == Count(left=1, done=1)
    page = at_work.get(reverse("ssi:day"))
    assert [car.pk for car in page.context["cars"]] == [silent.vehicle_id]
    assertContains(page, reverse("desk:vehicle", args=[silent.vehicle_id]))


@pytest.mark.django_db
def test_bookings_are_left_until_the_reception_has_them(store, specialist, other_specialist):
    def booked(clock, by):
        made = make_appointment(store, clock, on=TODAY + YESTERDAY, by=by)
        Appointment.objects.filter(pk=made.pk).update(source=AppointmentSource.CARE)
        made.refresh_from_db()
        return made

    booked("09:00", specialist)
    there = booked("10:30", specialist)
    booked("13:00", other_specialist)
    accept(there, by=make_user("front", store, Role.SERVICE_SUPERVISOR), now=NOW)

    assert day.of_one(store, specialist, NOW)["bookings"] == Count(left=1, done=1)


@pytest.mark.django_db
def test_records_and_checks_are_the_houses(at_work, store, other_store, specialist, stranger):
    entered = {"status": "entered", "entered_at": NOW}
    make_record(store, **entered)
    make_record(other_store, **entered)
    checked = {"status": "checked", "checked_at": NOW, "checked_by": specialist}
    make_record(store, **entered | checked)
    before = {"checked_at": NOW - YESTERDAY}
    make_record(store, **entered | checked | before)
    gone_through(store, ChecklistKind.FIVE_S_FIRST, specialist, without=("大剪",))
    gone_through(other_store, ChecklistKind.FIVE_S_SECOND, stranger)

    counts, runs = day.of_store(store, NOW)

    assert counts == {"dsm": Count(1, 1), "first_check": Count(0, 1), "second_check": Count(1, 0)}
    assert list(runs) == ["first_check"]
    page = at_work.get(reverse("ssi:day"))
    pieces = {piece.key: piece for piece in page.context["pieces"]}
    assert pieces["first_check"].run.missing == 1
    assert page.context["pieces"][-1].count.left == 0


@pytest.mark.django_db
def test_quick_responses_that_came_back_are_to_be_mended(store, specialist):
    response = open_response(
        make_customer(store),
        origin=Origin.COMPLAINT,
        department="sales",
        text="交车等了两小时",
        by=specialist,
        now=NOW,
    )
    assert day.of_one(store, specialist, NOW)["quick"] == Count(0, 0)
    boss = make_user("boss", store, Role.SALES_MANAGER)
    send_back(response, why="写清哪一天", by=boss, now=NOW)

    assert day.of_one(store, specialist, NOW)["quick"] == Count(1, 0)


@pytest.mark.django_db
def test_a_manager_sees_each_specialist_and_opens_one(
    client, store, other_store, specialist, other_specialist, manager
):
    make_call(store, owner=other_specialist)
    stranger = make_user("far", other_store, Role.CARE_SPECIALIST)
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("ssi:day"))
        assert [one for one, _cells in page.context["team"]] == [specialist, other_specialist]
        assert [cells[1][1] for _one, cells in page.context["team"]] == [Count(0), Count(left=1)]

        assert {piece.key for piece in page.context["pieces"]} == {
            *("first_check", "dsm", "quick", "second_check")
        }

        page = client.get(reverse("ssi:day"), {"person": other_specialist.pk})
        assert (page.context["person"], page.context["team"]) == (other_specialist, [])
        pieces = {piece.key: piece.count for piece in page.context["pieces"]}
        assert pieces["reminders"] == Count(left=1)
        assertContains(page, f"{reverse('care:calls')}?specialist={other_specialist.pk}")
        assert client.get(reverse("ssi:day"), {"person": stranger.pk}).context["person"] is None


@pytest.mark.django_db
def test_a_specialist_sees_only_his_own(at_work, store, specialist, other_specialist):
    make_call(store, owner=other_specialist)
    page = at_work.get(reverse("ssi:day"), {"person": other_specialist.pk})
    assert (page.context["person"], page.context["team"]) == (None, [])
    assertNotContains(page, other_specialist.name)


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 2])
def test_the_team_reads_as_much_for_one_as_for_three(
    client, store, specialist, manager, django_assert_num_queries, more
):
    for n in range(more):
        make_call(store, owner=make_user(f"more{n}", store, Role.CARE_SPECIALIST))
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        client.get(reverse("ssi:day"))
        with django_assert_num_queries(26):
            page = client.get(reverse("ssi:day"))
    assert len(page.context["team"]) == 1 + more
