"""Who may open what. A URL that is in no table fails the first test."""

import pytest
from django.db import transaction
from django.urls import reverse

from apps.accounts.choices import Role
from tests.access import PUBLIC, address, all_pages, ask, names_of
from tests.factories import make_user

PAGES = all_pages()
ARGUMENTS = dict(names_of())
OF_AN_OBJECT = [name for name, page in PAGES.items() if page.make and page.scoped]


def test_every_address_is_in_a_table():
    assert set(ARGUMENTS) == PUBLIC | set(PAGES)


def answers(client, names, store=None):
    """Page → the status with which it answers; what it did is undone.

    Of an object of ``store``, or, which is quick, of one that there is not: who may not come in
    is mostly told so before anything is looked up.
    """
    found = {}
    for name in names:
        with transaction.atomic():
            url = (
                address(name, PAGES[name], store) if store else reverse(name, args=ARGUMENTS[name])
            )
            response = ask(client, PAGES[name], url)
            transaction.set_rollback(True)
        found[name] = response.status_code
        if response.status_code == 302 and response.url.startswith(reverse("account_login")):
            found[name] = "who are you?"
    return found


def test_every_page_asks_who_you_are(client, db):
    assert answers(client, PAGES) == dict.fromkeys(PAGES, "who are you?")


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_exactly_the_pages_whose_row_names_it(client, store, role):
    client.force_login(make_user(role, store, role))
    own = [name for name, page in PAGES.items() if role in page.roles]
    others = sorted(set(PAGES).difference(own))

    refused = answers(client, others)
    by_row = [name for name in others if refused[name] == 404]  # the row decides who may see it
    assert refused | answers(client, by_row, store) == dict.fromkeys(others, 403)
    for name, status in answers(client, own, store).items():
        may = {404} if PAGES[name].missing else {200, 204, 302, 409, 422}
        assert status in may, (name, status)


def test_every_page_refuses_those_without_a_role(client, store):
    names = [name for name, page in PAGES.items() if not page.own]
    client.force_login(make_user("no_role", store))

    assert answers(client, names) == dict.fromkeys(names, 403)


def test_what_belongs_to_another_store_does_not_exist(client, store, stranger):
    """For reading and for writing: the stranger has every right, in his store."""
    client.force_login(stranger)

    assert answers(client, OF_AN_OBJECT, store) == dict.fromkeys(OF_AN_OBJECT, 404)
