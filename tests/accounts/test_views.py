"""The pages of accounts: what they say, what they refuse."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.models import CalendarDay, DutyDay, User
from tests.factories import NOW, make_user

NEW = {"username": "zhang", "name": "张三", "department": "", "roles": ["workshop"]}


@pytest.fixture
def boss(client, store):
    person = make_user("boss", store, Role.GENERAL_MANAGER)
    client.force_login(person)
    return person


@pytest.fixture
def office(client, store):
    person = make_user("office", store, Role.ADMINISTRATION)
    client.force_login(person)
    return person


def test_the_temporary_password_is_shown_once_and_opens_the_door(client, boss):
    page = client.post(reverse("accounts:person-new"), NEW)

    shown = page.context["password"]
    person = User.objects.get(username="zhang")
    assert shown in page.content.decode()
    assert person.check_password(shown)
    assert person.store == boss.store
    again = client.get(reverse("accounts:person", args=[person.pk])).content.decode()
    assert shown not in again


def test_a_refusal_comes_back_with_what_was_typed(client, office):
    page = client.post(reverse("accounts:person-new"), {**NEW, "roles": ["care_manager"]})

    assert page.status_code == 409
    assert "只能由总经理或系统管理员决定" in page.content.decode()
    assert 'value="张三"' in page.content.decode()
    assert not User.objects.filter(username="zhang").exists()


def test_a_form_without_a_name_is_not_taken(client, boss):
    page = client.post(reverse("accounts:person-new"), {**NEW, "name": ""})

    assert page.status_code == 422
    assert not User.objects.filter(username="zhang").exists()


def test_the_list_shows_ones_own_store_only(client, boss, stranger, specialist):
    page = client.get(reverse("accounts:people"))

    assert set(page.context["people"]) == {boss, specialist}


def test_a_person_of_another_store_leads_no_department_here(client, boss, stranger):
    department = boss.store.departments.first()
    url = reverse("accounts:department-manager", args=[department.pk])

    assert client.post(url, {"person": stranger.pk}).status_code == 404
    department.refresh_from_db()
    assert department.manager is None


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_people_costs_the_same_however_long(
    client, boss, django_assert_num_queries, people
):
    for n in range(people):
        make_user(f"p{n}", boss.store, Role.WORKSHOP)
    client.get(reverse("accounts:people"))

    with django_assert_num_queries(7):
        client.get(reverse("accounts:people"))


@time_machine.travel(NOW, tick=False)
def test_a_cell_of_the_roster_turns(client, boss, specialist):
    url = reverse("accounts:roster-set")
    client.post(url, {"cell": f"{specialist.pk}:2026-11-24:off"})
    assert list(DutyDay.objects.values_list("user", "on", "on_duty")) == [
        (specialist.pk, date(2026, 11, 24), False)
    ]

    part = client.post(
        url, {"cell": f"{specialist.pk}:2026-11-24:on"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert b"<html" not in part.content
    assert DutyDay.objects.get().on_duty


@time_machine.travel(NOW, tick=False)
def test_a_past_cell_is_refused_in_words(client, boss, specialist):
    page = client.post(reverse("accounts:roster-set"), {"cell": f"{specialist.pk}:2026-11-20:off"})

    assert page.status_code == 409
    assert "已过去的日期不能再排班" in page.content.decode()
    assert not DutyDay.objects.exists()


def test_a_stranger_cannot_be_rostered(client, boss, stranger):
    page = client.post(reverse("accounts:roster-set"), {"cell": f"{stranger.pk}:2036-01-01:off"})

    assert page.status_code == 404
    assert not DutyDay.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_the_calendar_shows_holidays_by_name_and_corrections_by_hand(client, boss):
    client.post(
        reverse("accounts:calendar-correct"),
        {"on": "2026-12-31", "kind": "closed", "note": "盘点"},
    )
    assert CalendarDay.objects.get().store == boss.store

    october = client.get(reverse("accounts:calendar"), {"month": "2026-10-01"}).content.decode()
    assert "国庆节" in october
    assert "盘点" in october


@time_machine.travel(NOW, tick=False)
def test_slots_of_today_are_refused_on_the_page(client, boss):
    slots = {
        "effective_from": "2026-11-23",
        "morning_from": "09:00",
        "morning_until": "11:00",
        "afternoon_from": "13:00",
        "afternoon_until": "15:00",
        "late_from": "15:00",
        "late_until": "17:00",
    }
    url = reverse("accounts:slots-new")

    assert client.post(url, slots).status_code == 409
    assert boss.store.call_slots.count() == 1
    assert client.post(url, {**slots, "effective_from": "2026-11-24"}).status_code == 302
    assert boss.store.call_slots.count() == 2
