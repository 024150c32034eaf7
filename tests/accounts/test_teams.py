"""Teams of the sales department, by day (SSI-05, SSI-07)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.actions.teams import (
    add_team,
    delete_team,
    put_into_team,
    rename_team,
    withdraw_membership,
)
from apps.accounts.choices import Role
from apps.accounts.models import Team, TeamMember
from apps.accounts.queries import memberships, team_on
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def wang(store):
    return make_user("wang", store, Role.SALES_CONSULTANT)


def belongs(user, team, day):
    return TeamMember.objects.create(store=user.store, user=user, team=team, from_on=day)


def test_the_row_that_began_last_says_the_team_of_a_day(store, wang, django_assert_num_queries):
    one, two = (Team.objects.create(store=store, name=name) for name in ("一组", "二组"))
    li = make_user("li", store, Role.SALES_CONSULTANT)
    belongs(wang, one, MAY)
    belongs(wang, two, JUNE)
    belongs(wang, None, JULY)
    belongs(li, one, JUNE)
    both = [wang.pk, li.pk]

    with django_assert_num_queries(1):
        assert team_on(both, date(2026, 5, 31)) == {wang.pk: one.pk}
    assert team_on(both, date(2026, 4, 30)) == {}
    assert team_on(both, JUNE) == {wang.pk: two.pk, li.pk: one.pk}
    assert team_on(both, JULY) == {li.pk: one.pk}
    assert team_on([li.pk], JUNE) == {li.pk: one.pk}
    assert team_on([], JUNE) == {}


def test_a_name_is_of_one_team_of_the_store(store, other_store):
    one = add_team(store, "一组")
    add_team(other_store, "一组")  # another store's is no hindrance

    with pytest.raises(Refused, match="已有同名"):
        add_team(store, "一组")
    two = add_team(store, "二组")
    with pytest.raises(Refused, match="已有同名"):
        rename_team(two, "一组")
    rename_team(one, "一组")  # its own name
    rename_team(two, "精英组")

    assert list(Team.objects.filter(store=store).values_list("name", flat=True)) == [
        "一组",
        "精英组",
    ]


def test_for_the_same_day_the_newer_word_holds(store, wang):
    one, two = add_team(store, "一组"), add_team(store, "二组")
    put_into_team(wang, one, JUNE)
    put_into_team(wang, two, JUNE)

    assert [(row.team, row.from_on) for row in TeamMember.objects.all()] == [(two, JUNE)]
    assert team_on([wang.pk], JUNE) == {wang.pk: two.pk}


def test_what_changes_nothing_or_crosses_stores_is_refused(store, other_store, wang):
    one, strange = add_team(store, "一组"), add_team(other_store, "一组")
    with pytest.raises(Refused, match="没有变化"):
        put_into_team(wang, None, JUNE)
    with pytest.raises(Refused, match="同一家店"):
        put_into_team(wang, strange, JUNE)
    put_into_team(wang, one, MAY)
    with pytest.raises(Refused, match="没有变化"):
        put_into_team(wang, one, JUNE)

    assert [(row.team, row.from_on) for row in TeamMember.objects.all()] == [(one, MAY)]


def test_only_what_has_not_begun_is_taken_back(store, wang):
    one = add_team(store, "一组")
    begun, coming = put_into_team(wang, one, MAY), put_into_team(wang, None, JUNE)
    with pytest.raises(Refused, match="已经生效"):
        withdraw_membership(begun, on=MAY)
    withdraw_membership(coming, on=MAY)

    assert list(TeamMember.objects.all()) == [begun]


def test_a_team_to_which_somebody_belonged_stays(store, wang):
    one, two = add_team(store, "一组"), add_team(store, "二组")
    put_into_team(wang, one, MAY)
    put_into_team(wang, None, JUNE)
    with pytest.raises(Refused, match="保留"):
        delete_team(one)
    delete_team(two)

    assert list(Team.objects.all()) == [one]


@pytest.mark.django_db(transaction=True)
def test_who_joins_a_team_that_is_deleted_meanwhile_is_refused(store):
    team, wang = add_team(store, "一组"), make_user("wang", store, Role.SALES_CONSULTANT)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        delete_team(Team.objects.get())
        second = pool.submit(closing, put_into_team, wang, team, MAY)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    with pytest.raises(Refused, match="重新"):
        second.result()

    assert not TeamMember.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_key_is_the_wall(store, monkeypatch):
    """The control: who does not look again is stopped by the database."""
    team, wang = add_team(store, "一组"), make_user("wang", store, Role.SALES_CONSULTANT)
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_kw: self)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        delete_team(Team.objects.get())
        second = pool.submit(closing, put_into_team, wang, team, MAY)
        wait_until_someone_waits_for_a_lock()
    with pytest.raises(IntegrityError, match="foreign key"):
        second.result()

    assert not TeamMember.objects.exists()


def test_the_periods_of_a_person_follow_one_another(store, other_store, wang):
    one = add_team(store, "一组")
    put_into_team(wang, one, MAY)
    put_into_team(wang, None, JUNE)
    put_into_team(make_user("strange", other_store), add_team(other_store, "外组"), MAY)

    found = memberships(store)

    assert [(m.row.team, m.row.from_on, m.until) for m in found] == [
        (None, JUNE, None),
        (one, MAY, date(2026, 5, 31)),
    ]
    assert [m.holds(date(2026, 5, 31)) for m in found] == [False, True]


# The pages


@pytest.fixture
def chief(client, store):
    """The sales manager keeps his teams."""
    person = make_user("chief", store, Role.SALES_MANAGER)
    client.force_login(person)
    return client


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_a_day(chief, store, other_store, wang, people, django_assert_num_queries):
    one = add_team(store, "一组")
    put_into_team(wang, one, MAY)
    put_into_team(wang, None, JUNE)
    for number in range(people):
        put_into_team(make_user(f"li{number}", store, Role.SALES_CONSULTANT), one, JUNE)
    put_into_team(make_user("strange", other_store), add_team(other_store, "外组"), MAY)

    with django_assert_num_queries(12):
        page = chief.get(reverse("accounts:teams"), {"on": "2026-06-02"})

    [(team, there)] = page.context["teams"]
    assert (team, [m.row.user.name for m in there]) == (one, [f"li{n}" for n in range(people)])
    assert page.context["nowhere"] == [wang]
    assertNotContains(page, "外组")
    before = chief.get(reverse("accounts:teams"), {"on": "2026-05-31"})
    assert [m.row.user for m in before.context["teams"][0][1]] == [wang]
    assert chief.get(reverse("accounts:teams"), {"on": "2026-02-30"}).status_code == 200
    rows = LISTINGS["accounts:teams"].rows(chief.get("/").wsgi_request.user, {}, JUNE)
    assert len(rows) == people + 2


def test_the_forms_of_the_page(chief, store, wang, stranger):
    there = reverse("accounts:teams")
    assertRedirects(chief.post(reverse("accounts:team-new"), {"name": "一组"}), there)
    team = Team.objects.get()
    put = {"user": wang.pk, "team": team.pk, "from_on": "2026-05-01"}
    assertRedirects(chief.post(reverse("accounts:team-member-new"), put), there)
    assert team_on([wang.pk], MAY) == {wang.pk: team.pk}

    again = chief.post(reverse("accounts:team-new"), {"name": "一组"})
    assertContains(again, "已有同名", status_code=409)
    nothing = chief.post(reverse("accounts:team-member-new"), put | {"from_on": "2026-06-01"})
    assertContains(nothing, "没有变化", status_code=409)
    strange = chief.post(reverse("accounts:team-member-new"), put | {"user": stranger.pk})
    assert strange.status_code == 422
    refused = chief.post(reverse("accounts:team-delete", args=[team.pk]))
    assertContains(refused, "保留", status_code=409)
    assert (Team.objects.count(), TeamMember.objects.count()) == (1, 1)
    assertRedirects(chief.post(reverse("accounts:team", args=[team.pk]), {"name": "精英组"}), there)
    assert Team.objects.get().name == "精英组"
