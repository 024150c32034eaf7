"""The menu: what each role is offered opens; the numbers are one query."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.desk.entries import MENU
from apps.desk.menu import CAP, Shell, _address
from tests.factories import TODAY, make_call, make_user
from tests.reception.quoting import line, make_opportunity, make_scheme


def shell_of(user):
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=user.pk)
    request.resolver_match = None
    return Shell(request)


def offered(user):
    return [entry for group in shell_of(user).menu for entry in group]


@pytest.mark.parametrize("role", Role)
def test_everything_a_role_is_offered_opens(client, store, role):
    person = make_user("somebody", store, role)
    client.force_login(person)

    answers = {entry.name: client.get(entry.url).status_code for entry in offered(person)}

    assert answers == dict.fromkeys(answers, 200)
    assert "desk:home" in answers


def test_every_entry_is_offered_to_somebody(store):
    everything = make_user("all", store, *Role)

    assert [entry.name for entry in offered(everything)] == [
        entry.name for group in MENU for entry in group if _address(entry.name)
    ]


def test_a_person_without_a_role_is_offered_nothing(store):
    assert offered(make_user("nobody", store)) == []


@pytest.mark.parametrize("calls", [1, 3])
def test_all_the_numbers_are_one_query(store, specialist, calls, django_assert_num_queries):
    for _n in range(calls):
        make_call(store, owner=specialist)
    make_call(store, owner=specialist, paused_on=TODAY)  # waits for a good number
    shell = shell_of(specialist)

    with django_assert_num_queries(1):
        counts = {entry.name: entry.count for group in shell.menu for entry in group}

    assert counts["care:queue"] == str(calls)


def test_a_number_is_counted_up_to_its_cap_only(store, specialist):
    customer = make_call(store, owner=specialist).customer
    for n in range(CAP):
        make_call(
            store, owner=specialist, customer=customer, cycle=f"c{n}", due_on=TODAY + timedelta(1)
        )

    assert next(e.count for e in offered(specialist) if e.name == "care:queue") == "99+"


def test_discounts_and_losses_wait_at_one_entry(store, other_store):
    boss = make_user("boss", store, Role.SALES_MANAGER)
    for place in (store, other_store):
        for status in ("open", "lost_proposed"):
            wanted = make_opportunity(place)
            reason = "price" if status == "lost_proposed" else ""
            type(wanted).objects.filter(pk=wanted.pk).update(status=status, lost_reason=reason)
            if status == "open":
                make_scheme(place, line("discount", 6000), opportunity=wanted, reason="熟客")

    counts = {entry.name: entry.count for entry in offered(boss)}

    assert counts["reception:approval-list"] == "2"
