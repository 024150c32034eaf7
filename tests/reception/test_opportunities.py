"""Purchases that customers think of (REC-03, REC-10)."""

from datetime import date, timedelta

import pytest

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reception.actions.opportunities import note_contact, open_opportunity, start_clock
from apps.reception.models import Clock, Opportunity, SalesNumbers
from apps.reception.queries.opportunities import seen_by
from tests.factories import NOW, make_customer, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def seller(store):
    return make_user("seller", store, Role.SALES_CONSULTANT)


@pytest.fixture
def wanted(store, seller):
    return open_opportunity(make_customer(store), seller, by=seller, now=NOW, level="h")


def test_the_level_says_when_to_ask_again(store, seller):
    days = {"h": 7, "a": 15, "b": 30, "c": 90}
    for number, (level, wait) in enumerate(days.items()):
        customer = make_customer(store, f"客户{number}", f"1390000000{number}")
        row = open_opportunity(customer, seller, by=seller, now=NOW, level=level)
        assert row.follow_up_on == TODAY + timedelta(days=wait)


def test_a_store_may_set_its_own_days(store, seller):
    SalesNumbers.objects.update_or_create(
        store=store, effective_from=date(2020, 1, 1), defaults={"level_h_days": 3}
    )
    SalesNumbers.objects.filter(effective_from__gt=date(2020, 1, 1)).delete()

    row = open_opportunity(make_customer(store), seller, by=seller, now=NOW, level="h")

    assert row.follow_up_on == TODAY + timedelta(days=3)


def test_an_online_enquiry_is_to_be_answered_within_a_day(store, seller):
    row = open_opportunity(make_customer(store), seller, by=seller, now=NOW, source="web")

    clock = row.clocks.get()
    assert (clock.kind, clock.due_at) == ("enquiry", NOW + timedelta(hours=24))


def test_a_contact_that_reached_keeps_the_promises_and_sets_the_next_day(wanted, seller):
    start_clock(wanted, "thanks", since=NOW)
    start_clock(wanted, "thanks", since=NOW)
    later = NOW + timedelta(days=1)

    note_contact(wanted, by=seller, now=later, how="phone", level="a", text="周末再来")

    wanted.refresh_from_db()
    clock = Clock.objects.get()
    assert clock.done_at == later and clock.contact == wanted.contacts.get()
    assert (wanted.level, wanted.follow_up_on) == ("a", later.date() + timedelta(days=15))


def test_a_contact_that_did_not_reach_leaves_everything_as_it_was(wanted, seller):
    start_clock(wanted, "thanks", since=NOW)
    due = wanted.follow_up_on

    note_contact(wanted, by=seller, now=NOW, how="phone", level="c", reached=False)

    wanted.refresh_from_db()
    assert (wanted.level, wanted.follow_up_on) == ("h", due)
    assert Clock.objects.get().done_at is None


def test_one_open_opportunity_of_a_customer_with_a_consultant(wanted, seller):
    with pytest.raises(Refused):
        open_opportunity(wanted.customer, seller, by=seller, now=NOW)
    assert Opportunity.objects.count() == 1


def test_nobody_opens_one_for_another_store(store, other_store, seller):
    stranger = make_customer(other_store, "外人", "13900000009")
    with pytest.raises(Refused):
        open_opportunity(stranger, seller, by=seller, now=NOW)
    assert not Opportunity.objects.exists()


def test_a_consultant_sees_his_own_and_the_manager_the_stores(store, other_store, wanted, seller):
    colleague = make_user("colleague", store, Role.SALES_CONSULTANT)
    manager = make_user("manager", store, Role.SALES_MANAGER)
    stranger = make_user("stranger", other_store, Role.SALES_MANAGER)

    assert [list(seen_by(user)) for user in (seller, colleague, manager, stranger)] == [
        [wanted],
        [],
        [wanted],
        [],
    ]
