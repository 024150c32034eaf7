"""Test drives: booked, licence, agreement, out, in, feedback (REC-05, REC-10)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import override

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.customers.sealing import open as unseal
from apps.desk.invariants import no_file_astray
from apps.desk.pictures import pictures_kept
from apps.reception.actions import drives
from apps.reception.actions.demo_cars import keep_demo_car, keep_route
from apps.reception.models import Clock, DemoCar, TestDrive
from apps.reception.policy.drive import TERMS
from apps.reception.queries import drives as queries
from tests.factories import NOW, TODAY, make_user
from tests.reception.driving import (
    HOUR,
    LICENCE,
    MINUTE,
    back,
    checked,
    make_demo_car,
    make_drive,
    make_model,
    make_route,
    make_wanted,
    out,
    picture,
    seller_of,
    signed,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def state():
    return list(TestDrive.objects.order_by("pk").values())


def refused(function, *args, **kwargs):
    """The sentence of a refusal that changed nothing."""
    before = state(), list(DemoCar.objects.order_by("pk").values()), Clock.objects.count()
    with override("en"), pytest.raises(Refused) as refusal, transaction.atomic():
        function(*args, **kwargs)
    after = state(), list(DemoCar.objects.order_by("pk").values()), Clock.objects.count()
    assert after == before
    return str(refusal.value)


def kept_files():
    folder = Path(settings.MEDIA_ROOT) / "pictures"
    return len(list(folder.glob("*"))) if folder.exists() else 0


def test_a_drive_is_booked_with_its_consultant(store):
    wanted, car, route = make_wanted(store), make_demo_car(store), make_route(store)

    row = make_drive(store, wanted, car, minutes=45, route=route, remark="带家人")

    assert (row.consultant, row.demo_car, row.route, row.status) == (
        *(wanted.consultant, car, route),
        "booked",
    )
    assert (row.starts_at, row.ends_at) == (NOW + HOUR, NOW + HOUR + 45 * MINUTE)


@pytest.mark.parametrize(
    ("starts_at", "minutes", "said"),
    [
        (NOW - MINUTE * 15, 30, "is past"),
        (NOW + HOUR + MINUTE, 30, "quarter of an hour"),
        (NOW + HOUR, 31, "quarter of an hour"),
        (NOW + 7 * HOUR + 15 * MINUTE, 30, "closed then"),  # until 17:45
        (NOW + 22 * HOUR, 30, "closed then"),  # at 8:00
        (NOW + 61 * DAY, 30, "too far ahead"),
    ],
)
def test_a_time_that_cannot_be_is_refused(store, starts_at, minutes, said):
    wanted, car = make_wanted(store), make_demo_car(store)
    assert said in refused(make_drive, store, wanted, car, starts_at, minutes)


def test_a_holiday_is_no_day_for_a_drive(store):
    new_year = NOW.replace(year=2027, month=1, day=1)
    wanted, car = make_wanted(store), make_demo_car(store)
    assert "closed then" in refused(make_drive, store, wanted, car, new_year)


def test_one_car_is_not_promised_twice_and_the_next_free_times_are_known(store):
    car = make_demo_car(store)
    make_drive(store, car=car, starts_at=NOW + HOUR, minutes=60)
    second = make_wanted(store)

    said = refused(make_drive, store, second, car, NOW + HOUR + 30 * MINUTE)

    assert said == f"{car} is on a test drive from 11:00 to 12:00."
    near = NOW + HOUR
    free = queries.free_times(car, second.consultant_id, near, 60, after=NOW)
    assert free == [NOW, *(NOW + 2 * HOUR + n * MINUTE for n in (0, 15, 30))]
    assert queries.free_times(car, second.consultant_id, NOW - DAY, 60, after=NOW) == []
    row = make_drive(store, second, car, starts_at=NOW + 2 * HOUR)  # right behind is free
    assert row.starts_at == NOW + 2 * HOUR


def test_one_consultant_goes_along_once_at_a_time(store):
    seller = seller_of(store)
    make_drive(store, make_wanted(store, seller))
    said = refused(make_drive, store, make_wanted(store, seller))
    assert said == f"{seller} is on a test drive from 11:00 to 11:30."


def test_a_cancelled_drive_gives_its_time_free(store):
    car = make_demo_car(store)
    row = make_drive(store, car=car)
    drives.cancel_drive(row, no_show=False, now=NOW)
    assert make_drive(store, car=car).status == "booked"
    assert "cannot become" in refused(drives.cancel_drive, row, no_show=False, now=NOW)


def test_nobody_stayed_away_before_his_time_has_come(store):
    row = make_drive(store)
    assert "not come yet" in refused(drives.cancel_drive, row, no_show=True, now=NOW)
    assert drives.cancel_drive(row, no_show=True, now=NOW + HOUR).status == "no_show"


def test_a_car_that_may_not_go_is_not_booked(store, other_store):
    wanted = make_wanted(store)
    for fields, said in (
        ({"is_used": False}, "may not be booked"),
        ({"insured_until": TODAY - DAY}, "insurance"),
    ):
        assert said in refused(make_drive, store, wanted, make_demo_car(store, **fields))
    make_drive(store, wanted, make_demo_car(store, insured_until=TODAY))
    strange = make_demo_car(other_store)
    assert "another store" in refused(make_drive, store, make_wanted(store), strange)
    own = make_demo_car(store)
    route = make_route(other_store)
    assert "another store" in refused(make_drive, store, make_wanted(store), own, route=route)


def test_a_closed_purchase_has_no_more_drives(store):
    wanted = make_wanted(store)
    type(wanted).objects.update(status="lost", lost_reason="price", lost_to="")
    wanted.refresh_from_db()
    assert "closed" in refused(make_drive, store, wanted)


def test_a_drive_is_moved_to_another_time_and_car(store):
    row, car, route = make_drive(store), make_demo_car(store), make_route(store)
    there = {"starts_at": NOW + 3 * HOUR, "minutes": 60, "now": NOW, "route": route}

    drives.move_drive(row, car, **there, remark="改期")

    row.refresh_from_db()
    assert (row.demo_car, row.route, row.remark) == (car, route, "改期")
    assert (row.starts_at, row.ends_at) == (NOW + 3 * HOUR, NOW + 4 * HOUR)
    drives.move_drive(
        row, car, **there | {"starts_at": NOW + 3 * HOUR + 30 * MINUTE}
    )  # over itself
    row.refresh_from_db()
    assert (row.starts_at, row.route, row.remark) == (NOW + 3 * HOUR + 30 * MINUTE, route, "")


def test_a_move_into_a_taken_time_leaves_the_drive_where_it_was(store):
    car = make_demo_car(store)
    make_drive(store, car=car, starts_at=NOW + 3 * HOUR)
    row = make_drive(store)
    said = refused(drives.move_drive, row, car, starts_at=NOW + 3 * HOUR, minutes=30, now=NOW)
    assert "is on a test drive" in said


def test_signed_for_one_car_is_not_signed_for_another(store):
    row = signed(store)
    other = {"starts_at": NOW + 2 * HOUR, "minutes": 30, "now": NOW}
    assert "is signed" in refused(drives.move_drive, row, make_demo_car(store), **other)
    moved = drives.move_drive(row, row.demo_car, **other)
    assert moved.starts_at == NOW + 2 * HOUR and moved.signed_at == NOW


def test_the_licence_is_written_down_and_its_number_is_sealed(store):
    row = checked(store)

    row.refresh_from_db()
    assert (row.driver, row.licence_class, row.licence_until) == ("张伟", "c1", date(2030, 1, 1))
    assert (row.licence_at, row.licence_by) == (NOW, row.consultant)
    assert LICENCE["number"] not in row.licence_sealed
    assert unseal(row.licence_sealed) == LICENCE["number"]
    again = checked(store, row, licence_class="a2", valid_until=None)
    assert (again.licence_class, again.licence_until) == ("a2", None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licence_class": "other"}, "not for this car"),
        ({"licence_class": "c5"}, "not for this car"),
        ({"valid_until": TODAY - DAY}, "has run out"),
        ({"number": "110105194912310021"}, "cannot be right"),
    ],
)
def test_a_licence_that_does_not_do_is_refused(store, changes, said):
    row = make_drive(store)
    assert said in refused(checked, store, row, **changes)


def test_c2_does_not_drive_a_manual_car(store):
    row = make_drive(store, car=make_demo_car(store, is_automatic=False))
    assert "not for this car" in refused(checked, store, row, licence_class="c2")
    assert checked(store, row).licence_at == NOW


def test_the_agreement_is_kept_as_it_read_with_the_signature(store):
    row = make_drive(store)
    assert "licence first" in refused(drives.sign_agreement, row, picture(), now=NOW)
    assert kept_files() == 0

    row = signed(store, row)

    assert (row.terms, row.signed_at, kept_files()) == ("\n".join(TERMS), NOW, 1)
    assert "signed already" in refused(drives.sign_agreement, row, picture(), now=NOW)
    assert "no longer be changed" in refused(checked, store, row)
    assert kept_files() == 1


def test_no_car_goes_out_without_licence_and_signature(store):
    row = make_drive(store)
    for _step in ("nothing", "licence only"):
        assert "No car goes out" in refused(drives.send_out, row, km=100, now=NOW)
        row = checked(store, row)
    with pytest.raises(IntegrityError), transaction.atomic():
        TestDrive.objects.update(status="out", out_at=NOW, out_km=1)


def test_out_and_in_with_kilometres_and_the_satisfaction_call_is_promised(store):
    car = make_demo_car(store, km=100)
    row = signed(store, make_drive(store, car=car))
    assert "had 100 km already" in refused(drives.send_out, row, km=99, now=row.starts_at)

    row = drives.send_out(row, km=100, now=row.starts_at)
    for km in (99, 601):
        assert "went out with 100 km" in refused(drives.take_back, row, km=km, now=NOW + 2 * HOUR)
    row = drives.take_back(row, km=112, now=NOW + 2 * HOUR)

    car.refresh_from_db()
    assert (row.status, row.out_km, row.back_km, car.km) == ("back", 100, 112, 112)
    clock = Clock.objects.get()
    assert (clock.kind, clock.since, clock.due_at) == (
        "drive_call",
        NOW + 2 * HOUR,
        NOW + 2 * HOUR + 3 * DAY,
    )
    assert "cannot become" in refused(drives.take_back, row, km=113, now=NOW + 3 * HOUR)


def test_a_purchase_that_is_over_promises_no_call(store):
    row = out(store)
    type(row.opportunity).objects.update(status="ordered", follow_up_on=None)
    drives.take_back(TestDrive.objects.get(), km=110, now=NOW + 2 * HOUR)
    assert not Clock.objects.exists()


def test_early_or_late_the_time_moves_along_if_it_is_free(store):
    early = signed(store, make_drive(store, starts_at=NOW + HOUR))
    early = drives.send_out(early, km=0, now=NOW + 50 * MINUTE)
    assert (early.starts_at, early.ends_at) == (NOW + 50 * MINUTE, NOW + 90 * MINUTE)

    late = signed(store, make_drive(store, starts_at=NOW + HOUR))
    late = drives.send_out(late, km=0, now=NOW + 2 * HOUR)
    assert (late.starts_at, late.ends_at) == (NOW + 2 * HOUR, NOW + 2 * HOUR + 30 * MINUTE)


def test_who_comes_too_late_does_not_take_the_car_of_the_next(store):
    car = make_demo_car(store)
    row = signed(store, make_drive(store, car=car, starts_at=NOW + HOUR))
    make_drive(store, car=car, starts_at=NOW + 2 * HOUR)
    said = refused(drives.send_out, row, km=0, now=NOW + HOUR + 45 * MINUTE)
    assert said == f"{car} is on a test drive from 12:00 to 12:30."


def test_a_car_that_is_still_out_does_not_go_out_again(store):
    car = make_demo_car(store)
    first = out(store, make_drive(store, car=car, starts_at=NOW + HOUR))
    second = signed(store, make_drive(store, car=car, starts_at=NOW + 2 * HOUR))

    said = refused(drives.send_out, second, km=200, now=NOW + 2 * HOUR)

    assert said == f"The car is still on the road with {first.consultant}. Take it back first."
    with pytest.raises(IntegrityError), transaction.atomic():
        TestDrive.objects.filter(pk=second.pk).update(status="out", out_at=NOW, out_km=1)


def test_another_day_a_licence_or_insurance_that_ran_out_stop_the_car_at_the_door(store):
    row = signed(store, make_drive(store, starts_at=NOW + DAY))
    assert "another day" in refused(drives.send_out, row, km=0, now=NOW)
    TestDrive.objects.update(licence_until=TODAY)
    then = NOW + DAY
    assert "has run out" in refused(drives.send_out, row, km=0, now=then)
    TestDrive.objects.update(licence_until=None)
    DemoCar.objects.update(insured_until=TODAY)
    assert "insurance" in refused(drives.send_out, row, km=0, now=then)


def test_feedback_comes_after_the_drive_and_may_be_bettered(store):
    row = out(store)
    words = {"impression": "pleased", "liked": "加速", "disliked": ""}
    assert "not back yet" in refused(drives.note_feedback, row, **words)

    row = back(store)
    drives.note_feedback(row, **words)
    drives.note_feedback(row, **words | {"disliked": "后排窄"})

    row.refresh_from_db()
    assert (row.impression, row.liked, row.disliked) == ("pleased", "加速", "后排窄")


def test_a_consultant_sees_his_own_drives_and_the_manager_all_of_the_store(store, other_store):
    row = make_drive(store)
    make_drive(other_store)
    manager = make_user("manager", store, Role.SALES_MANAGER)
    people = (row.consultant, seller_of(store), manager)
    assert [list(queries.drives(user)) for user in people] == [[row], [], [row]]


def test_today_shows_a_consultant_what_is_still_to_be_done(store):
    seller = seller_of(store)
    wanted = make_wanted(store, seller)
    first = make_drive(store, wanted, starts_at=NOW + HOUR)
    make_drive(store, wanted, starts_at=NOW + DAY)
    gone = make_drive(store, wanted, starts_at=NOW + 3 * HOUR)
    drives.cancel_drive(gone, no_show=False, now=NOW)
    assert list(queries.today_of(seller, NOW)) == [first]
    back(store, first)
    assert list(queries.today_of(seller, NOW)) == []


def test_demo_cars_and_routes_are_entered_and_changed(store, other_store):
    model = make_model(store)
    car = keep_demo_car(store, None, plate="沪a 12345", car_model=model, km=10)
    assert (car.plate, car.km, car.is_used) == ("沪A12345", 10, True)
    route = keep_route(store, None, name="环线", km=8, minutes=20)
    with override("en"):
        for told, said in (
            ({"plate": "沪A12345", "car_model": model}, "already"),
            ({"plate": "", "car_model": model}, "Enter the plate"),
            ({"plate": "12", "car_model": model}, "not a plate"),
            ({"plate": "沪A55555", "car_model": make_model(other_store)}, "another store"),
        ):
            with pytest.raises(Refused, match=said):
                keep_demo_car(store, None, **told)
        with pytest.raises(Refused, match="of this name"):
            keep_route(store, None, name="环线", km=8, minutes=20)
        make_drive(store, car=car)
        with pytest.raises(Refused, match="are booked"):
            keep_demo_car(store, car, is_used=False)
    assert keep_route(store, route, name="环线", km=9, minutes=20).km == 9
    assert DemoCar.objects.filter(is_used=True, store=store).count() == 1


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_signature_is_no_file_astray(store):
    row = signed(store)
    assert (no_file_astray(), kept_files()) == ([], 1)
    assert list(pictures_kept([str(row.signature)])) == [(row.signature,)]
