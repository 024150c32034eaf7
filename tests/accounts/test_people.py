"""Entering people, giving roles and passwords (ORG-01, SEC-03)."""

import pytest

from apps.accounts.actions.people import (
    add_person,
    change_person,
    reset_password,
    set_active,
)
from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.errors import Refused
from tests.factories import make_user


@pytest.fixture
def general_manager(store):
    return make_user("boss", store, Role.GENERAL_MANAGER)


@pytest.fixture
def office(store):
    return make_user("office", store, Role.ADMINISTRATION)


def enter(store, by, *roles, username="zhang"):
    return add_person(
        store, username, "张三", roles=roles, department=None, password="secret-234", by=by
    )


def test_a_new_person_comes_in_by_a_temporary_password(store, office):
    person = enter(store, office, Role.CARE_SPECIALIST)

    person.refresh_from_db()
    assert (person.store, person.roles, person.name) == (store, ["care_specialist"], "张三")
    assert person.check_password("secret-234")
    assert person.password_is_temporary


def test_a_user_name_is_given_once_whatever_its_case(store, office):
    enter(store, office)

    with pytest.raises(Refused):
        enter(store, office, username="ZHANG")
    assert User.objects.filter(name="张三").count() == 1


@pytest.mark.parametrize("role", [Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.ADMINISTRATION])
def test_the_office_does_not_make_leaders(store, office, role):
    with pytest.raises(Refused):
        enter(store, office, role)
    assert not User.objects.filter(username="zhang").exists()


def test_the_general_manager_makes_leaders(store, general_manager):
    assert enter(store, general_manager, Role.CARE_MANAGER).roles == [Role.CARE_MANAGER]


def test_nobody_changes_his_own_roles(store, general_manager):
    with pytest.raises(Refused):
        change_person(general_manager, name="我", roles=[], department=None, by=general_manager)

    general_manager.refresh_from_db()
    assert general_manager.roles == [Role.GENERAL_MANAGER]
    assert general_manager.name == "boss"


def test_one_may_change_his_own_name(store, general_manager):
    change_person(
        general_manager,
        name="王总",
        roles=[Role.GENERAL_MANAGER],
        department=None,
        by=general_manager,
    )

    general_manager.refresh_from_db()
    assert general_manager.name == "王总"


def test_the_office_does_not_take_a_leaders_role_away(store, office, general_manager):
    with pytest.raises(Refused):
        change_person(general_manager, name="x", roles=[Role.WORKSHOP], department=None, by=office)

    general_manager.refresh_from_db()
    assert general_manager.roles == [Role.GENERAL_MANAGER]


def test_the_office_gets_no_leaders_password(store, office, general_manager):
    with pytest.raises(Refused):
        reset_password(general_manager, "taken-over", by=office)

    general_manager.refresh_from_db()
    assert general_manager.check_password("x")


def test_a_new_password_is_temporary_and_the_old_one_is_gone(store, office, specialist):
    reset_password(specialist, "fresh-2345", by=office)

    specialist.refresh_from_db()
    assert specialist.password_is_temporary
    assert specialist.check_password("fresh-2345")
    assert not specialist.check_password("x")


def test_nobody_locks_himself_out(store, general_manager):
    with pytest.raises(Refused):
        set_active(general_manager, False, by=general_manager)

    general_manager.refresh_from_db()
    assert general_manager.is_active


def test_two_managers_cannot_both_be_locked_out(store, general_manager):
    second = make_user("second", store, Role.GENERAL_MANAGER)
    set_active(second, False, by=general_manager)

    with pytest.raises(Refused):  # ``second`` in memory still looks active
        set_active(general_manager, False, by=second)
    general_manager.refresh_from_db()
    assert general_manager.is_active


def test_who_has_left_is_out_at_once(client, store, office, specialist):
    client.force_login(specialist)
    assert client.get("/").status_code == 200

    set_active(specialist, False, by=office)

    assert client.get("/").status_code == 302


def also_reads(person, stores, by):
    change_person(
        person, name=person.name, roles=person.roles, department=None, reads=stores, by=by
    )
    return set(person.reads.all())


def test_the_system_administrator_lets_a_group_manager_read_any_store(store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    keeper = make_user("keeper", store, Role.SYSTEM_ADMINISTRATOR)

    assert also_reads(group, [other_store], keeper) == {other_store}
    assert User.objects.get(pk=group.pk).store_ids == [store.pk, other_store.pk]
    assert also_reads(group, [], keeper) == set()


def test_a_general_manager_gives_only_stores_he_reads_himself(store, other_store, general_manager):
    group = make_user("group", store, Role.GROUP_MANAGER)

    assert also_reads(group, [other_store], general_manager) == set()
    group.reads.add(other_store)
    assert also_reads(group, [], general_manager) == {other_store}


def test_nobody_gives_himself_a_store(store, other_store):
    keeper = make_user("keeper", store, Role.SYSTEM_ADMINISTRATOR, Role.GROUP_MANAGER)

    with pytest.raises(Refused):
        also_reads(keeper, [other_store], keeper)
    assert not keeper.reads.exists()


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.SYSTEM_ADMINISTRATOR, 1), (Role.GENERAL_MANAGER, 0), (Role.ADMINISTRATION, 0)],
)
def test_the_page_of_a_person_offers_the_stores_one_may_give(
    client, store, other_store, role, offered
):
    group = make_user("group", store, Role.GROUP_MANAGER)
    client.force_login(make_user("somebody", store, role))

    form = client.get(f"/accounts/people/{group.pk}/").context["form"]

    assert len(form.fields["reads"].queryset if "reads" in form.fields else []) == offered


def test_the_stores_are_saved_with_the_page(client, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    client.force_login(make_user("keeper", store, Role.SYSTEM_ADMINISTRATOR))

    client.post(
        f"/accounts/people/{group.pk}/",
        {"name": "集团", "roles": [Role.GROUP_MANAGER], "reads": [other_store.pk]},
    )

    assert list(group.reads.all()) == [other_store]
