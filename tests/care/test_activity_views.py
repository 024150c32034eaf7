"""The pages of the care activities: the year, one of them, the invitations, the door (CARE-12)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.care.actions import participants
from apps.care.actions.claim import claim_next
from apps.care.choices import CallKind
from apps.care.models import Activity, ActivityPhoto, Call, Participant
from apps.core.pictures import picture_path
from apps.desk import invariants
from apps.desk.exporting import LISTINGS
from tests.care.events import (
    ON,
    ON_THE_DAY,
    held,
    invited_by_call,
    planned,
    signed_up,
    willing,
)
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def winter(store, manager):
    return planned(store, manager)


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


def url(name, *args, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"care:{name}", args=args) + (f"?{query}" if query else "")


PLAN = {
    **{"name": "自驾游", "on": "2026-12-12", "starts_at": "08:30", "place": "滴水湖"},
    **{"budget_amount": "5000", "plan": "集合出发", "sales_part": "带两台试驾车"},
}


def test_it_is_planned_changed_and_cancelled_on_the_page(chief, store, manager):
    answer = chief.post(url("activity-new"), PLAN)

    row = Activity.objects.get()
    assertRedirects(answer, url("activity", row.pk))
    assert (row.store, row.name, row.on, row.made_by) == (
        store,
        "自驾游",
        date(2026, 12, 12),
        manager,
    )
    assertContains(chief.get(url("activity", row.pk)), "带两台试驾车")
    assert chief.post(url("activity-new"), PLAN | {"budget_amount": "-1"}).status_code in (409, 422)
    assert chief.post(url("activity-new"), PLAN | {"on": "2026-11-22"}).status_code == 409
    assert chief.post(url("activity-edit", row.pk), PLAN | {"name": ""}).status_code == 422
    chief.post(url("activity-edit", row.pk), PLAN | {"name": "自驾一日游"})
    assert Activity.objects.get().name == "自驾一日游"
    chief.post(url("activity-cancel", row.pk), {"reason": "天气不好"})
    assert Activity.objects.get().status == "cancelled"
    assertContains(chief.get(url("activity", row.pk)), "天气不好")
    assert chief.post(url("activity-edit", row.pk), PLAN).status_code == 409


def test_the_year_shows_each_month_and_says_where_there_was_none(chief, store, other_store, winter):
    held(store, winter.made_by, on=date(2026, 9, 12), name="金秋关怀")
    planned(other_store, name="他店活动")

    page = chief.get(url("activity-list"))

    months = {month.month: [row.name for row in rows] for month, rows in page.context["months"]}
    assert months == {12: ["冬季检测日"], 9: ["金秋关怀"]} | {
        month: [] for month in (11, 10, 8, 7, 6, 5, 4, 3, 2, 1)
    }
    assertNotContains(page, "他店活动")
    assert not chief.get(url("activity-list", year=2027)).context["months"]
    assert len(chief.get(url("activity-list", year=2025)).context["months"]) == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_for_one_row_and_for_three(
    chief, store, manager, rows, django_assert_num_queries
):
    for n in range(rows):
        row = planned(store, manager, on=ON + n * DAY)
    for _n in range(rows):
        invited_by_call(row)

    with django_assert_num_queries(10):
        assert chief.get(url("activity-list")).context["any"]
    with django_assert_num_queries(7):
        page = chief.get(url("participant-list", activity=row.pk))
    assert len(page.context["rows"]) == rows


def test_whom_the_filter_finds_is_counted_and_then_called(chief, store, winter):
    willing(store, "甲", gender="male"), willing(store, "乙", gender="female")

    assert chief.get(url("activity-invite", winter.pk)).context["count"] == 2
    part = chief.get(
        url("activity-invite", winter.pk, gender="male"), headers={"HX-Request": "true"}
    )
    assert part.context["count"] == 1
    assertContains(part, "甲")
    assertNotContains(part, "<html")
    answer = chief.post(url("activity-invite", winter.pk), {"gender": "male"})
    assertRedirects(answer, url("activity", winter.pk))
    assert Call.objects.filter(kind=CallKind.RECALL).count() == 1
    assert chief.post(url("activity-invite", winter.pk), {"gender": "male"}).status_code == 409
    wrong = {"age_from": 50, "age_until": 20}
    assert chief.post(url("activity-invite", winter.pk), wrong).status_code == 422
    assertRedirects(chief.post(url("activity-message", winter.pk)), url("activity", winter.pk))
    assert Activity.objects.get(pk=winter.pk).campaign is not None


def test_the_call_screen_tells_of_the_activity_and_asks_how_many_come(client, winter, specialist):
    there = invited_by_call(winter)
    client.force_login(specialist)
    [call] = claim_next(by=specialist, now=NOW)
    page = client.get(url("call", call.pk))
    for words in ("冬季检测日", "本店车间", "免费检测二十项", 'name="people"', "CARE-12"):
        assertContains(page, words)
    told = {"claim": call.claim, "result": "signed_up", "number": call.customer.main_phone}
    assert client.post(url("call-result", call.pk), told).status_code == 422
    assertRedirects(
        client.post(url("call-result", call.pk), told | {"people": 2}), url("call", call.pk)
    )
    there.refresh_from_db()
    assert (there.answer, there.people) == ("signed_up", 2)


def test_at_the_door(client, time_machine, store, winter, specialist):
    time_machine.move_to(ON_THE_DAY, tick=False)
    there = signed_up(winter, willing(store, "王小明"), now=NOW)
    guest = willing(store, "李雷", phone="13900002222")
    client.force_login(specialist)
    assertContains(client.get(url("participant-list", activity=winter.pk, q="小明")), "王小明")
    page = client.get(url("participant-list", activity=winter.pk, q="13900002222"))
    assertContains(page, "李雷")
    assertContains(page, "139****2222")

    part = client.post(
        url("participant-attend", there.pk), {"there": "1"}, headers={"HX-Request": "true"}
    )

    assertContains(part, f"participant-{there.pk}")
    there.refresh_from_db()
    assert (there.attended_at, there.attended_by) == (ON_THE_DAY, specialist)
    plain = client.post(url("participant-attend", there.pk))
    assertRedirects(plain, url("participant-list", activity=winter.pk))
    there.refresh_from_db()
    assert there.attended_at is None
    come = {"customer": guest.pk, "people": 2, "invited": "at_the_door"}
    client.post(url("participant-new", winter.pk), come)
    assert Participant.objects.get(customer=guest).attended_at == ON_THE_DAY
    assert client.post(url("participant-new", winter.pk), come | {"people": 99}).status_code == 422


def test_who_signs_up_in_the_store_and_who_does_not_come_after_all(
    client, store, winter, specialist
):
    client.force_login(specialist)
    guest = willing(store)
    come = {"customer": guest.pk, "people": 2, "invited": "in_person"}

    client.post(url("participant-new", winter.pk), come)

    there = Participant.objects.get()
    assert (there.answer, there.people, there.invited) == ("signed_up", 2, "in_person")
    client.post(url("participant-decline", there.pk))
    assert Participant.objects.get().answer == "declined"
    early = client.post(url("participant-attend", there.pk), {"there": "1"})
    assert early.status_code == 409


def photo(colour="red"):
    written = BytesIO()
    Image.new("RGB", (80, 60), colour).save(written, "JPEG")
    return SimpleUploadedFile("p.jpg", written.getvalue(), "image/jpeg")


def test_it_takes_place_gets_photos_and_is_evaluated(chief, time_machine, store, winter, stranger):
    assert chief.post(url("activity-hold", winter.pk)).status_code == 409
    assert chief.post(url("activity-photos", winter.pk), {"photos": [photo()]}).status_code == 409
    assert not ActivityPhoto.objects.exists()
    time_machine.move_to(ON_THE_DAY, tick=False)
    chief.force_login(winter.made_by)  # ten days later
    chief.post(url("activity-hold", winter.pk))
    chief.post(url("activity-photos", winter.pk), {"photos": [photo(), photo("blue")]})
    first, second = ActivityPhoto.objects.all()
    answer = chief.get(url("activity-picture", winter.pk, first.stored))
    assert answer["Content-Type"] == "image/jpeg"
    bad = SimpleUploadedFile("p.jpg", b"no picture", "image/jpeg")
    assert chief.post(url("activity-photos", winter.pk), {"photos": [bad]}).status_code == 422
    chief.post(url("activity-photo-remove", winter.pk, second.stored))
    assert not picture_path(second.stored).exists()
    assert invariants.broken() == {}

    said = {"spent_amount": "3200.50", "summary": "来了四十人", "evaluation": "下次早点通知"}
    assert (
        chief.post(url("activity-evaluate", winter.pk), said | {"summary": ""}).status_code == 422
    )
    chief.post(url("activity-evaluate", winter.pk), said)

    page = chief.get(url("activity", winter.pk))
    for words in ("下次早点通知", "3200.50", str(first.stored)):
        assertContains(page, words)
    assertContains(chief.get(url("activity", winter.pk, visits="there")), "visits")
    chief.force_login(stranger)
    assert chief.get(url("activity-picture", winter.pk, first.stored)).status_code == 404


def test_sales_and_service_managers_see_their_part_and_change_nothing(client, store, winter):
    for role in (Role.SALES_MANAGER, Role.SERVICE_MANAGER):
        client.force_login(make_user(role, store, role))
        page = client.get(url("activity", winter.pk))
        assertContains(page, "冬季检测日")
        assertNotContains(page, url("activity-edit", winter.pk))
        assert client.post(url("activity-hold", winter.pk)).status_code == 403


def test_the_lists_go_out_as_they_are_shown(store, winter, manager):
    signed_up(winter, willing(store, "王小明"), people=3)
    participants.decline(signed_up(winter), by=manager, now=NOW)

    def lines(name, **asked):
        listing = LISTINGS[name]
        return list(listing.lines(listing.rows(manager, asked, TODAY)))[1:]

    [line] = lines("care:activity-list")
    assert (line[1], line[7], line[8]) == ("冬季检测日", 1, 0)
    asked = {"activity": str(winter.pk)}
    assert len(lines("care:participant-list", **asked)) == 2
    [line] = lines("care:participant-list", **asked, what="signed_up")
    assert (line[0], line[1][3:7], line[4]) == ("王小明", "****", 3)
    assert lines("care:participant-list") == []
