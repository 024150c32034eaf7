"""Ten o'clock in the showroom."""

import pytest
import time_machine

from apps.accounts.choices import Role
from tests.factories import NOW, make_user
from tests.reception import showroom


@pytest.fixture
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def first(store):
    return showroom.seller(store, "first")


@pytest.fixture
def second(store, first):
    return showroom.seller(store, "second")


@pytest.fixture
def host(store):
    return showroom.host(store)


@pytest.fixture
def reception(client, host):
    client.force_login(host)
    return client


@pytest.fixture
def seller(store):
    return make_user("seller", store, Role.SALES_CONSULTANT)


@pytest.fixture
def colleague(store):
    return make_user("colleague", store, Role.SALES_CONSULTANT)


@pytest.fixture
def boss(store):
    return make_user("boss", store, Role.SALES_MANAGER)
