"""The first rows of several stores: the same as when all are sorted, however they lie."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Store
from apps.core.rows import first_by_store
from apps.customers.models import Customer

pytestmark = pytest.mark.django_db


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    homes=st.lists(st.integers(0, 4), max_size=60),
    asked=st.sets(st.integers(0, 4), min_size=1),
    limit=st.integers(1, 30),
    order=st.sampled_from([("-pk",), ("name", "pk"), ("-name", "-pk")]),
)
def test_what_is_looked_up_store_by_store_is_what_sorting_everything_gives(
    db, homes, asked, limit, order
):
    with transaction.atomic():
        stores = [Store.objects.create(code=f"L{n}", name=f"店{n}") for n in range(5)]
        Customer.objects.bulk_create(
            Customer(store=stores[home], name="甲乙丙"[n % 3]) for n, home in enumerate(homes)
        )
        ids = [stores[n].pk for n in asked]
        rows = Customer.objects.filter(store__in=ids).order_by(*order)
        expected, found = list(rows)[:limit], first_by_store(rows, ids, limit)
        transaction.set_rollback(True)

    assert found == expected


def test_rows_of_stores_that_lie_before_are_not_read():
    """The archives of stores lie one behind the other; 2 of 40 are asked for."""
    stores = [Store.objects.create(code=f"L{n}", name=f"店{n}") for n in range(40)]
    for store in stores:
        Customer.objects.bulk_create(Customer(store=store, name="甲") for _ in range(100))
    ids = [store.pk for store in stores[:2]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")
        before = _read(cursor)
        first_by_store(Customer.objects.filter(store__in=ids).order_by("-pk"), ids, 10)
        assert _read(cursor) - before <= 40  # of 4,000


def _read(cursor):
    """How many rows of the table this transaction has fetched so far."""
    cursor.execute(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
        " WHERE relname = 'customers_customer'"
    )
    return cursor.fetchone()[0]
