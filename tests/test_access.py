"""Who may open what. A URL that is in no table fails the first test."""

import pytest
from django.db import transaction
from django.urls import reverse

from apps.accounts.choices import Role
from tests.access import PUBLIC, address, all_pages, ask, names_of
from tests.factories import make_user

PAGES = all_pages()
OF_AN_OBJECT = [name for name, page in PAGES.items() if page.make and page.scoped]


def test_every_address_is_in_a_table():
    assert set(names_of()) == PUBLIC | set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_who_you_are(client, store, name):
    response = ask(client, PAGES[name], address(name, PAGES[name], store))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_exactly_the_roles_of_its_row(client, store, name):
    page, people = PAGES[name], {role: make_user(role, store, role) for role in Role}
    opened = set()
    for role, person in people.items():
        with transaction.atomic():
            client.force_login(person)
            status = ask(client, page, address(name, page, store)).status_code
            transaction.set_rollback(True)
        found = {404} if page.missing else {200, 204, 302, 409, 422}
        assert status in found | {403}, (role, status)
        if status != 403:
            opened.add(role)

    assert opened == set(page.roles)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if not page.own])
def test_a_page_refuses_those_without_a_role(client, store, name):
    client.force_login(make_user("no_role", store))

    assert ask(client, PAGES[name], address(name, PAGES[name], store)).status_code == 403


@pytest.mark.parametrize("name", OF_AN_OBJECT)
def test_what_belongs_to_another_store_does_not_exist(client, store, stranger, name):
    client.force_login(stranger)

    assert ask(client, PAGES[name], address(name, PAGES[name], store)).status_code == 404
