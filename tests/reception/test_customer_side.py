"""What the customer's page and time-line tell of the showroom (CUS-06)."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_customer
from tests.reception.pages_opportunities import make_opportunity
from tests.reception.pages_sheets import make_model
from tests.reception.showroom import make_party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def test_a_consultant_goes_from_the_customer_to_his_own_purchase_only(
    client, store, seller, colleague
):
    customer = make_customer(store)
    row = make_opportunity(store, seller, customer=customer)
    page, address = reverse("desk:customer", args=[customer.pk]), f"/opportunities/{row.pk}/"

    client.force_login(seller)
    assertContains(client.get(page), address)
    client.force_login(colleague)
    answer = client.get(page)
    assertNotContains(answer, address)
    assertContains(answer, reverse("reception:opportunity-new", args=[customer.pk]))


def test_the_time_line_says_who_follows_the_customer_and_not_what_was_said(
    client, store, seller, colleague
):
    customer = make_customer(store)
    model = make_model(store, "远行")
    make_opportunity(store, seller, customer=customer, car_model=model, needs="底价二十万")
    visit = make_party(store)
    type(visit).objects.filter(pk=visit.pk).update(customer=customer)

    client.force_login(colleague)
    line = client.get(reverse("desk:customer-timeline", args=[customer.pk]))

    assertContains(line, "商机 · 跟进中")
    assertContains(line, "远行 · seller")
    assertContains(line, "来店 · ")
    assertNotContains(line, "底价二十万")
