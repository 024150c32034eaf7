"""What is written down about looks and changes cannot be changed (SEC-01, SEC-04)."""

import pytest
from django.db import InternalError, connection, transaction

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.models import Access
from apps.audit.queries import changes
from apps.customers import actions
from apps.customers.models import Customer
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def refused(sql):
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_look_cannot_be_changed_or_removed(store, specialist, now):
    customer = make_customer(store)
    note_access([customer], by=specialist, kind=AccessKind.VIEW, now=now, reason="核对")
    refused("UPDATE audit_access SET reason = ''")
    refused("DELETE FROM audit_access")
    assert Access.objects.get().reason == "核对"


def test_the_history_of_a_customer_cannot_be_changed_or_removed(store, specialist):
    customer = make_customer(store, name="张伟")
    actions.change_customer(customer, by=specialist, name="张玮")
    table = Customer.events.rel.related_model._meta.db_table
    refused(f"UPDATE {table} SET name = '李四'")
    refused(f"DELETE FROM {table}")
    assert customer.events.get().name == "张伟"


def test_raw_sql_is_in_the_history_too(store):
    customer = make_customer(store, name="张伟")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET address = '上海' WHERE id = %s", [customer.pk]
        )
    customer.refresh_from_db()
    [change] = changes(customer)
    assert [(f.before, f.after) for f in change.fields] == [("—", "上海")]


def test_changes_come_newest_first_with_before_and_after(store, specialist):
    customer = make_customer(store, name="张伟")
    for name in ("张玮", "张薇"):
        actions.change_customer(customer, by=specialist, name=name)
    customer.refresh_from_db()
    found = changes(customer)
    assert [(f.before, f.after) for c in found for f in c.fields] == [
        ("张玮", "张薇"),
        ("张伟", "张玮"),
    ]
    assert found[0].at >= found[1].at


def test_a_sealed_number_shows_only_that_it_changed(store, specialist):
    customer = make_customer(store)
    actions.change_customer(customer, by=specialist, id_number="11010519491231002X")
    customer.refresh_from_db()
    [change] = changes(customer)
    assert [(f.before, f.after) for f in change.fields] == [("••••", "••••")]


def test_a_derived_column_leaves_no_history(store):
    customer = make_customer(store)
    Customer.objects.filter(pk=customer.pk).update(reachable=False)
    assert customer.events.count() == 0
