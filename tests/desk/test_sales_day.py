"""The showroom on the home page: a consultant's own numbers, a manager's all."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.desk.sales_day import sales_day
from apps.reception.actions.door import register
from apps.reception.actions.opportunities import open_opportunity, start_clock
from apps.reception.models import Opportunity
from tests.factories import NOW, TODAY, make_customer, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller(store):
    return make_user("seller", store, Role.SALES_CONSULTANT)


def wanted(consultant, follow_up_on, name="张三"):
    customer = make_customer(consultant.store, name, f"1390000{Opportunity.objects.count():04}")
    row = open_opportunity(customer, consultant, by=consultant, now=NOW)
    Opportunity.objects.filter(pk=row.pk).update(follow_up_on=follow_up_on)
    return row


def numbers(user):
    return {tile.icon: tile.number for tile in sales_day(user, NOW)}


def test_a_consultant_sees_what_is_his_and_a_manager_all(store, other_store, seller):
    colleague = make_user("colleague", store, Role.SALES_CONSULTANT)
    stranger = make_user("stranger", other_store, Role.SALES_CONSULTANT)
    wanted(seller, TODAY)
    wanted(seller, TODAY - DAY)
    wanted(colleague, TODAY - DAY)
    wanted(stranger, TODAY - DAY)
    start_clock(wanted(seller, TODAY + DAY), "thanks", since=NOW - 2 * DAY)
    start_clock(wanted(seller, TODAY + DAY), "thanks", since=NOW)
    register(store, by=seller, now=NOW)
    register(other_store, by=stranger, now=NOW)
    manager = make_user("manager", store, Role.SALES_MANAGER)

    own = {"door-enter": 1, "calendar-due": 1, "clock-exclamation": 1, "alarm": 1, "key": 0}
    assert numbers(seller) == own
    assert numbers(manager) == own | {"clock-exclamation": 2, "rubber-stamp": 0}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_showroom_is_four_queries(seller, rows, django_assert_num_queries):
    for _n in range(rows):
        wanted(seller, TODAY)

    with django_assert_num_queries(4):
        sales_day(seller, NOW)


def test_the_home_page_of_who_sells_shows_it(client, seller):
    wanted(seller, TODAY)
    client.force_login(seller)

    page = client.get(reverse("desk:home")).content.decode()

    assert "待跟进" in page
