"""Two at once over one difference, staged (DATA-05)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.core.errors import Refused
from apps.customers.models import Vehicle
from apps.exchange import people as exchange
from apps.exchange.actions import settle
from apps.exchange.models import Difference
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.exchange.files import DELIVERIES, bring, csv_file, delivery
from tests.exchange.pages_differences import make_difference
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def decide(row, side, by):
    """What a person who decides reads when it is refused."""
    try:
        settle([row.pk], side, store=row.store, by=by, now=NOW)
    except Refused as refusal:
        return str(refusal)
    return ""


def test_while_an_import_runs_nothing_is_decided(store, manager):
    row = make_difference(store)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        exchange.hold(store.pk)
        refused = pool.submit(closing, decide, row, "theirs", manager).result()
    assert "导入" in refused
    assert Difference.objects.get().status == "open"


def test_of_two_who_decide_at_once_the_second_is_told_who_was_first(store, manager, specialist):
    row = make_difference(store)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert decide(row, "ours", manager) == ""
            second = pool.submit(closing, decide, row, "theirs", specialist)
            wait_until_someone_waits_for_a_lock()
        assert "manager" in second.result()
    row.refresh_from_db()
    assert (row.status, row.decided_by, row.customer.address) == ("ours_kept", manager, "上海")


def test_an_import_waits_for_who_decides_and_heeds_it(store, manager, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery())
    bring(store, path)
    Vehicle.objects.update(plate="沪C77777")
    bring(store, path)
    row = Difference.objects.get()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert decide(row, "ours", manager) == ""
            second = pool.submit(closing, bring, store, path)
            wait_until_someone_waits_for_a_lock()
        assert second.result().differences == {}
    assert Difference.objects.get().status == "ours_kept"


def test_of_two_imports_at_once_the_second_lists_nothing_twice(store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery())
    bring(store, path)
    Vehicle.objects.update(plate="沪C77777")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            bring(store, path)
            second = pool.submit(closing, bring, store, path)
            wait_until_someone_waits_for_a_lock()
        assert second.result().differences == {"plate": 1}
    assert Difference.objects.count() == 1
