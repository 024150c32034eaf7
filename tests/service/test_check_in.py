"""A car is taken in: whose turn, what was seen, signed, in a hurry (SVC-07, SVC-15)."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import segno
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.accounts.models import DutyDay
from apps.core.errors import Refused
from apps.desk.invariants import no_file_astray
from apps.service import actions
from apps.service.actions.check_in import Spot
from apps.service.models import CheckIn, Photo, RepairOrder
from apps.service.queries.check_in import last_marks, whose_turn
from tests.factories import NOW, TODAY, make_customer, make_user, make_vehicle
from tests.service.garage import person
from tests.service.pages_check_in import in_a_hurry, make_check_in, picture
from tests.service.workshop import make_appointment

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def advisor(client, store):
    user = person(store)
    client.force_login(user)
    return user


def kept_files():
    folder = Path(settings.MEDIA_ROOT) / "pictures"
    return len(list(folder.glob("*"))) if folder.exists() else 0


def refused(function, *args, **kwargs):
    with override("en"), pytest.raises(Refused) as refusal, transaction.atomic():
        function(*args, **kwargs)
    assert not CheckIn.objects.exists() and not RepairOrder.objects.exists()
    assert kept_files() == 0
    return str(refusal.value)


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def asked(advisor, **fields):
    """What the page sends."""
    told = {"kind": "maintenance", "advisor": advisor.pk, "km": 20500, "fuel": 5}
    told |= {"has_book": "on", "is_protected": "on", "valuables": "雨伞"}
    told["marks"] = json.dumps([{"kind": "dent", "x": 310, "y": 120, "note": "左前门"}])
    told["photos"] = [SimpleUploadedFile(f"{n}.jpg", picture()) for n in (1, 2)]
    told["signature"] = SimpleUploadedFile("signature.png", picture("black"))
    return {name: value for name, value in (told | fields).items() if value is not None}


def test_whose_turn_it_is_leaves_out_who_is_off_duty_and_other_stores(store, other_store):
    first, second = person(store, "first"), person(store, "second")
    make_check_in(other_store)
    assert whose_turn(store, NOW) == first
    make_check_in(store, opening={"advisor": first}, by=first)
    assert whose_turn(store, NOW) == second
    DutyDay.objects.create(store=store, user=second, on=TODAY, on_duty=False)
    assert whose_turn(store, NOW) != second


def test_a_car_is_taken_in_from_its_appointment_with_what_was_seen(store):
    row = make_appointment(store)
    by = person(store)
    told = {"advisor": by, "kind": "repair", "km": 20500, "appointment": row}
    spot = Spot("scratch", 120, 800, "后杠")

    found = make_check_in(store, row.vehicle, opening=told, marks=[spot], photos=[picture()] * 2)

    order = found.order
    assert (order.appointment, order.km, order.advisor_user) == (row, 20500, by)
    assert (found.turn_of, found.turn_reason, found.walked_by) == (by, "", by)
    mark = found.marks.get()
    assert (mark.kind, mark.x, mark.y, mark.note, mark.since) == (
        "scratch",
        120,
        800,
        "后杠",
        TODAY,
    )
    assert (found.photos.count(), kept_files()) == (2, 3)
    assert no_file_astray() == []
    row.refresh_from_db()
    assert row.status == "arrived"


def test_without_a_signature_only_a_customer_in_a_hurry(store):
    car = make_vehicle(store)
    assert "has not signed" in refused(make_check_in, store, car, signature=None)

    row = in_a_hurry(store)
    assert (row.signature, row.walked_at) == (None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.update(in_hurry=False)


def test_out_of_turn_needs_its_reason_and_the_appointments_advisor_is_one(store):
    first, second = person(store, "first"), person(store, "second")
    told = {"opening": {"advisor": second}, "by": second}
    assert "It is the turn of first" in refused(make_check_in, store, turn_reason="", **told)

    row = make_check_in(store, turn_reason="wished", **told)
    assert (row.turn_of, row.turn_reason) == (first, "wished")

    booked = make_appointment(store)
    booked.advisor = second
    booked.save()
    told["opening"] |= {"appointment": booked}
    assert make_check_in(store, booked.vehicle, **told).turn_reason == "appointed"


def test_marks_that_are_not_on_the_car_and_too_much_of_anything_are_refused(store):
    for marks in ([Spot("scratch", 1001, 5)], [Spot("scratch", 5, -1)], [Spot("hole", 5, 5)]):
        assert "not on the car" in refused(make_check_in, store, marks=marks)
    assert "At most" in refused(make_check_in, store, marks=[Spot("dent", 1, 1)] * 61)
    assert "At most" in refused(make_check_in, store, photos=[picture()] * 21)


def test_the_next_visit_begins_with_the_marks_of_the_last(store, other_store):
    car = make_vehicle(store)
    make_check_in(other_store, marks=[Spot("missing", 9, 9)])
    first = make_check_in(store, car, marks=[Spot("dent", 10, 20), Spot("crack", 30, 40)])
    RepairOrder.objects.filter(pk=first.order_id).update(
        status="closed",
        out_on=TODAY,
        closed_at=NOW,
        settled_at=NOW,
        amount=0,
        paid_how="cash",
        outcome="done",
    )
    assert [mark.kind for mark in last_marks(car)] == ["dent", "crack"]

    then = NOW + timedelta(days=40)
    old = Spot("dent", 10, 20, since=TODAY)
    told = {"km": 24000}
    make_check_in(store, car, opening=told, marks=[old, Spot("scratch", 5, 5)], now=then)

    days = [(mark.kind, mark.since) for mark in last_marks(car)]
    assert days == [("dent", TODAY), ("scratch", TODAY + timedelta(days=40))]


def test_in_a_hurry_the_walk_around_is_done_once_and_then_reported(store):
    row, by = in_a_hurry(store), person(store)
    with pytest.raises(Refused):
        actions.report_walk(row, now=NOW)

    row = actions.walk_around(row, marks=[Spot("dent", 1, 2)], photos=[picture()], now=NOW, by=by)
    with pytest.raises(Refused):
        actions.walk_around(row, marks=[Spot("dent", 1, 2)], now=NOW, by=by)
    row = actions.report_walk(row, now=NOW + MINUTE)
    assert actions.report_walk(row, now=NOW + 2 * MINUTE).reported_at == NOW + MINUTE
    assert (row.marks.count(), row.photos.count(), row.walked_by) == (1, 1, by)


def test_the_page_takes_the_car_in_once_however_often_it_is_sent(client, advisor, store):
    car = make_vehicle(store)
    page = client.get(url("check-in-new", car.pk))
    token = page.content.decode().split('name="form_token" value="')[1].split('"')[0]

    first = client.post(url("check-in-new", car.pk), asked(advisor, form_token=token))
    again = client.post(url("check-in-new", car.pk), asked(advisor, form_token=token))

    row = CheckIn.objects.get()
    for answer in (first, again):
        assertRedirects(answer, url("check-in", row.pk))
    assert (Photo.objects.count(), kept_files(), row.valuables) == (2, 3, "雨伞")
    sheet = client.get(url("check-in", row.pk))
    assertContains(sheet, "左前门")
    code = segno.make(f"http://testserver{url('check-in', row.pk)}", error="m", micro=False)
    assertContains(sheet, code.svg_inline(scale=3, border=2))
    photo = row.photos.first()
    shown = client.get(url("check-in-picture", row.pk, photo.stored))
    assert shown["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(b"".join(shown.streaming_content))).size == (80, 60)


def test_what_cannot_be_taken_is_told_and_nothing_is_written(client, advisor, store):
    car = make_vehicle(store)
    blank = SimpleUploadedFile("signature.png", picture("white"))
    pdf = [SimpleUploadedFile("photo.jpg", b"%PDF-1.7" + b"0" * 999)]
    for fields, said, status in (
        ({"signature": None}, "客户还没有签字", 409),
        ({"signature": blank}, "客户还没有签字", 409),
        ({"photos": pdf}, "“photo.jpg”不是可以识别的照片", 422),
        ({"km": None}, "里程", 422),
        ({"fuel": 9}, "油量", 422),
        ({"marks": "[{"}, "标记无法识别", 422),
        ({"marks": '[{"kind": "dent", "x": 5000, "y": 1}]'}, "有标记不在车上", 409),
        ({"promised_at": "2026-11-01T10:00"}, "预计交车时间已过", 409),
    ):
        page = client.post(url("check-in-new", car.pk), asked(advisor, **fields))
        assertContains(page, said, status_code=status)
    assert (CheckIn.objects.count(), RepairOrder.objects.count(), kept_files()) == (0, 0, 0)


def test_a_mileage_below_the_last_is_read_again_first(client, advisor, store):
    car = make_vehicle(store)
    make_check_in(store, car, opening={"km": 30000})
    RepairOrder.objects.update(
        status="closed",
        out_on=TODAY,
        closed_at=NOW,
        settled_at=NOW,
        amount=0,
        paid_how="cash",
        outcome="done",
    )
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        client.force_login(advisor)
        page = client.post(url("check-in-new", car.pk), asked(advisor, km=20000))
        assertContains(page, "请重新读取里程表", status_code=409)
        client.post(url("check-in-new", car.pk), asked(advisor, km=20000, km_sure="on"))
    assert list(CheckIn.objects.order_by("pk").values_list("order__km", flat=True)) == [
        30000,
        20000,
    ]


def test_the_list_shows_who_is_expected_whose_turn_it_is_and_who_was_in_a_hurry(
    client, advisor, store, other_store
):
    row = make_appointment(store)
    stranger = make_appointment(other_store)
    hurried, strange_hurry = in_a_hurry(store), in_a_hurry(other_store)

    page = client.get(url("check-in-list"))

    assertContains(page, f"?appointment={row.pk}")
    assertNotContains(page, f"?appointment={stranger.pk}")
    assertContains(page, url("check-in", hurried.pk))
    assertNotContains(page, url("check-in", strange_hurry.pk))
    assertContains(page, f"轮到 {advisor}")
    assert client.get(url("check-in", strange_hurry.pk)).status_code == 404
    with time_machine.travel(NOW, tick=False):
        few = _queries(client)
        for clock in ("15:00", "16:00"):
            make_appointment(store, clock)
            in_a_hurry(store)
        assert _queries(client) == few


def test_who_is_here_and_not_taken_in_yet_stays_on_the_list(client, advisor, store):
    row = make_appointment(store)
    actions.arrive(row, now=NOW)
    assertContains(client.get(url("check-in-list")), f"?appointment={row.pk}")

    make_check_in(store, row.vehicle, opening={"appointment": row})

    assertNotContains(client.get(url("check-in-list")), f"?appointment={row.pk}")


def test_a_car_without_an_appointment_is_found_by_the_last_digits(client, advisor, store):
    car = make_vehicle(store, owner=make_customer(store, "张三丰", "13912342345"))
    make_vehicle(store)
    page = client.get(url("check-in-list"), {"q": "2345"})
    assert page.context["cars"] == [car]
    assertContains(page, url("check-in-new", car.pk))


def _queries(client):
    with CaptureQueriesContext(connection) as found:
        client.get(url("check-in-list"))
    return len(found)


def test_a_picture_of_another_store_or_car_is_not_there(client, advisor, store, other_store):
    strange = make_check_in(other_store, photos=[picture()])
    own = make_check_in(store)
    stored = strange.photos.get().stored
    assert client.get(url("check-in-picture", strange.pk, stored)).status_code == 404
    assert client.get(url("check-in-picture", own.pk, stored)).status_code == 404
    assert client.get(url("check-in-picture", own.pk, own.signature)).status_code == 200


def test_the_hurried_car_is_walked_around_and_reported_on_its_page(client, advisor, store):
    row = in_a_hurry(store)
    assertContains(client.get(url("check-in", row.pk)), url("check-in-walk", row.pk))
    sent = {
        "marks": '[{"kind": "crack", "x": 5, "y": 6}]',
        "photos": [SimpleUploadedFile("1.jpg", picture())],
    }
    assertRedirects(client.post(url("check-in-walk", row.pk), sent), url("check-in", row.pk))
    assert client.post(url("check-in-walk", row.pk), {"marks": "[]"}).status_code == 409
    client.post(url("check-in-report", row.pk))
    row.refresh_from_db()
    assert (row.marks.get().kind, row.photos.count(), row.reported_at) == ("crack", 1, NOW)


def test_a_technician_sees_the_sheet_and_takes_no_car_in(client, store):
    row = make_check_in(store)
    client.force_login(make_user("screwdriver", store, Role.WORKSHOP))
    assert client.get(url("check-in", row.pk)).status_code == 200
    assert client.get(url("check-in-new", row.order.vehicle_id)).status_code == 403
