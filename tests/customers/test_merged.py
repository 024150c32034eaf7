"""A record that was merged into another: hidden, but its old links lead on (CUS-04)."""

import pytest
from django.urls import reverse

from apps.core.errors import Refused
from apps.customers import actions
from apps.customers.models import Customer
from apps.customers.search import search
from tests.factories import NOW, make_customer


@pytest.fixture
def kept(store):
    return make_customer(store, "张伟", initials="zw")


@pytest.fixture
def gone(store, kept):
    return make_customer(store, "张炜炜", initials="zww", merged_into=kept, merged_at=NOW)


def test_lists_pass_it_over_and_foreign_keys_still_find_it(store, kept, gone):
    assert list(Customer.objects.all()) == [kept] == list(store.customers.all())
    assert set(Customer.everyone.all()) == {kept, gone}
    gone.refresh_from_db()
    assert gone.numbers.get().customer == gone


@pytest.mark.parametrize(
    "page", ["desk:customer", "desk:customer-timeline", "desk:customer-history"]
)
def test_its_page_leads_to_the_record_that_was_kept(client, specialist, kept, gone, page):
    client.force_login(specialist)

    response = client.get(reverse(page, args=[gone.pk]))

    assert (response.status_code, response.url) == (302, reverse(page, args=[kept.pk]))


def test_a_stranger_is_led_nowhere(client, stranger, gone):
    client.force_login(stranger)

    assert client.get(reverse("desk:customer", args=[gone.pk])).status_code == 404


def test_a_form_that_was_open_meanwhile_changes_nothing_and_says_so(client, manager, kept, gone):
    client.force_login(manager)

    url = reverse("customers:number-new", args=[gone.pk])
    response = client.post(url, {"number": "13912345678"}, follow=True)

    assert response.redirect_chain == [(reverse("desk:customer", args=[kept.pk]), 302)]
    assert "没有改动任何内容" in response.content.decode()
    assert kept.numbers.count() == gone.numbers.count() == 1


def test_an_action_that_comes_too_late_is_refused(manager, gone):
    with pytest.raises(Refused):
        actions.add_number(gone, "13912345678", by=manager, now=NOW)

    assert gone.numbers.count() == 1


@pytest.mark.parametrize("text", ["张炜炜", "zww"])
def test_who_knows_the_old_name_finds_the_new_record(store, other_store, kept, gone, text):
    make_customer(other_store, "张炜炜", initials="zww")

    [hit] = search([store.pk], text)

    assert (hit.customer, hit.matched) == (kept, "曾用名 张炜炜")
