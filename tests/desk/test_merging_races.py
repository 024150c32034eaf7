"""CUS-04 under load: of two that meet at one customer the second is known to be waiting."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.care.actions.claim import claim_next
from apps.care.models import Call
from apps.core.errors import Refused
from apps.customers.models import Customer, Merge
from apps.desk import invariants
from apps.desk.merging import merge_customers
from apps.exchange import people as exchange
from tests.care.calls import make_call
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(store, specialist):
    """Two records, each with a car and a call that may be made now."""
    people = [make_customer(store, name, "13911112222") for name in ("张伟", "张玮")]
    for person in people:
        make_call(store, customer=person, owner=specialist)
    return people


def merge(kept, gone, by):
    try:
        return merge_customers(kept, gone, chosen={}, by=by, now=NOW)
    except Refused as refusal:
        return str(refusal)


def test_of_two_merges_in_both_directions_one_is_done(pair, manager):
    one, other = pair
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = merge(one, other, manager)
            second = pool.submit(closing, merge, other, one, manager)
            wait_until_someone_waits_for_a_lock()
        refused = second.result()

    assert isinstance(first, Merge) and isinstance(refused, str)
    assert list(Customer.objects.all()) == [one]
    assert Merge.objects.count() == 1
    assert invariants.broken() == {}


def test_who_asks_for_the_next_call_during_a_merge_gets_nobody_of_the_two(
    pair, manager, specialist
):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        merge(*pair, manager)
        claimed = pool.submit(closing, claim_next, by=specialist, now=NOW).result()

    assert claimed == []
    assert {call.customer for call in claim_next(by=specialist, now=NOW)} == {pair[0]}


def test_a_merge_that_meets_a_claim_waits_and_is_refused(pair, manager, specialist):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            [call] = claim_next(by=specialist, now=NOW)
            second = pool.submit(closing, merge, *pair, manager)
            wait_until_someone_waits_for_a_lock()
        refused = second.result()

    assert "li_na" in refused
    assert {c.customer for c in Call.objects.all()} == set(pair)
    assert Call.objects.get(holder=specialist) == call


def test_a_merge_gives_way_to_an_import_that_runs(pair, manager, store):
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        exchange.hold(store.pk)
        refused = pool.submit(closing, merge, *pair, manager).result()

    assert "导入" in refused
    assert Customer.objects.count() == 2


def test_an_import_waits_for_a_merge_and_sees_it(pair, manager, store):
    def rows():
        with transaction.atomic():
            exchange.hold(store.pk)
            return list(Customer.objects.values_list("pk", flat=True))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            merge(*pair, manager)
            second = pool.submit(closing, rows)
            wait_until_someone_waits_for_a_lock()
        seen = second.result()

    assert seen == [pair[0].pk]
