"""A day in the workshop: it is ten o'clock, and its manager sits at the desk."""

import pytest
import time_machine

from apps.accounts.choices import Role
from tests.factories import NOW, make_user


@pytest.fixture
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head(store):
    return make_user("head", store, Role.SERVICE_MANAGER)


@pytest.fixture
def staff(client, head):
    client.force_login(head)
    return client
