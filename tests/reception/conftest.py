"""Ten o'clock in the showroom."""

import pytest
import time_machine

from tests.factories import NOW
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
