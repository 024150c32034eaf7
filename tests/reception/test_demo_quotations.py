"""The demo store has schemes to look at (REC-07)."""

import pytest

from apps.accounts.choices import Role
from apps.desk.demo.people import add_people
from apps.desk.demo.quoting import add_quotations
from apps.desk.demo.selling import add_purchases
from apps.reception.models import LoanProduct, Quotation
from tests.factories import TODAY
from tests.reception.quoting import make_opportunity, make_seller, make_trim

pytestmark = pytest.mark.django_db


def test_open_purchases_get_schemes_in_every_state(store, other_store):
    make_trim(other_store), make_trim(store, "129800")
    make_opportunity(other_store)
    dear = make_trim(store, "399700")
    for n in range(16):
        row = make_opportunity(store)
        row.trim = None if n % 3 else dear
        row.save()
    boss = make_seller(store, Role.SALES_MANAGER)

    count = add_quotations(store, {"demo_salesmanager": boss}, 7, TODAY)

    rows = Quotation.objects.all()
    assert count == rows.count() == rows.filter(store=store).count() > 16
    assert set(rows.values_list("approval", flat=True)) >= {"not_needed", "waiting", "approved"}
    assert rows.filter(status="accepted").exists() and rows.filter(months=36).exists()


def test_the_purchases_of_the_demo_store_get_schemes(store):
    people = add_people(store)
    add_purchases(store, people, 7, TODAY)

    assert add_quotations(store, people, 7, TODAY) == Quotation.objects.count() > 24
    states = set(Quotation.objects.values_list("approval", flat=True))
    assert states == {"not_needed", "waiting", "approved", "sent_back"}
    assert Quotation.objects.filter(status="accepted").exists()


def test_without_purchases_there_are_only_the_loans(store):
    assert add_quotations(store, {}, 7, TODAY) == 0
    assert LoanProduct.objects.filter(store=store).count() == 3
