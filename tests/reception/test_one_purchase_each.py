"""A lost purchase taken up again while a new one of the customer is opened: one is followed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.customers.models import Customer
from apps.reception.actions import pipeline as keeping
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.choices.opportunity import WORKED
from apps.reception.models import Opportunity
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, make_store, make_user
from tests.reception.pages_opportunities import make_opportunity

pytestmark = pytest.mark.django_db(transaction=True)


def again(pk):
    try:
        keeping.take_up_again(Opportunity.objects.get(pk=pk), level="a", now=NOW)
    except Refused:
        return "refused"
    return "taken up"


def both(waits):
    """What the second gets who comes while the first has not finished."""
    store = make_store("S1")
    seller = make_user("seller", store, Role.SALES_CONSULTANT)
    row = make_opportunity(store, seller)
    keeping.propose_lost(row, reason="price", by=seller, now=NOW)
    keeping.approve_lost(row, by=seller, now=NOW)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            open_opportunity(row.customer, seller, by=seller, now=NOW)
            second = pool.submit(closing, again, row.pk)
            if waits:
                wait_until_someone_waits_for_a_lock()
            else:
                second.result(20)
        told = second.result(20)
    return told, Opportunity.objects.filter(status__in=WORKED).count()


def test_the_second_waits_and_is_refused():
    assert both(waits=True) == ("refused", 1)


def test_without_the_lock_there_are_two(monkeypatch):
    real = keeping.locked
    monkeypatch.setattr(
        keeping, "locked", lambda thing: thing if isinstance(thing, Customer) else real(thing)
    )
    assert both(waits=False) == ("taken up", 2)
