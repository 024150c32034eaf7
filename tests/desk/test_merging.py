"""CUS-04: two records become one without losing anything, and two again as they were."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.care.models import Attempt
from apps.customers.models import Duplicate
from apps.desk import invariants
from apps.desk.merging import merge_customers, undo_merge
from apps.messaging.models import Message
from tests.desk import merging
from tests.factories import NOW, make_customer

DAY = timedelta(days=1)


@pytest.fixture
def pair(store, other_store):
    """Two records of one store, and a stranger's of the same name and number."""
    make_customer(other_store, "张玮", "13911112222")
    return make_customer(store, "张伟", "13911112222"), make_customer(store, "张玮", "13911112222")


def merge(kept, gone, by, now=NOW, **chosen):
    return merge_customers(kept, gone, chosen=chosen, by=by, now=now)


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=merging.records, other=merging.records, towards=st.booleans(), third=st.booleans())
def test_nothing_is_lost_nothing_doubled_and_undone_all_is_as_before(
    store, manager, specialist, one, other, towards, third
):
    with transaction.atomic():
        someone = make_customer(store, "李四")
        people = [
            merging.make_record(store, told, specialist, someone, name)
            for told, name in ((one, "张伟"), (other, "张玮"))
        ]
        kept, gone = people if towards else people[::-1]
        if third:
            low, high = sorted((kept.pk, gone.pk))
            Duplicate.objects.create(
                store=store, low_id=low, high_id=high, signs=["phone"], strength=4, found_at=NOW
            )
        before, owned = merging.everything(), merging.counted(people)
        shared = set(kept.numbers.values_list("number", flat=True)) & set(
            gone.numbers.values_list("number", flat=True)
        )
        attempts = set(Attempt.objects.values_list("pk", "at", "slot", "counted", "result"))
        messages = set(Message.objects.values_list("pk", "text", "to"))

        done = merge(kept, gone, manager)

        has = merging.counted([kept])
        assert {n: c for n, c in merging.counted([gone]).items() if c} == (
            {"customers.Duplicate.low" if gone.pk < kept.pk else "customers.Duplicate.high": 1}
            if third
            else {}
        )
        lost = {name: owned[name] - has[name] for name in owned}
        assert lost.pop("customers.ContactNumber.customer") == len(shared)
        assert -2 <= lost.pop("customers.Consent.customer") <= 0
        lost.pop("customers.Duplicate.low"), lost.pop("customers.Duplicate.high")
        assert lost.pop("customers.Customer.merged_into") == -1
        assert lost == dict.fromkeys(lost, 0)
        assert set(Attempt.objects.values_list("pk", "at", "slot", "counted", "result")) == attempts
        assert set(Message.objects.values_list("pk", "text", "to")) == messages
        cycles = [call.cycle for call in merging.open_birthdays(kept)]
        assert len(cycles) == len(set(cycles)) and not any("/" in cycle for cycle in cycles)
        assert invariants.broken() == {}

        assert undo_merge(done, by=manager, now=NOW + DAY) == []

        assert merging.everything() == before
        assert invariants.broken() == {}
        transaction.set_rollback(True)
