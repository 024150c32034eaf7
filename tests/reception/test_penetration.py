"""What is sold along with the cars (REP-10): every number is the rows behind it (REP-08)."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from apps.reception.figures import penetration as figures
from apps.reception.models import LoanApplication
from tests.factories import NOW, SHANGHAI
from tests.reception.sold import boss, make_order, person

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def sell(store, by=None, on=NOW, loan="", **along):
    order = make_order(store, by, status="delivered", delivered_at=on, **along)
    if loan:
        LoanApplication.objects.create(
            **{"store": store, "order": order, "status": loan, "lender": "工行", "months": 36},
            **{"amount": Decimal(1000), "by": order.consultant, "made_at": NOW},
        )
    return order


@pytest.fixture
def month(store, other_store):
    """Four cars of two consultants, one of them of October; a stranger's and an open order."""
    one, other = person(store), person(store, "colleague")
    sold = [
        sell(store, one, insurance_amount=Decimal(6000), loan="paid_out"),
        sell(store, one, insurance_amount=Decimal(1), accessories_amount=Decimal(900)),
        sell(store, other, loan="refused"),
        sell(store, other, on=datetime(2026, 10, 31, 23, 30, tzinfo=SHANGHAI), loan="approved"),
    ]
    sell(other_store, insurance_amount=Decimal(6000))
    make_order(store, one, status="deposited", insurance_amount=Decimal(6000))
    return sold


def test_each_figure_is_the_rows_it_counts(store, month):
    first, second, third, _october = month
    ask = ([store.pk], FIRST, LAST)

    assert set(figures.sold(*ask)) == {first, second, third}
    assert set(figures.sold_with("insurance", *ask)) == {first, second}
    assert set(figures.sold_with("loan", *ask)) == {first}
    assert set(figures.sold_with("accessories", *ask)) == {second}


def test_per_consultant_and_month(store, month):
    people = figures.by_consultant(figures.sold([store.pk], FIRST, LAST))

    assert [(share.key, share.cars, share.along) for share in people] == [
        (person(store), 2, {"insurance": 2, "loan": 1, "accessories": 1}),
        (person(store, "colleague"), 1, {"insurance": 0, "loan": 0, "accessories": 0}),
    ]
    assert people[0].shares[0] == ("insurance", 2, 100.0)
    whole = figures.together(people)
    assert (whole.cars, whole.along["loan"]) == (3, 1)
    months = figures.by_month(figures.sold([store.pk], date(2026, 1, 1), LAST))
    assert [(share.key, share.cars, share.along["loan"]) for share in months] == [
        (date(2026, 11, 1), 3, 1),
        (date(2026, 10, 1), 1, 1),
    ]
    assert figures.together([]).shares[0] == ("insurance", 0, None)


@time_machine.travel(NOW, tick=False)
def test_the_page_links_each_number_to_its_orders(client, store, month):
    client.force_login(boss(store))
    page = reverse("reception:penetration")
    shown = client.get(page).context
    assert (shown["whole"].cars, len(shown["months"])) == (3, 2)
    assert client.get(page, {"month": "2026-10"}).context["whole"].cars == 1
    assert client.get(page, {"month": "x"}).context["whole"].cars == 3

    asked = {"month": "2026-11", "with_what": "insurance", "consultant": person(store).pk}
    rows = client.get(reverse("reception:order-list"), asked).context["rows"]
    assert rows == [month[1], month[0]]

    client.force_login(person(store, "colleague"))
    assert client.get(page).context["whole"].cars == 1
